package svc

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/empowersuite/backend-installer/installer/proc"
)

// CommandOptions are for Commands; the zero value is useful.
type CommandOptions struct {
	// Settle bounds one status command, and how long the status may take to
	// agree with a start or a stop; 0 is 30 s.
	Settle time.Duration
	// Drain bounds how long processes that were told to end may take; 0 is
	// 110 s: IIS gives a worker 90 s to finish its requests.
	Drain time.Duration
	// Poll is the pause between two looks meanwhile; 0 is 50 ms.
	Poll time.Duration
}

// CommandManager drives services by argument vectors. What Register adds, it
// knows until Unregister: keeping it longer is the caller's.
type CommandManager struct {
	options   CommandOptions
	processOf func(pid int) Process

	mu    sync.Mutex
	known map[string]Command
}

var (
	_ Manager   = (*CommandManager)(nil)
	_ Restarter = (*CommandManager)(nil)
)

// Commands makes a manager that knows these services by name.
func Commands(known map[string]Command, o CommandOptions) *CommandManager {
	if o.Settle == 0 {
		o.Settle = 30 * time.Second
	}
	if o.Drain == 0 {
		o.Drain = 110 * time.Second
	}
	if o.Poll == 0 {
		o.Poll = 50 * time.Millisecond
	}
	m := &CommandManager{options: o, processOf: lookUp(), known: map[string]Command{}}
	maps.Copy(m.known, known)
	return m
}

func (m *CommandManager) command(name string) (Command, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	c, ok := m.known[name]
	return c, ok
}

// Inspect runs the status command: exit status 0 is Running, any other is
// Stopped. A service whose status program is not there does not exist. Its
// processes are asked for only while it runs. Of several the oldest is
// reported: as long as one from before a restart is left, it is that one.
func (m *CommandManager) Inspect(ctx context.Context, name string) (State, error) {
	s := State{Name: name, Activity: Stopped}
	c, ok := m.command(name)
	if !ok {
		return s, nil
	}
	status, err := m.status(ctx, c)
	if errors.Is(err, fs.ErrNotExist) {
		s.Detail = "its status program is not there"
		return s, nil
	}
	s.Exists, s.Enablement = true, Static
	if err != nil {
		return State{}, fmt.Errorf("inspect %q: %w", name, err)
	}
	s.Detail = fmt.Sprintf("its status command ended with status %d", status)
	if status == 0 {
		s.Activity = Running
		p, err := m.processes(ctx, c)
		if err != nil {
			return State{}, fmt.Errorf("inspect %q: %w", name, err)
		}
		if len(p) > 0 {
			s.PID, s.Started = p[0].PID, p[0].Started
		}
	}
	return s, nil
}

// Start runs the start command and waits until the status agrees.
func (m *CommandManager) Start(ctx context.Context, name string) error {
	if err := m.start(ctx, name); err != nil {
		return fmt.Errorf("start %q: %w", name, ended(ctx, ErrStart, err))
	}
	return nil
}

func (m *CommandManager) start(ctx context.Context, name string) error {
	c, ok := m.command(name)
	if !ok {
		return ErrNotFound
	}
	if status, err := m.status(ctx, c); err != nil || status == 0 {
		return err
	}
	if err := act(ctx, c.Start, ErrStart); err != nil {
		return err
	}
	return m.settle(ctx, ErrStart, func(ctx context.Context) (bool, error) {
		status, err := m.status(ctx, c)
		return status == 0, err
	})
}

// Stop runs the stop command and waits until the status agrees and the
// processes of the service, where they are known, are gone.
func (m *CommandManager) Stop(ctx context.Context, name string) error {
	if err := m.stop(ctx, name); err != nil {
		return fmt.Errorf("stop %q: %w", name, ended(ctx, ErrStop, err))
	}
	return nil
}

func (m *CommandManager) stop(ctx context.Context, name string) error {
	c, ok := m.command(name)
	if !ok {
		return ErrNotFound
	}
	if status, err := m.status(ctx, c); err != nil || status != 0 {
		return err
	}
	before, err := m.processes(ctx, c)
	if err != nil {
		return err
	}
	if err := act(ctx, c.Stop, ErrStop); err != nil {
		return err
	}
	err = m.settle(ctx, ErrStop, func(ctx context.Context) (bool, error) {
		status, err := m.status(ctx, c)
		return status != 0, err
	})
	if err != nil {
		return err
	}
	return m.drain(ctx, before)
}

