// Package session is the frame around every command that changes an
// installation: the lock, the recovery of what an earlier run left, and the
// installation as it stands then.
package session

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/empowersuite/backend-installer/installer/atomicfile"
	"github.com/empowersuite/backend-installer/installer/explain"
	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/journal"
	"github.com/empowersuite/backend-installer/installer/progress"
	"github.com/empowersuite/backend-installer/installer/run"
	"github.com/empowersuite/backend-installer/installer/settings"
	"github.com/empowersuite/backend-installer/installer/site"
)

// undoBudget bounds putting everything back: two stops and two starts at their
// limits, and some.
const undoBudget = 10 * time.Minute

// Session is an installation under the lock.
type Session struct {
	site.Site
	lock *journal.Lock
	deps Deps
}

// Begin takes the lock of an environment and finishes or reverts what an
// earlier run left. Close it.
func Begin(ctx context.Context, deps Deps, environment string) (*Session, error) {
	folder := deps.Store.Folder(environment)
	if _, err := os.Stat(folder.Installation()); err != nil {
		if _, leftErr := os.Stat(folder.Journals()); leftErr != nil {
			return nil, explain.Open(notThere(err), environment, deps.Store.Root)
		}
	}
	s, err := Lock(deps, folder, environment)
	if err != nil {
		return nil, err
	}
	if err := s.recoverLeft(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	if s.Site, err = folder.Open(settings.Known); err != nil {
		return nil, errors.Join(explain.Open(err, environment, deps.Store.Root), s.Close())
	}
	return s, nil
}

func notThere(err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return site.ErrNone
	}
	return err
}

// BeginNew takes the lock of an environment that need not be there, finishes
// or reverts what an earlier run left, and tells whether something is installed
// then. Close or Discard it.
func BeginNew(ctx context.Context, deps Deps, environment string) (s *Session, installed bool, err error) {
	folder := deps.Store.Folder(environment)
	if s, err = Lock(deps, folder, environment); err != nil {
		return nil, false, err
	}
	if err := s.recoverLeft(ctx); err != nil {
		return nil, false, errors.Join(err, s.Close())
	}
	s.Site, err = folder.Open(settings.Known)
	switch {
	case errors.Is(err, site.ErrNone):
		return s, false, nil
	case err != nil:
		return nil, false, errors.Join(explain.Open(err, environment, deps.Store.Root), s.Close())
	}
	return s, true, nil
}

// Lock takes the lock without looking at what is there: for a first
// installation. Close the session.
func Lock(deps Deps, folder site.Folder, environment string) (*Session, error) {
	if err := folder.Make(); err != nil {
		return nil, explain.State(err)
	}
	lock, err := journal.Acquire(folder.Lock(), journal.Holder{
		PID: os.Getpid(), Host: deps.Host.Name(), Run: deps.RunID, Since: deps.Now(),
	})
	if err != nil {
		return nil, explain.Lock(err, environment)
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
		UndoBudget: undoBudget, Now: s.deps.Now,
	}
}

func (s *Session) recoverLeft(ctx context.Context) error {
	recovered, err := s.Engine().Recover(ctx)
	for _, r := range recovered {
		s.deps.Progress.Say(progress.Warning, tell(r))
	}
	if err == nil {
		return nil
	}
	remedy := "mend what is named, then run the same command again"
	if errors.Is(err, journal.ErrDamaged) || errors.Is(err, atomicfile.ErrChanged) {
		remedy = "look at the configuration and the services by hand; remove what the run left beside the configuration (.NAME.RUN.old and .new, which hold secrets), " +
			"move the journal away, and run the same command again"
	}
	return fault.Wrap(fault.RollbackFailed, err, "what an earlier run left could not be put right", remedy)
}

func tell(r run.Recovered) string {
	state := "everything old stands"
	if r.Stands {
		state = "everything new stands"
	}
	return fmt.Sprintf("the %s of run %s was cut off: %s now", r.Command, r.Run, state)
}
