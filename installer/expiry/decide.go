package expiry

import (
	"slices"
	"time"
)

// settling is how long after it was set a secret may be refused for no reason of
// its own.
const settling = 10 * time.Minute

// Check is one look.
type Check struct {
	Now     time.Time
	Known   Known
	Verdict Verdict
}

// Decide is what to warn of now, and what to remember of it. The state's Owed is
// left to the caller, but for what another secret has made pointless.
func Decide(c Check, thresholds []int, before State) ([]Warning, State) {
	state := before.of(c.Known)
	state.Checked = c.Now.UTC()
	var due []Warning
	due = append(due, judge(&state, c)...)
	if len(due) == 0 && state.Refused == "" { // else the gravest is known already
		due = append(due, count(&state, c, thresholds)...)
	}
	return due, state
}

// of is the state to begin with: that of before, or a new one where another secret
// is in place or another last day was told.
func (s State) of(k Known) State {
	s.Format = StateFormat
	s.Warned, s.Told = slices.Clone(s.Warned), slices.Clone(s.Told)
	if s.Identity == k.Identity && s.LastDay == k.LastDay {
		return s
	}
	fresh := State{Format: StateFormat, Identity: k.Identity, LastDay: k.LastDay}
	if s.Identity == k.Identity {
		fresh.Refused, fresh.Verdict, fresh.ProvenAt = s.Refused, s.Verdict, s.ProvenAt
	}
	return fresh
}

// judge takes Entra ID's answer down.
func judge(s *State, c Check) []Warning {
	v := c.Verdict
	if v.Answer == Refused && !c.Known.SetAt.IsZero() && c.Now.Sub(c.Known.SetAt) < settling {
		v.Answer = NoVerdict
	}
	if v.Answer != "" {
		s.Verdict = v
	}
	switch v.Answer {
	case Accepted:
		s.Refused, s.ProvenAt = "", v.At
	case Refused:
		if s.Refused == v.Reason {
			return nil
		}
		s.Refused = v.Reason
		days, _ := DaysLeft(c.Known.LastDay, c.Now)
		return []Warning{{Kind: Denied, Reason: v.Reason, LastDay: c.Known.LastDay, DaysLeft: days, At: c.Now.UTC()}}
	case NoVerdict:
	}
	return nil
}

// count compares the last day with the thresholds.
func count(s *State, c Check, thresholds []int) []Warning {
	days, known := DaysLeft(c.Known.LastDay, c.Now)
	w := Warning{DaysLeft: days, LastDay: c.Known.LastDay, At: c.Now.UTC()}
	switch {
	case !known:
		return once(s, w, Unknown)
	case days < 0:
		return once(s, w, Over)
	}
	isNew := false
	for _, t := range thresholds {
		if days > t {
			continue
		}
		if w.Threshold == 0 || t < w.Threshold {
			w.Threshold = t
		}
	}
	for _, t := range thresholds {
		if days > t || slices.Contains(s.Warned, t) {
			continue
		}
		s.Warned = append(s.Warned, t)
		isNew = isNew || t == w.Threshold
	}
	if !isNew {
		return nil
	}
	w.Kind = Near
	return []Warning{w}
}

// once is a warning that comes once for a secret.
func once(s *State, w Warning, kind Kind) []Warning {
	if slices.Contains(s.Told, kind) {
		return nil
	}
	s.Told = append(s.Told, kind)
	w.Kind = kind
	return []Warning{w}
}

// Level is how grave it stands. The words are those of plugins of Nagios.
type Level string

// The levels.
const (
	OK         Level = "OK"
	Soon       Level = "WARNING"
	Critical   Level = "CRITICAL"
	NotDecided Level = "UNKNOWN"
)

// Status is the exit status of a plugin of Nagios.
func (l Level) Status() int {
	switch l {
	case OK:
		return 0
	case Soon:
		return 1
	case Critical:
		return 2
	case NotDecided:
	}
	return 3
}

// Worse is the graver of two: what is critical or due is worse than what is not
// known.
func (l Level) Worse(other Level) Level {
	order := []Level{OK, NotDecided, Soon, Critical}
	if slices.Index(order, other) > slices.Index(order, l) {
		return other
	}
	return l
}

// Level is how grave it stands at a time.
func (s State) Level(l Limits, now time.Time) Level {
	days, known := DaysLeft(s.LastDay, now)
	switch {
	case s.Refused != "", known && days < 0, known && days <= l.Critical:
		return Critical
	case !known:
		return NotDecided
	case days <= l.Warning:
		return Soon
	}
	return OK
}
