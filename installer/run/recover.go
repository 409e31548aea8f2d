package run

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/empowersuite/backend-installer/installer/journal"
	"github.com/empowersuite/backend-installer/installer/progress"
)

// Way is what to do with a journal that was left.
type Way string

// The ways.
const (
	Discard Way = "discard" // nothing was begun
	Revert  Way = "revert"  // undo what was begun
	Forward Way = "forward" // do the rest
	Finish  Way = "finish"  // the change stands; clear away
)

// Decision is a way and where it starts.
type Decision struct {
	Way   Way
	Begun int // how many acts were begun
	Done  int // how many acts are done
}

// Decide tells from a journal's records what to do. It is pure.
func Decide(head Head, records []journal.Record) (Decision, error) {
	d := Decision{Way: Discard}
	undoing, committed := false, false
	for _, r := range records[min(1, len(records)):] {
		act, err := actOf(r, head)
		if err != nil {
			return d, err
		}
		switch r.Kind {
		case recordDo:
			d.Begun = max(d.Begun, act+1)
		case recordDone:
			d.Done = max(d.Done, act+1)
		case recordUndo, recordUndone:
			undoing = true
		case recordCommitted:
			committed = true
		default:
			return d, fmt.Errorf("record %d has the unknown kind %q: %w", r.Seq, r.Kind, journal.ErrDamaged)
		}
	}
	d.Way = d.way(head, undoing, committed)
	return d, nil
}

func (d Decision) way(head Head, undoing, committed bool) Way {
	switch {
	case committed && !undoing:
		return Finish
	case d.Begun == 0:
		return Discard
	case !undoing && d.Done >= head.Pivot:
		return Forward
	}
	return Revert
}

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

// Recovered tells what Recover did with one journal.
type Recovered struct {
	Run     string
	Command string
	Way     Way  // what was decided
	Stands  bool // the change stands
}

// Recover finishes or reverts every journal of the folder, oldest first. The
// caller holds the lock. An error leaves the journal for the next attempt; a
// forward that fails and is put back is no error.
func (e Engine) Recover(ctx context.Context) ([]Recovered, error) {
	paths, err := journal.List(e.Folder)
	if err != nil {
		return nil, err
	}
	var all []Recovered
	for _, path := range paths {
		r, err := e.recoverOne(ctx, path)
		if err != nil {
			return all, fmt.Errorf("recover %q: %w", path, err)
		}
		all = append(all, r)
	}
	return all, nil
}

func (e Engine) recoverOne(ctx context.Context, path string) (Recovered, error) {
	j, records, err := journal.Resume(path, e.Now)
	if err != nil {
		return Recovered{}, err
	}
	if len(records) == 0 || records[0].Kind != recordBegin {
		return Recovered{Way: Discard}, j.Remove()
	}
	var head Head
	if err := json.Unmarshal(records[0].Data, &head); err != nil || head.Format != journal.Format {
		return Recovered{}, errors.Join(fmt.Errorf("the journal has another format: %w", journal.ErrDamaged), j.Close())
	}
	acts, err := e.revive(head)
	if err != nil {
		return Recovered{}, errors.Join(err, j.Close())
	}
	decision, err := Decide(head, records)
	if err != nil {
		return Recovered{}, errors.Join(err, j.Close())
	}
	done := Recovered{Run: head.Run, Command: head.Command, Way: decision.Way}
	done.Stands, err = e.carryOut(ctx, j, acts, decision)
	return done, err
}

func (e Engine) carryOut(ctx context.Context, j *journal.Journal, acts []Act, d Decision) (bool, error) {
	switch d.Way {
	case Discard:
		return false, j.Remove()
	case Finish:
		return true, e.finish(ctx, j, acts)
	case Revert:
		e.Progress.Say(progress.Warning, "an earlier run was cut off: putting everything back")
		err := e.undo(ctx, j, acts[:d.Begun])
		return errors.Is(err, ErrKeep), dropKeep(err)
	case Forward:
		e.Progress.Say(progress.Warning, "an earlier run was cut off after its last file was switched: finishing it")
		var failure *FailedError
		err := e.forward(ctx, j, acts, d.Done)
		if errors.As(err, &failure) {
			return errors.Is(failure.Undo, ErrKeep), dropKeep(failure.Undo)
		}
		return err == nil, err
	}
	return false, fmt.Errorf("no way %q", d.Way)
}

func dropKeep(err error) error {
	if errors.Is(err, ErrKeep) {
		return nil
	}
	return err
}

// revive makes the acts of a journal into steps again.
func (e Engine) revive(head Head) ([]Act, error) {
	acts := make([]Act, len(head.Acts))
	for i, a := range head.Acts {
		empty, ok := e.Kinds[a.Kind]
		if !ok {
			return nil, fmt.Errorf("the journal has the unknown act %q: it is of another version of the installer", a.Kind)
		}
		step := empty()
		if err := json.Unmarshal(a.Data, step); err != nil {
			return nil, fmt.Errorf("the journal's act %q: %w", a.Kind, journal.ErrDamaged)
		}
		acts[i] = Act{a.Kind, step}
	}
	return acts, nil
}

// Left reports whether a run left a journal in the folder.
func (e Engine) Left() (bool, error) {
	paths, err := journal.List(e.Folder)
	return len(paths) > 0, err
}