// Restart runs the restart command and waits until every process from before
// is gone and the status agrees. What starts besides meanwhile, started after
// the call. A service that does not run is started.
func (m *CommandManager) Restart(ctx context.Context, name string) error {
	if err := m.restart(ctx, name); err != nil {
		return fmt.Errorf("restart %q: %w", name, ended(ctx, ErrStart, err))
	}
	return nil
}

func (m *CommandManager) restart(ctx context.Context, name string) error {
	c, ok := m.command(name)
	switch {
	case !ok:
		return ErrNotFound
	case len(c.Restart) == 0:
		return fmt.Errorf("%w: it has no restart command", ErrUnsupported)
	}
	if status, err := m.status(ctx, c); err != nil {
		return err
	} else if status != 0 {
		return m.start(ctx, name)
	}
	before, err := m.processes(ctx, c)
	if err != nil {
		return err
	}
	if err := act(ctx, c.Restart, ErrStart); err != nil {
		return err
	}
	if err := m.drain(ctx, before); err != nil {
		return err
	}
	return m.settle(ctx, ErrStart, func(ctx context.Context) (bool, error) {
		status, err := m.status(ctx, c)
		return status == 0, err
	})
}

// Register adds or replaces a service.
func (m *CommandManager) Register(ctx context.Context, d Definition) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("register %q: %w", d.Name, err)
	}
	switch {
	case d.Name == "":
		return fmt.Errorf("register %q: %w", d.Name, ErrName)
	case len(d.Command.Start) == 0, len(d.Command.Stop) == 0, len(d.Command.Status) == 0:
		return fmt.Errorf("register %q: start, stop and status each need a command", d.Name)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.known[d.Name] = d.Command
	return nil
}

// Unregister forgets a service.
func (m *CommandManager) Unregister(ctx context.Context, name string) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("unregister %q: %w", name, err)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.known, name)
	return nil
}

// act runs a start or stop command. Its output is dropped: it could hold a
// secret.
func act(ctx context.Context, argv []string, failure error) error {
	result, err := proc.Run(ctx, proc.Command{Argv: argv, MaxOutputBytes: 1})
	if err != nil {
		return fmt.Errorf("%w: %w", failure, denied(err))
	}
	if result.ExitCode != 0 {
		return fmt.Errorf("%w: its command ended with status %d", failure, result.ExitCode)
	}
	return nil
}

func (m *CommandManager) status(ctx context.Context, c Command) (int, error) {
	limited, cancel := context.WithTimeout(ctx, m.options.Settle)
	defer cancel()
	result, err := proc.Run(limited, proc.Command{Argv: c.Status, MaxOutputBytes: 1})
	switch {
	case err == nil:
		return result.ExitCode, nil
	case ctx.Err() == nil && limited.Err() != nil:
		return -1, fmt.Errorf("its status command did not end within %s", m.options.Settle)
	case errors.Is(err, fs.ErrPermission):
		return -1, denied(err)
	}
	return -1, err
}

// settle waits until the service is as wanted. What failed meanwhile is told
// with the failure.
func (m *CommandManager) settle(ctx context.Context, failure error, wanted func(context.Context) (bool, error)) error {
	late := fmt.Errorf("%w: its status did not agree within %s", failure, m.options.Settle)
	return m.poll(ctx, m.options.Settle, late, func(ctx context.Context) (bool, error) {
		ok, err := wanted(ctx)
		if err != nil {
			err = fmt.Errorf("%w: %w", failure, err)
		}
		return ok, err
	})
}

// drain waits until none of these processes runs any more.
func (m *CommandManager) drain(ctx context.Context, before []Process) error {
	late := fmt.Errorf("%w: a process of it did not end within %s", ErrStop, m.options.Drain)
	return m.poll(ctx, m.options.Drain, late, func(context.Context) (bool, error) {
		return !slices.ContainsFunc(before, m.alive), nil
	})
}

// poll looks until it is done, at most so long; late is the error then.
func (m *CommandManager) poll(ctx context.Context, within time.Duration, late error, done func(context.Context) (bool, error)) error {
	limited, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	look := time.NewTicker(m.options.Poll)
	defer look.Stop()
	for {
		ok, err := done(limited)
		switch {
		case ok && err == nil:
			return nil
		case err != nil && limited.Err() == nil:
			return err
		}
		select {
		case <-limited.Done():
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return late
		case <-look.C:
		}
	}
}
