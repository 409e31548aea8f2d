package svc

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// noticeWithin is how long the manager is given to notice that a process has
// ended.
const noticeWithin = time.Second

// Stop stops the running services that depend on this one, in order, and then
// this one, and waits until its process is gone. The manager kills nothing: a
// service that does not end is waited for until the context ends.
func (m *SCMManager) Stop(ctx context.Context, name string) error {
	calls, err := m.open(ctx, name)
	if err == nil {
		err = stopSCM(ctx, calls, name, nil)
	}
	if err == nil {
		return nil
	}
	return fmt.Errorf("stop %q: %w", name, ended(ctx, ErrStop, scmTranslate(err, ErrStop)))
}

// stopSCM stops one service; above are those that wait for it.
func stopSCM(ctx context.Context, calls scmCalls, name string, above []string) error {
	s := &scmStop{calls: calls, name: name, above: append(slices.Clone(above), name), watch: newSCMWatch(time.Now())}
	defer s.letGo()
	for {
		over, err := s.look(ctx)
		if err != nil || over {
			return err
		}
		if err := s.watch.pause(ctx, ErrStop); err != nil {
			return err
		}
	}
}

// scmStop is one stop under way.
type scmStop struct {
	calls   scmCalls
	name    string
	above   []string
	watch   *scmWatch
	asked   bool // and the manager took it
	pid     uint32
	process scmProcess // held, so that its end can be told; nil where it cannot
	missed  time.Time  // since when the process is gone and the manager says otherwise
}

// look is true when the service is stopped and its process gone.
func (s *scmStop) look(ctx context.Context) (bool, error) {
	status, err := s.calls.Query(s.name)
	if s.asked && windowsNumber(err) == WindowsServiceDoesNotExist { // deleted while it ran
		return s.processEnded(), nil
	}
	if err != nil {
		return false, err
	}
	now := time.Now()
	s.watch.note(now, status)
	gone := s.hold(status)
	if !gone {
		s.missed = time.Time{}
	}
	switch {
	case status.State == scmStopped:
		return s.processEnded(), nil
	case gone:
		return s.unnoticed(now), nil
	case s.asked, status.State == scmStopPending:
		return false, nil
	}
	return false, s.ask(ctx)
}

// hold opens the process that a service has now, and keeps the last one of a
// service that is stopped.
func (s *scmStop) hold(status scmStatus) (gone bool) {
	if status.State == scmStopped {
		return false
	}
	if status.PID == s.pid && s.process != nil {
		return s.process.Ended()
	}
	s.letGo()
	s.pid = status.PID
	s.process, gone = processOf(s.calls, status)
	return gone
}

// processEnded is true also where the process cannot be told of.
func (s *scmStop) processEnded() bool {
	if s.process == nil || s.process.Ended() {
		return true
	}
	s.watch.held = fmt.Errorf("its process %d has not ended", s.pid)
	return false
}

func (s *scmStop) letGo() {
	if s.process != nil {
		s.process.Close()
		s.process = nil
	}
}

// unnoticed waits a moment for the manager to see that the process has ended.
func (s *scmStop) unnoticed(now time.Time) (over bool) {
	if s.missed.IsZero() {
		s.missed = now
		_ = s.calls.Stop(s.name) // makes the manager look after the process; it answers with an error
	}
	return now.Sub(s.missed) >= noticeWithin
}

// ask stops the dependants, and asks the manager to stop the service. What is
// not taken at this time is asked for again.
func (s *scmStop) ask(ctx context.Context) error {
	dependants, err := s.calls.Dependants(s.name, true)
	if err != nil {
		return err
	}
	for _, name := range dependants {
		if slices.ContainsFunc(s.above, func(other string) bool { return strings.EqualFold(other, name) }) {
			continue
		}
		err := stopSCM(ctx, s.calls, name, s.above)
		if err != nil && windowsNumber(err) != WindowsServiceDoesNotExist {
			return fmt.Errorf("%q, which depends on it: %w", name, scmTranslate(err, ErrStop))
		}
	}
	err = inTime(ctx, func() error { return s.calls.Stop(s.name) })
	switch windowsNumber(err) {
	case WindowsDependentRunning, WindowsCannotAcceptControl:
		s.watch.held = err
		return nil
	case WindowsNotActive:
		return nil
	}
	if err != nil && s.process != nil && s.process.Ended() {
		return nil // it ended by itself; the next look tells
	}
	s.asked, s.watch.held = err == nil, nil
	return err
}
