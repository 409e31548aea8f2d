package run

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/empowersuite/backend-installer/installer/atomicfile"
	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/journal"
	"github.com/empowersuite/backend-installer/installer/progress"
)

// ErrHands says that somebody else wrote a file of a change, which therefore can
// neither be finished nor put back as a whole. Nothing was touched. It wraps
// atomicfile.ErrChanged, and its text names the files.
var ErrHands = fmt.Errorf("hands are needed: %w", atomicfile.ErrChanged)

// Left is a journal that a run left, and what is to become of it.
type Left struct {
	Run     string
	Command string
	Way     Way
	Until   time.Time // of Wait
	Files   []Held    // of the acts that were begun

	Unconfirmed bool // it is put back because nobody confirmed it, not because it was cut off
	Stands      bool // once recovered: the change stands
}

// Held is what a file of a change holds now.
type Held struct {
	Path  string
	State atomicfile.State
}

// Recover finishes or reverts every journal of the folder, oldest first, but
// those of Wait and Later. The caller holds the lock. An error leaves the journal
// for the next attempt; a forward that fails and is put back is no error.
func (e Engine) Recover(ctx context.Context) ([]Left, error) {
	return e.each(func(path string) (Left, error) { return e.recoverOne(ctx, path) })
}

// Look tells what Recover would do. It changes nothing and needs no lock.
func (e Engine) Look() ([]Left, error) {
	return e.each(func(path string) (Left, error) {
		records, err := journal.Read(path)
		if err != nil {
			return Left{}, err
		}
		b, err := e.read(records)
		return b.left, err
	})
}

// Settle ends the wait for a confirmation: keep lets the change stand, else it is
// put back. The caller holds the lock and has called Recover.
func (e Engine) Settle(ctx context.Context, keep bool) ([]Left, error) {
	return e.each(func(path string) (Left, error) {
		j, b, err := e.open(path)
		if err != nil {
			return b.left, err
		}
		if b.left.Way != Wait {
			return b.left, j.Close()
		}
		if !keep {
			b.left.Way, b.left.Unconfirmed = Revert, true
			return e.carryOut(ctx, j, b)
		}
		if err := j.Append(recordCommitted, struct{}{}); err != nil {
			return b.left, errors.Join(err, j.Close())
		}
		b.left.Way = Finish
		return e.carryOut(ctx, j, b)
	})
}

func (e Engine) each(do func(path string) (Left, error)) ([]Left, error) {
	paths, err := journal.List(e.Folder)
	if err != nil {
		return nil, err
	}
	var all []Left
	for _, path := range paths {
		left, err := do(path)
		if err != nil {
			return all, fmt.Errorf("recover %s: %w", fault.Path(path), err)
		}
		all = append(all, left)
	}
	return all, nil
}

func (e Engine) recoverOne(ctx context.Context, path string) (Left, error) {
	j, b, err := e.open(path)
	if err != nil {
		return b.left, err
	}
	return e.carryOut(ctx, j, b)
}

// bequest is what a journal says, worked out.
type bequest struct {
	left     Left
	head     Head
	acts     []Act
	decision Decision
}

func (e Engine) open(path string) (*journal.Journal, bequest, error) {
	j, records, err := journal.Resume(path, e.Now)
	if err != nil {
		return nil, bequest{}, err
	}
	b, err := e.read(records)
	if err != nil {
		return nil, b, errors.Join(err, j.Close())
	}
	return j, b, nil
}

// read decides. A journal without its first record announced nothing.
func (e Engine) read(records []journal.Record) (bequest, error) {
	b := bequest{left: Left{Way: Discard}, decision: Decision{Way: Discard}}
	if len(records) == 0 || records[0].Kind != recordBegin {
		return b, nil
	}
	if err := json.Unmarshal(records[0].Data, &b.head); err != nil || b.head.Format != journal.Format {
		return b, fmt.Errorf("the journal has another format: %w", journal.ErrDamaged)
	}
	var err error
	if b.acts, err = e.revive(b.head); err != nil {
		return b, err
	}
	facts := Facts{Now: e.Now(), Boot: e.Boot}
	past, err := pastOf(b.head, records)
	if err != nil {
		return b, err
	}
	held, err := look(b.acts[:past.begun])
	if err != nil {
		return b, err
	}
	for _, h := range held {
		facts.Holds = append(facts.Holds, h.State)
	}
	b.decision, err = Decide(b.head, records, facts)
	b.left = Left{
		Run: b.head.Run, Command: b.head.Command, Way: b.decision.Way, Until: b.head.Until,
		Files:       slices.DeleteFunc(held, func(h Held) bool { return h.State == "" }),
		Unconfirmed: past.waited(b.head) && b.decision.Way == Revert,
	}
	return b, err
}

// look is what the files of acts hold, by act.
func look(acts []Act) ([]Held, error) {
	held := make([]Held, len(acts))
	for i, act := range acts {
		holder, ok := act.Step.(Holder)
		if !ok {
			continue
		}
		var err error
		if held[i].Path, held[i].State, err = holder.Holds(); err != nil {
			return nil, err
		}
	}
	return held, nil
}

func (e Engine) carryOut(ctx context.Context, j *journal.Journal, b bequest) (Left, error) {
	defer func() { _ = j.Close() }() // it is closed, unless a step panics
	left, err := b.left, error(nil)
	switch left.Way {
	case Discard:
		e.end(j)
	case Finish:
		left.Stands = true
		err = e.finish(ctx, j, b.acts)
	case Wait, Later:
		left.Stands = left.Way == Wait
		err = j.Close()
	case Hands:
		err = errors.Join(hands(left.Files), j.Close())
	case Revert:
		e.Progress.Say(progress.Warning, b.left.why())
		err = e.undo(ctx, j, b.acts[:b.decision.Begun])
		left.Stands = errors.Is(err, ErrKeep)
		err = dropKeep(err)
	case Forward:
		e.Progress.Say(progress.Warning, "an earlier run was cut off after its last file was switched: finishing it")
		left.Stands, err = e.finishForward(ctx, j, b)
		if left.Stands && err == nil && !b.head.Until.IsZero() {
			left.Way = Wait
		}
	}
	return left, err
}

// why is why a change is put back.
func (l Left) why() string {
	if l.Unconfirmed {
		return "the change of an earlier run was not confirmed: putting everything back"
	}
	return "an earlier run was cut off: putting everything back"
}

func (e Engine) finishForward(ctx context.Context, j *journal.Journal, b bequest) (stands bool, err error) {
	var failure *FailedError
	err = e.forward(ctx, j, b.head, b.acts, b.decision.Done)
	if errors.As(err, &failure) {
		return errors.Is(failure.Undo, ErrKeep), dropKeep(failure.Undo)
	}
	return err == nil, err
}

// hands names the files that somebody else wrote.
func hands(files []Held) error {
	var all []error
	for _, f := range files {
		if f.State == atomicfile.Other {
			all = append(all, fmt.Errorf("%s %s: %w", fault.Path(f.Path), f.State.Says(), ErrHands))
		}
	}
	return errors.Join(all...)
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
