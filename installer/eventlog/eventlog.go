package eventlog

import "errors"

// Source is the name under which events are reported.
const Source = "empower Backend Installer"

// ErrNone says that the operating system has no log for events.
var ErrNone = errors.New("this system has no log for events")

// ID is what monitoring filters events by.
type ID uint32

// The IDs, append only.
const (
	Started    ID = 1000 // a change begins
	Changed    ID = 1001 // it is done and proven
	RolledBack ID = 1002 // it was put back: everything old stands
	Failed     ID = 1003 // the run failed
	Expiry     ID = 1004 // a client secret expires soon
	Recovered  ID = 1005 // what a run left that was cut off was put right
)

// IDs are all of them.
func IDs() []ID { return []ID{Started, Changed, RolledBack, Failed, Expiry, Recovered} }

// Severity is how much an event matters.
type Severity string

// The severities, which Windows and the journal both have.
const (
	Information Severity = "information"
	Warning     Severity = "warning"
	Error       Severity = "error"
)

// Severity is that of every event with the ID.
func (id ID) Severity() Severity {
	switch id {
	case RolledBack, Expiry:
		return Warning
	case Failed:
		return Error
	case Started, Changed, Recovered:
	}
	return Information
}

// Event is one entry. No part of it is a secret.
type Event struct {
	ID          ID
	Environment string
	Run         string
	Text        string // lines; the first says it all
}

// Log is a log of the operating system.
type Log interface {
	// Register makes the source known to whoever shows the log. Once more is a
	// no-op, and mends an entry that differs.
	Register() error
	// Report writes an event, which is then in the log. It is bounded by itself
	// and not by a context: that a run was ended is worth an event.
	Report(e Event) error
}
