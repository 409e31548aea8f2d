package svc

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// preShutdown is what a backend gets to end when the host shuts down: Windows
// itself gives 10 s since version 1703, too little to finish what it serves.
const preShutdown = time.Minute

// SCMOptions are for SCM; the zero value is useful.
type SCMOptions struct {
	// PreShutdown is how long the host waits at its shutdown for a service that
	// Register made; 0 is one minute.
	PreShutdown time.Duration
}

// SCMManager drives the service control manager of Windows. It holds nothing
// open between calls. On other systems every call is ErrUnsupported.
type SCMManager struct {
	preShutdown time.Duration
	calls       func() (scmCalls, error)
}

var _ Manager = (*SCMManager)(nil)

// SCM makes a manager; it does not touch Windows yet.
func SCM(o SCMOptions) *SCMManager {
	if o.PreShutdown == 0 {
		o.PreShutdown = preShutdown
	}
	return &SCMManager{preShutdown: o.PreShutdown, calls: systemSCM}
}

// open is the way to Windows for a call about a service of that name.
func (m *SCMManager) open(ctx context.Context, name string) (scmCalls, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := scmName(name); err != nil {
		return nil, err
	}
	return m.calls()
}

// Inspect reports a service. Names of other services are as the manager has
// them; After and Needs are the services that it depends on. A service that
// shares its process with others has no PID: the process is not its own. Env
// names also what every service of the host finds in its environment.
func (m *SCMManager) Inspect(ctx context.Context, name string) (State, error) {
	state, err := m.inspect(ctx, name)
	err = scmTranslate(err, nil)
	if errors.Is(err, ErrNotFound) || errors.Is(err, ErrName) {
		return State{Name: name, Activity: Stopped}, nil
	}
	if err != nil {
		return State{}, fmt.Errorf("inspect %q: %w", name, err)
	}
	return state, nil
}

func (m *SCMManager) inspect(ctx context.Context, name string) (State, error) {
	calls, err := m.open(ctx, name)
	if err != nil {
		return State{}, err
	}
	var seen scmSeen
	var process scmProcess
	if seen.Status, process, seen.Gone, err = lookAt(calls, name); err != nil {
		return State{}, err
	}
	if process != nil {
		defer process.Close()
		if seen.Started, err = process.Started(); err != nil {
			return State{}, err
		}
	}
	if seen.Config, err = calls.Config(name); err != nil {
		return State{}, err
	}
	if seen.NeededBy, err = calls.Dependants(name, false); err != nil {
		return State{}, err
	}
	if seen.Env, err = calls.Variables(name); err != nil {
		return State{}, err
	}
	return seen.state(name), nil
}

// lookAt is a service's status and its process. That the process is gone is
// told only where the manager still names it afterwards: else the service has
// just been restarted or stopped.
func lookAt(calls scmCalls, name string) (status scmStatus, process scmProcess, gone bool, err error) {
	for range 3 {
		status, err = calls.Query(name)
		if err != nil {
			return status, nil, false, err
		}
		process, gone = processOf(calls, status)
		if !gone {
			return status, process, false, nil
		}
		again, err := calls.Query(name)
		if err == nil && again.PID == status.PID && again.State == status.State {
			return status, nil, true, nil
		}
	}
	return status, nil, true, nil
}

// processOf opens the process of a service that has one for itself; nil where
// this account may not look. Gone is true where the process has ended though
// the manager names it.
func processOf(calls scmCalls, s scmStatus) (process scmProcess, gone bool) {
	if s.State == scmStopped || s.PID == 0 || !s.own() {
		return nil, false
	}
	process, err := calls.Process(s.PID)
	if err != nil {
		return nil, errors.Is(err, errNoProcess)
	}
	if process.Ended() {
		process.Close()
		return nil, true
	}
	return process, false
}

// inTime makes a call that Windows may take up to 30 s for, and that nothing
// can cut short, and leaves it alone when the context ends.
func inTime(ctx context.Context, call func() error) error {
	done := make(chan error, 1)
	go func() { done <- call() }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}
