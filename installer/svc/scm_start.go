package svc

import (
	"context"
	"fmt"
	"time"
)

// Start starts a service, and what it depends on, and waits until it says that
// it runs. One that is stopping is waited for first. One that is disabled is
// ErrDisabled, unless it runs.
func (m *SCMManager) Start(ctx context.Context, name string) error {
	calls, err := m.open(ctx, name)
	if err == nil {
		start := scmStart{calls, name, newSCMWatch(time.Now()), false}
		err = start.run(ctx)
	}
	if err == nil {
		return nil
	}
	return fmt.Errorf("start %q: %w", name, ended(ctx, ErrStart, scmTranslate(err, ErrStart)))
}

// scmStart is one start under way.
type scmStart struct {
	calls scmCalls
	name  string
	watch *scmWatch
	asked bool // and the manager took it
}

func (s *scmStart) run(ctx context.Context) error {
	for {
		runs, err := s.look(ctx)
		if err != nil || runs {
			return err
		}
		if err := s.watch.pause(ctx, ErrStart); err != nil {
			return err
		}
	}
}

// look is true when the service runs.
func (s *scmStart) look(ctx context.Context) (bool, error) {
	status, process, gone, err := lookAt(s.calls, s.name)
	if err != nil {
		return false, err
	}
	if process != nil {
		process.Close()
	}
	s.watch.note(time.Now(), status)
	switch {
	case s.asked && (gone || status.State == scmStopped):
		return false, s.failed(status, gone)
	case gone:
		_ = s.calls.Stop(s.name) // makes the manager look after the process; it answers with an error
		return false, s.ask(ctx)
	case status.State == scmStopped:
		return false, s.ask(ctx)
	case status.State == scmPaused:
		return false, fmt.Errorf("%w: it is paused", ErrStart)
	}
	return status.State == scmRunning, nil
}

// ask asks the manager to start it. That somebody else did is as well; while
// the host starts, the manager may take no requests yet.
func (s *scmStart) ask(ctx context.Context) error {
	err := inTime(ctx, func() error { return s.calls.Start(s.name) })
	switch windowsNumber(err) {
	case WindowsAlreadyRunning, WindowsDatabaseLocked:
		s.watch.held = err
		return nil
	}
	s.asked, s.watch.held = err == nil, nil
	return err
}

func (s *scmStart) failed(status scmStatus, gone bool) error {
	said := status.words()
	if gone {
		said += fmt.Sprintf(", but its process %d has ended", status.PID)
	}
	return fmt.Errorf("%w: %s", ErrStart, said)
}
