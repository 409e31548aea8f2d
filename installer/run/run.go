package run

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/empowersuite/backend-installer/installer/atomicfile"
	"github.com/empowersuite/backend-installer/installer/journal"
	"github.com/empowersuite/backend-installer/installer/progress"
)

// Step is one act on the host. What a new process needs to undo or repeat it
// is in its exported fields, which are journaled as JSON and hold no secret.
type Step interface {
	Do(ctx context.Context) error
	Undo(ctx context.Context) error
}

// Finisher is a Step with something to clear away once the change stands.
type Finisher interface {
	Finish(ctx context.Context) error
}

// Holder is a Step that can tell, without changing anything, what its file holds;
// "" where the file is none of its business any more.
type Holder interface {
	Holds() (path string, state atomicfile.State, err error)
}

// Act is a step under the name that finds its type again.
type Act struct {
	Kind string
	Step Step
}

// Kinds makes empty steps by kind, with their drivers filled in.
type Kinds map[string]func() Step

// Head is the first record of a journal.
type Head struct {
	Format  int            `json:"format"`
	Run     string         `json:"run"`
	Command string         `json:"command"`
	Pivot   int            `json:"pivot"`          // when so many acts are done, recovery goes forward
	Until   time.Time      `json:"until,omitzero"` // when it is put back unless it is confirmed
	Acts    []journaledAct `json:"acts"`
}

type journaledAct struct {
	Kind string          `json:"kind"`
	Data json.RawMessage `json:"data"`
}

// The kinds of record.
const (
	recordBegin     = "begin"
	recordDo        = "do"
	recordDone      = "done"
	recordUndo      = "undo"
	recordUndone    = "undone"
	recordCommitted = "committed"
)

type index struct {
	Act int `json:"act"`
}

// FailedError is a change that did not happen.
type FailedError struct {
	Kind  string // of the act that failed; "" when it was the journal
	Cause error
	Undo  error // nil: everything was put back
}

// Error is the cause, joined with what could not be undone.
func (e *FailedError) Error() string {
	if e.Undo != nil {
		return fmt.Sprintf("%v; and putting everything back: %v", e.Cause, e.Undo)
	}
	return e.Cause.Error()
}

// Unwrap returns both.
func (e *FailedError) Unwrap() []error { return []error{e.Cause, e.Undo} }

// ErrKeep is returned by a step's Undo to stop undoing on purpose: what stands
// is better than what was.
var ErrKeep = errors.New("kept on purpose")

// ErrUnconfirmed is a change whose time to be confirmed was over before it was done.
var ErrUnconfirmed = errors.New("the time to confirm was over before the change was done")

// EndedError is a run that was ended from outside, by a signal or by its time.
type EndedError struct {
	Cause error
	Act   error // how the act ended that was under way; nil between two
}

// Error is why the run was ended, and what the act made of it.
func (e *EndedError) Error() string {
	if e.Act == nil {
		return e.Cause.Error()
	}
	return fmt.Sprintf("%v (%v)", e.Cause, e.Act)
}

// Unwrap returns both.
func (e *EndedError) Unwrap() []error { return []error{e.Cause, e.Act} }

// Engine carries changes out.
type Engine struct {
	Folder     string // of the journals
	Kinds      Kinds
	Progress   progress.Func
	UndoBudget time.Duration
	Now        func() time.Time
	Boot       bool // the host's services have not started yet: leave what needs them
}

// Change is what to carry out. Pivot is how many of its acts, once done, make
// a recovery go forward instead of back; len(Acts) means never. A change with an
// Until is put back by the first recovery after it, unless Settle keeps it.
type Change struct {
	Run     string
	Command string
	Pivot   int
	Until   time.Time
	Acts    []Act
}

// Execute does the acts of a change. A nil error means that all are done, on
// the disk, and that the journal is gone, or stays until the change is confirmed;
// otherwise the error is a *FailedError.
func (e Engine) Execute(ctx context.Context, change Change) error {
	head := Head{
		Format: journal.Format, Run: change.Run, Command: change.Command, Pivot: change.Pivot, Until: change.Until.UTC(),
	}
	for _, act := range change.Acts {
		data, err := json.Marshal(act.Step)
		if err != nil {
			return &FailedError{Kind: act.Kind, Cause: fmt.Errorf("describe the act %q: %w", act.Kind, err)}
		}
		head.Acts = append(head.Acts, journaledAct{act.Kind, data})
	}
	if ctx.Err() != nil {
		return &FailedError{Cause: &EndedError{Cause: context.Cause(ctx)}}
	}
	j, err := journal.Create(e.Folder, change.Run, e.Now)
	if err != nil {
		return &FailedError{Cause: err}
	}
	defer func() { _ = j.Close() }() // it is closed, unless a step panics
	if err := j.Append(recordBegin, head); err != nil {
		e.end(j)
		return &FailedError{Cause: err}
	}
	e.Progress.Say(progress.Change, change.Command+" begins to change things")
	return e.forward(ctx, j, head, change.Acts, 0)
}

