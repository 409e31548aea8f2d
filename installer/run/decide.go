package run

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/empowersuite/backend-installer/installer/atomicfile"
	"github.com/empowersuite/backend-installer/installer/journal"
)

// Way is what to do with a journal that was left.
type Way string

// The ways.
const (
	Discard Way = "discard" // nothing was begun
	Revert  Way = "revert"  // undo what was begun
	Forward Way = "forward" // do the rest
	Finish  Way = "finish"  // the change stands; clear away
	Wait    Way = "wait"    // the change stands until it is confirmed or its time is over
	Later   Way = "later"   // the rest needs services, which start after this boot's recovery
	Hands   Way = "hands"   // somebody else wrote a file: neither way is safe, nothing is touched
)

// Facts are what a decision needs to know of the host.
type Facts struct {
	Now   time.Time
	Boot  bool               // the services have not started yet
	Holds []atomicfile.State // what its file holds, by act; "" for an act without one
}

// Decision is a way and where it starts.
type Decision struct {
	Way   Way
	Begun int // how many acts were begun
	Done  int // how many acts are done
}

// Decide tells from a journal's records and from facts of the host what to do.
// It is pure. What it decides never leaves some files old and others new: it goes
// forward only where every file was switched, and back only where every file can go
// back. A file that somebody else wrote since cannot: where the change would have to
// go back, hands are needed.
func Decide(head Head, records []journal.Record, facts Facts) (Decision, error) {
	past, err := pastOf(head, records)
	if err != nil {
		return Decision{}, err
	}
	return Decision{past.way(head, facts), past.begun, past.done}, nil
}

// past is what the records of a journal tell.
type past struct {
	begun, done int
	undoing     bool
	committed   bool
}

func pastOf(head Head, records []journal.Record) (past, error) {
	var p past
	for _, r := range records[min(1, len(records)):] {
		act, err := actOf(r, head)
		if err != nil {
			return p, err
		}
		switch r.Kind {
		case recordDo:
			p.begun = max(p.begun, act+1)
		case recordDone:
			p.done = max(p.done, act+1)
		case recordUndo, recordUndone:
			p.undoing = true
		case recordCommitted:
			p.committed = true
		default:
			return p, fmt.Errorf("record %d has the unknown kind %q: %w", r.Seq, r.Kind, journal.ErrDamaged)
		}
	}
	return p, nil
}

// way takes the first of these that holds.
func (p past) way(head Head, facts Facts) Way {
	switched := facts.of(p.begun)
	back, forward := Revert, Forward
	if facts.Boot {
		forward = Later
		if len(switched) == 0 {
			back = Later // it is made of acts on services, not of files that go back
		}
	}
	if slices.Contains(switched, atomicfile.Other) {
		back = Hands
	}
	switch {
	case p.committed && !p.undoing:
		return Finish
	case p.begun == 0:
		return Discard
	case p.undoing, head.over(facts.Now), p.done < head.Pivot, slices.ContainsFunc(switched, goesBack):
		return back
	case p.waited(head):
		return Wait
	}
	return forward
}

// waited reports whether the change was done and left to be confirmed.
func (p past) waited(head Head) bool { return p.done == len(head.Acts) && !head.Until.IsZero() }

// goesBack reports whether a file that had been switched is no longer new.
func goesBack(s atomicfile.State) bool {
	return s == atomicfile.Old || s == atomicfile.Torn || s == atomicfile.Missing
}

// of are the states of the files of the first acts.
func (f Facts) of(begun int) []atomicfile.State {
	var states []atomicfile.State
	for _, s := range f.Holds[:min(begun, len(f.Holds))] {
		if s != "" {
			states = append(states, s)
		}
	}
	return states
}

// over reports whether the time to confirm is over.
func (h Head) over(now time.Time) bool { return !h.Until.IsZero() && !now.Before(h.Until) }

// actOf is the act that a record is of.
func actOf(r journal.Record, head Head) (int, error) {
	var at index
	if r.Kind == recordCommitted {
		return 0, nil
	}
	if err := json.Unmarshal(r.Data, &at); err != nil || at.Act < 0 || at.Act >= len(head.Acts) {
		return 0, fmt.Errorf("record %d: %w", r.Seq, journal.ErrDamaged)
	}
	return at.Act, nil
}
