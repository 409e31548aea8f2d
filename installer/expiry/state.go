package expiry

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// StateFormat is the version of the state that this program writes.
const StateFormat = 1

// State is what is remembered between two checks. It holds no secret.
type State struct {
	Format   int       `json:"format"`
	Identity string    `json:"identity,omitempty"` // of the secret that all this is about
	LastDay  string    `json:"lastDay,omitempty"`
	Warned   []int     `json:"warned,omitempty"`  // thresholds
	Told     []Kind    `json:"told,omitempty"`    // Unknown, Over
	Refused  string    `json:"refused,omitempty"` // the reason that was warned of
	Verdict  Verdict   `json:"verdict,omitzero"`  // the last answer
	ProvenAt time.Time `json:"provenAt,omitzero"` // when Entra ID accepted it last
	Checked  time.Time `json:"checked,omitzero"`

	// Owed are warnings that a sink has not taken yet, by its name.
	Owed map[string][]Warning `json:"owed,omitempty"`
}

// Forgetting is the state without what is owed.
func (s State) Forgetting() State {
	s.Owed = nil
	return s
}

// errNoState says that a state file holds something else.
var errNoState = errors.New("not a state of this program's watch")

// ParseState reads what Encode wrote. No text is the zero State.
func ParseState(text []byte) (State, error) {
	var s State
	if len(text) == 0 {
		return s, nil
	}
	if err := json.Unmarshal(text, &s); err != nil || s.Format != StateFormat {
		return State{}, errNoState
	}
	return s, nil
}

// Encode is the state as its file holds it.
func (s State) Encode() ([]byte, error) {
	text, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("encode the state of watch: %w", err)
	}
	return append(text, '\n'), nil
}
