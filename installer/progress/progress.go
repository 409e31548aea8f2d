// Package progress is how a flow tells what it is doing while it does it.
//
// Flows, steps and proofs emit events; package cli draws them on stderr and
// writes them to the log. An event never holds a secret.
package progress

import "time"

// Kind is the weight of an event.
type Kind int

// The kinds of event.
const (
	Step      Kind = iota // an act begins
	Done                  // an act ended well
	Waiting               // a bounded wait goes on
	Warning               // something a person should read
	Detail                // for the log
	Change                // from here on the installation changes
	Recovered             // what a run left that was cut off was put right
)

// Event is one line of progress.
type Event struct {
	Kind    Kind
	Text    string        // lower case, no full stop, no secret
	Elapsed time.Duration // of a wait
	Budget  time.Duration // of a wait; 0 when it is not known
}

// Func receives events, in order, from one goroutine at a time. A nil Func
// drops them.
type Func func(Event)

// Emit calls f unless it is nil.
func (f Func) Emit(e Event) {
	if f != nil {
		f(e)
	}
}

// Say emits a text of a kind.
func (f Func) Say(kind Kind, text string) { f.Emit(Event{Kind: kind, Text: text}) }
