package edit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/empowersuite/backend-installer/installer/atomicfile"
	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/journal"
	"github.com/empowersuite/backend-installer/installer/progress"
	"github.com/empowersuite/backend-installer/installer/report"
)

// change replaces the file, under a lock that the kernel frees. Where nothing is to
// be changed, it writes nothing at all, and takes no lock.
func (e editor) change(ctx context.Context) error {
	file, err := e.read()
	if err != nil {
		return err
	}
	if !e.leftover(file) {
		out, err := e.edited(file)
		if err != nil || bytes.Equal(out, file.Data) {
			e.report.Result = resultOf(err)
			return err
		}
	}
	at, err := e.benchOf(file)
	if err != nil {
		return err
	}
	lock, err := e.lock(ctx, at)
	if err != nil {
		return err
	}
	err = e.changeLocked(ctx, at)
	e.warn(lock.Remove())
	return err
}

// changeLocked looks at everything anew: until the lock was had, another edit may
// have changed the file, or have been killed.
func (e editor) changeLocked(ctx context.Context, at bench) error {
	file, err := e.read()
	if err == nil && e.leftover(file) {
		if err := e.finish(file); err != nil {
			return err
		}
		file, err = e.read()
	}
	if err != nil {
		return err
	}
	if file.Real != at.file.Real {
		return unwritable(at.plan(nil), fmt.Errorf("%s leads elsewhere: %w", fault.Path(file.Path), atomicfile.ErrChanged))
	}
	out, err := e.edited(file)
	if err != nil {
		return err
	}
	at.file = file
	return e.put(ctx, at, out)
}

func resultOf(err error) report.Result {
	if err != nil {
		return report.Failed
	}
	return report.Unchanged
}

// warn tells of what stays behind and does no harm.
func (e editor) warn(err error) {
	if err != nil {
		e.report.Warnings = append(e.report.Warnings, err.Error())
		e.deps.Progress.Say(progress.Warning, err.Error())
	}
}

// put replaces the file, under the lock.
func (e editor) put(ctx context.Context, at bench, out []byte) error {
	if bytes.Equal(out, at.file.Data) {
		e.report.Result = report.Unchanged
		return nil
	}
	if ctx.Err() != nil {
		return cancelled(ctx)
	}
	result, err := e.replace(at, out)
	if err != nil {
		return err
	}
	e.report.Result, e.report.Changed = report.Changed, true
	e.report.Files[0].Way, e.report.Files[0].Why = string(result.Way), result.Why
	return nil
}

func cancelled(ctx context.Context) error {
	return fault.Wrap(fault.Cancelled, context.Cause(ctx), "cancelled; nothing was changed", "run the same command again when it suits")
}

// An edit lasts some milliseconds, so that one that finds another waits a little
// before it says so.
const (
	attempts = 50
	pause    = 20 * time.Millisecond
)

// lock keeps two edits of one file apart.
func (e editor) lock(ctx context.Context, at bench) (*journal.Lock, error) {
	var lock *journal.Lock
	var err error
	for range attempts {
		var busy *journal.BusyError
		lock, err = e.tryLock(at)
		passes := errors.As(err, &busy) && !busy.Elsewhere || errors.Is(err, atomicfile.ErrChanged)
		if !passes {
			break
		}
		select {
		case <-ctx.Done():
			return nil, cancelled(ctx)
		case <-time.After(pause):
		}
	}
	if err != nil {
		return nil, lockFault(at, err)
	}
	return lock, nil
}

func (e editor) tryLock(at bench) (*journal.Lock, error) {
	_, _, err := ownOrNone(at.lock(), at.file)
	if errors.Is(err, errPlanted) {
		return nil, errors.Join(journal.Held(at.lock()), err)
	}
	if err != nil && !errors.Is(err, fs.ErrPermission) {
		return nil, err // one that may not be read is told of by the attempt to take it
	}
	return journal.Acquire(at.lock(), journal.Holder{
		PID: os.Getpid(), Host: e.deps.Host.Name(), Boot: e.deps.Host.Boot(), Run: e.deps.RunID, Since: e.deps.Now(),
	})
}

func lockFault(at bench, err error) error {
	var busy *journal.BusyError
	if !errors.As(err, &busy) {
		return unfinished(at.plan(nil), err)
	}
	remedy := "wait until it has ended, then run the same command again"
	if busy.Elsewhere {
		remedy = "where no edit runs on " + busy.Holder.Host + " any more, remove " + at.lock() + " and run the same command again"
	}
	return fault.Wrap(fault.Busy, err, "another edit of "+at.file.Path+" runs", remedy)
}
