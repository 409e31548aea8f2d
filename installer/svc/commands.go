package svc

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"sync"
	"time"

	"github.com/empowersuite/backend-installer/installer/proc"
)

// CommandOptions are for Commands; the zero value is useful.
type CommandOptions struct {
	// Settle bounds one status command, and how long the status may take to
	// agree with a start or a stop; 0 is 30 s.
	Settle time.Duration
	// Poll is the pause between two looks meanwhile; 0 is 50 ms.
	Poll time.Duration
}

// CommandManager drives services by argument vectors. What Register adds, it
// knows until Unregister: keeping it longer is the caller's.
type CommandManager struct {
	options CommandOptions
	boot    func() time.Time

	mu    sync.Mutex
	known map[string]Command
}

var _ Manager = (*CommandManager)(nil)

// Commands makes a manager that knows these services by name.
func Commands(known map[string]Command, o CommandOptions) *CommandManager {
	if o.Settle == 0 {
		o.Settle = 30 * time.Second
	}
	if o.Poll == 0 {
		o.Poll = 50 * time.Millisecond
	}
	m := &CommandManager{options: o, boot: sync.OnceValue(bootTime), known: map[string]Command{}}
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
// Stopped. A service whose status program is not there does not exist. A PID file is read only for a running service, and a process that
// is not there any more is not reported.
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
		p := m.process(c)
		s.PID, s.Started = p.PID, p.Started
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

// Stop runs the stop command and waits until the status agrees and the main
// process, where a PID file names it, is gone.
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
	before := m.process(c)
	if err := act(ctx, c.Stop, ErrStop); err != nil {
		return err
	}
	return m.settle(ctx, ErrStop, func(ctx context.Context) (bool, error) {
		status, err := m.status(ctx, c)
		return status != 0 && !m.alive(before), err
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
	limited, cancel := context.WithTimeout(ctx, m.options.Settle)
	defer cancel()
	look := time.NewTicker(m.options.Poll)
	defer look.Stop()
	for {
		ok, err := wanted(limited)
		switch {
		case ok && err == nil:
			return nil
		case err != nil && limited.Err() == nil:
			return fmt.Errorf("%w: %w", failure, err)
		}
		select {
		case <-limited.Done():
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return fmt.Errorf("%w: its status did not agree within %s", failure, m.options.Settle)
		case <-look.C:
		}
	}
}