// forward does the acts from a first one on, and closes the change.
func (e Engine) forward(ctx context.Context, j *journal.Journal, head Head, acts []Act, first int) error {
	for i := first; i < len(acts); i++ {
		if err := e.do(ctx, j, acts[i], i); err != nil {
			return e.failed(ctx, j, acts[:i+1], &FailedError{Kind: acts[i].Kind, Cause: err})
		}
	}
	if !head.Until.IsZero() {
		return e.await(ctx, j, head, acts)
	}
	if err := j.Append(recordCommitted, struct{}{}); err != nil {
		return e.failed(ctx, j, acts, &FailedError{Cause: err})
	}
	return e.finish(ctx, j, acts)
}

// await leaves the change to Settle, or puts it back where its time is over
// already.
func (e Engine) await(ctx context.Context, j *journal.Journal, head Head, acts []Act) error {
	if head.over(e.Now()) {
		return e.failed(ctx, j, acts, &FailedError{Cause: ErrUnconfirmed})
	}
	// Flushed, or a power cut would make of it a change that was not done to its end.
	if err := errors.Join(j.Flush(), j.Close()); err != nil {
		return e.failed(ctx, j, acts, &FailedError{Cause: err})
	}
	return nil
}

func (e Engine) do(ctx context.Context, j *journal.Journal, act Act, i int) error {
	if ctx.Err() != nil {
		return &EndedError{Cause: context.Cause(ctx)}
	}
	if err := j.Append(recordDo, index{i}); err != nil {
		return err
	}
	if err := act.Step.Do(ctx); err != nil {
		if ctx.Err() != nil {
			return &EndedError{Act: err, Cause: context.Cause(ctx)}
		}
		return err
	}
	return j.Note(recordDone, index{i}) // lost in a power cut, the act is done or undone again
}

// failed undoes and tells how that went.
func (e Engine) failed(ctx context.Context, j *journal.Journal, begun []Act, failure *FailedError) error {
	e.Progress.Say(progress.Warning, fmt.Sprintf("%v: putting everything back", failure.Cause))
	failure.Undo = e.undo(ctx, j, begun)
	return failure
}

// undo undoes the begun acts in reverse and removes the journal when all are
// undone. Where somebody else wrote a file it touches nothing. It goes on after a failed undo, so that as much as possible stands
// as before; the journal then stays for a recovery.
func (e Engine) undo(ctx context.Context, j *journal.Journal, begun []Act) error {
	held, err := look(begun)
	if err == nil {
		err = hands(held)
	}
	if err != nil {
		return errors.Join(err, j.Close())
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), e.UndoBudget)
	defer cancel()
	var all error
	for i := len(begun) - 1; i >= 0; i-- {
		// A journal that cannot be written does not stop an undo: what is put
		// back is put back, and the recovery would only do it again.
		_ = j.Append(recordUndo, index{i})
		err := begun[i].Step.Undo(ctx)
		if errors.Is(err, ErrKeep) {
			return errors.Join(all, err, e.finish(ctx, j, begun))
		}
		if err != nil {
			all = errors.Join(all, err)
			continue
		}
		_ = j.Note(recordUndone, index{i})
	}
	if all != nil {
		return errors.Join(all, j.Close())
	}
	e.end(j)
	return nil
}

// finish clears away. The change stands: what cannot be cleared is cleared by
// the next recovery, for which the journal then stays.
func (e Engine) finish(ctx context.Context, j *journal.Journal, acts []Act) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), e.UndoBudget)
	defer cancel()
	var all error
	for _, act := range acts {
		if f, ok := act.Step.(Finisher); ok {
			all = errors.Join(all, f.Finish(ctx))
		}
	}
	if all != nil {
		e.Progress.Say(progress.Warning, fmt.Sprintf("the change stands, but clearing away did not end well: %v", all))
		return j.Close()
	}
	e.end(j)
	return nil
}

// end removes the journal of a change with nothing left to do. Where that fails
// the change is what it is all the same: the next recovery finds nothing to do
// either, and removes it.
func (e Engine) end(j *journal.Journal) {
	if err := j.Remove(); err != nil {
		e.Progress.Say(progress.Warning, fmt.Sprintf("nothing is left to do, but clearing away did not end well: %v", err))
	}
}
