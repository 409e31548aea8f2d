package expiry

import "time"

// Known is what is known of the client secret that is in place.
type Known struct {
	Identity string    // differs when the secret differs; no secret
	LastDay  string    // 2026-12-31; "" when nobody told it
	SetAt    time.Time // zero when it is not known
}

// Answer is what Entra ID said when it was asked.
type Answer string

// The answers. The zero Answer is that of nobody who was asked.
const (
	Accepted  Answer = "accepted"
	Refused   Answer = "refused"
	NoVerdict Answer = "no-verdict"
)

// Verdict is an answer and its time.
type Verdict struct {
	Answer Answer    `json:"answer,omitempty"`
	Reason string    `json:"reason,omitempty"` // the class of a refusal, or of what was in the way
	At     time.Time `json:"at,omitzero"`
}

// Kind is what a warning is about. The words are stable.
type Kind string

// The kinds.
const (
	Near    Kind = "near"    // a threshold was reached
	Over    Kind = "over"    // the last day is over
	Denied  Kind = "refused" // Entra ID refuses the secret
	Unknown Kind = "unknown" // nobody told the last day
	Trial   Kind = "test"    // nothing is the matter: somebody tries whether it arrives
)

// Warning is one that is due.
type Warning struct {
	Kind      Kind      `json:"kind"`
	Threshold int       `json:"threshold,omitempty"` // in days, of Near
	DaysLeft  int       `json:"daysLeft,omitempty"`
	LastDay   string    `json:"lastDay,omitempty"`
	Reason    string    `json:"reason,omitempty"`
	At        time.Time `json:"at,omitzero"`
}

// DaysLeft is how many days are left after today; ok is false where the last day
// is none.
func DaysLeft(lastDay string, now time.Time) (days int, ok bool) {
	last, err := time.Parse(time.DateOnly, lastDay)
	if err != nil {
		return 0, false
	}
	today := now.UTC().Truncate(24 * time.Hour)
	return int(last.Sub(today) / (24 * time.Hour)), true
}

// End is the moment at which the last day is over.
func End(lastDay string) (time.Time, bool) {
	last, err := time.Parse(time.DateOnly, lastDay)
	return last.AddDate(0, 0, 1), err == nil
}
