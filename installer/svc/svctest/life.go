package svctest

import (
	"slices"
	"time"

	"github.com/empowersuite/backend-installer/installer/svc"
)

const (
	defaultRestartDelay = 100 * time.Millisecond
	defaultRestarts     = 5
)

func (f *Fake) run(s *service, at time.Time) svc.Process {
	f.lastPID++
	s.activity = svc.Running
	s.process = svc.Process{PID: f.lastPID, Started: at.UTC().Truncate(time.Microsecond)}
	return s.process
}

// end stops a service, after those that need it.
func (f *Fake) end(name string, s *service) {
	if s.activity == svc.Stopped {
		return
	}
	s.activity, s.process = svc.Stopped, svc.Process{}
	for _, dependant := range f.dependants(name) {
		f.end(dependant, f.services[full(dependant)])
	}
	if s.script.OnStop != nil {
		f.mu.Unlock() // the hook may call the fake
		s.script.OnStop()
		f.mu.Lock()
	}
}

func (f *Fake) dependants(name string) []string {
	var names []string
	for other, s := range f.services {
		if slices.ContainsFunc(s.script.Needs, func(n string) bool { return full(n) == full(name) }) {
			names = append(names, other)
		}
	}
	slices.Sort(names)
	return names
}

// advance lets the crashes and restarts happen that the clock says are past.
func (f *Fake) advance(s *service) {
	limit := s.script.MaxRestarts
	if limit == 0 {
		limit = defaultRestarts
	}
	delay := s.script.RestartDelay
	if delay == 0 {
		delay = defaultRestartDelay
	}
	for s.script.CrashAfter > 0 {
		switch {
		case s.activity == svc.Running && !f.now().Before(s.process.Started.Add(s.script.CrashAfter)):
			s.due = s.process.Started.Add(s.script.CrashAfter + delay)
			s.activity, s.process = svc.Restarting, svc.Process{}
			if s.restarts >= limit {
				s.activity = svc.Failed
			}
		case s.activity == svc.Restarting && !f.now().Before(s.due):
			s.restarts++
			f.run(s, s.due)
		default:
			return
		}
	}
}
