// Package session is the frame around every command that changes an
// installation: the lock, the recovery of what an earlier run left, and the
// installation as it stands then.
package session

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/empowersuite/backend-installer/installer/explain"
	"github.com/empowersuite/backend-installer/installer/journal"
	"github.com/empowersuite/backend-installer/installer/progress"
	"github.com/empowersuite/backend-installer/installer/run"
	"github.com/empowersuite/backend-installer/installer/settings"
	"github.com/empowersuite/backend-installer/installer/site"
)

// undoBudget bounds putting everything back: two stops and two starts at their
// limits, and some.
const undoBudget = 10 * time.Minute

// Session is an environment under the lock.
type Session struct {
	site.Site
	Recovered []run.Left // what earlier runs had left, and what became of it
	Installed bool       // whether something is installed

	lock *journal.Lock
	deps Deps
	boot bool
}

// Begin takes the lock of an environment and finishes or reverts what an
// earlier run left. Close it.
func Begin(ctx context.Context, deps Deps, environment string) (*Session, error) {
	s, err := BeginRecovery(ctx, deps, environment, false)
	if err != nil {
		return nil, err
	}
	err = s.settled()
	if err == nil && !s.Installed {
		err = explain.Open(site.ErrNone, environment, deps.Store.Root)
	}
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// BeginRecovery takes the lock of an environment that is installed, or of which a
// run left a journal, and finishes or reverts what runs left. At boot, before the
// host's services have started, it leaves what needs them. Close it.
func BeginRecovery(ctx context.Context, deps Deps, environment string, boot bool) (*Session, error) {
	folder := deps.Store.Folder(environment)
	if _, err := os.Stat(folder.Installation()); err != nil {
		if _, leftErr := os.Stat(folder.Journals()); leftErr != nil {
			return nil, explain.Open(notThere(err), environment, deps.Store.Root)
		}
	}
	return begin(ctx, deps, environment, boot)
}

// begin takes the lock, recovers, and opens what is installed then.
func begin(ctx context.Context, deps Deps, environment string, boot bool) (*Session, error) {
	folder := deps.Store.Folder(environment)
	s, err := take(deps, folder, environment)
	if err != nil {
		return nil, err
	}
	s.boot = boot
	if err := s.recoverLeft(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	s.Site, err = folder.Open(settings.Known)
	s.Installed = err == nil
	if err != nil && !errors.Is(err, site.ErrNone) {
		return nil, errors.Join(explain.Open(err, environment, deps.Store.Root), s.Close())
	}
	s.sweep()
	return s, nil
}

func notThere(err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return site.ErrNone
	}
	return err
}

// BeginNew takes the lock of an environment that need not be there, and finishes
// or reverts what an earlier run left. Close or Discard it.
func BeginNew(ctx context.Context, deps Deps, environment string) (*Session, error) {
	s, err := begin(ctx, deps, environment, false)
	if err != nil {
		return nil, err
	}
	if err := s.settled(); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// BeginAnew takes the lock, and finishes or reverts what an earlier run left,
// without opening what is installed: for a new description of it. Close it.
func BeginAnew(ctx context.Context, deps Deps, environment string) (*Session, error) {
	s, err := take(deps, deps.Store.Folder(environment), environment)
	if err != nil {
		return nil, err
	}
	err = s.recoverLeft(ctx)
	if err == nil {
		err = s.settled()
	}
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// take takes the lock without looking at what is there.
func take(deps Deps, folder site.Folder, environment string) (*Session, error) {
	if err := deps.Trust(folder); err != nil {
		return nil, err
	}
	if err := folder.Make(); err != nil {
		return nil, explain.State(err)
	}
	lock, err := journal.Acquire(folder.Lock(), journal.Holder{
		PID: os.Getpid(), Host: deps.Host.Name(), Boot: deps.Host.Boot(), Run: deps.RunID, Since: deps.Now(),
	})
	if err != nil {
		return nil, explain.Lock(err, environment, folder.Lock())
	}
	if lock.Died.PID != 0 {
		deps.Progress.Say(progress.Detail, fmt.Sprintf("process %d on %s, run %s, ended without freeing the lock",
			lock.Died.PID, lock.Died.Host, lock.Died.Run))
	}
	return &Session{Site: site.Site{Folder: folder}, lock: lock, deps: deps}, nil
}

// Close frees the lock.
func (s *Session) Close() error { return s.lock.Release() }

// Discard frees the lock and leaves nothing but the log: for an installation
// that did not come to be.
func (s *Session) Discard() error {
	_ = os.Remove(s.Folder.Journals()) // stays when a journal is in it
	return s.lock.Remove()
}

// Engine carries out changes of this installation.
func (s *Session) Engine() run.Engine {
	return run.Engine{
		Folder: s.Folder.Journals(), Kinds: s.kinds(), Progress: s.deps.Progress,
		UndoBudget: undoBudget, Now: s.deps.Now, Boot: s.boot,
	}
}

// settled makes sure that no earlier change waits for its confirmation.
func (s *Session) settled() error {
	for _, left := range s.Recovered {
		if left.Way == run.Wait {
			return explain.Waiting(left, s.deps.Hint("confirm", filepath.Base(s.Folder.Path)))
		}
	}
	return nil
}

// weight tells a change that was put right from one that is left as it is.
func weight(way run.Way) progress.Kind {
	switch way {
	case run.Forward, run.Finish, run.Revert:
		return progress.Recovered
	case run.Discard, run.Wait, run.Later, run.Hands:
	}
	return progress.Warning
}

func (s *Session) recoverLeft(ctx context.Context) error {
	var err error
	s.Recovered, err = s.Engine().Recover(ctx)
	for _, left := range s.Recovered {
		if said := explain.Left(left); said != "" {
			s.deps.Progress.Say(weight(left.Way), said)
		}
	}
	if err != nil {
		return explain.Recovery(err)
	}
	return nil
}
