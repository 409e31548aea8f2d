package svc

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/coreos/go-systemd/v22/dbus"
)

// lookAfterBus is how often a wait looks whether the bus is still there:
// without it a wait would last until its deadline.
const lookAfterBus = time.Second

// errBusLost ends a wait whose answer can no longer come.
var errBusLost = errors.New("the connection to the message bus was lost")

// Start starts a unit and what it requires, as their files are now, and waits
// for the end of systemd's job: for Type=simple that is the fork, for Type=notify the service's own
// word. A unit that reached its start limit is tried anew. Where the context
// ends first, the job goes on.
func (m *SystemdManager) Start(ctx context.Context, name string) error {
	err := m.start(ctx, name)
	if err == nil {
		return nil
	}
	return fmt.Errorf("start %q: %w", name, ended(ctx, ErrStart, err))
}

func (m *SystemdManager) start(ctx context.Context, name string) error {
	p, err := m.properties(ctx, name)
	switch {
	case err != nil:
		return err
	case !p.exists():
		return ErrNotFound
	case p.masked():
		return ErrMasked
	case p.activity() == Running && !p.hasJob():
		return nil
	}
	if err := m.reread(ctx, p); err != nil {
		return err
	}
	if err := m.forgive(ctx, name); err != nil {
		return err
	}
	result, err := m.job(ctx, name, (*dbus.Conn).StartUnitContext)
	if err != nil {
		return refused(ErrStart, err)
	}
	return m.startedWell(ctx, name, result)
}

// startedWell looks at a unit after its start job ended so.
func (m *SystemdManager) startedWell(ctx context.Context, name, result string) error {
	p, err := m.properties(ctx, name)
	switch {
	case err != nil:
		return err
	case result != "done":
		return fmt.Errorf("%w: job %s, %s", ErrStart, result, p.detail())
	case p.activity() == Failed:
		return fmt.Errorf("%w: %s", ErrStart, p.detail())
	case p.activity() == Stopped && !p.conditionsHold():
		return fmt.Errorf("%w: a condition of its unit does not hold", ErrStart)
	}
	return nil
}

// forgive clears a failure and the start limit: a unit that was started too
// often within ten seconds would otherwise refuse, and putting back a backend
// that crashed is exactly that case.
func (m *SystemdManager) forgive(ctx context.Context, name string) error {
	unit, err := unitName(name)
	if err != nil {
		return err
	}
	conn, err := m.bus(ctx)
	if err != nil {
		return err
	}
	err = translate(conn.ResetFailedUnitContext(ctx, unit))
	if errors.Is(err, ErrNotFound) {
		return nil // not loaded: nothing to forgive
	}
	return err
}

// Stop stops a unit and what requires it, and waits for the end of systemd's
// job. Where the context ends first, systemd goes on, up to its own
// TimeoutStopSec=.
func (m *SystemdManager) Stop(ctx context.Context, name string) error {
	err := m.stop(ctx, name)
	if err == nil {
		return nil
	}
	return fmt.Errorf("stop %q: %w", name, ended(ctx, ErrStop, err))
}

func (m *SystemdManager) stop(ctx context.Context, name string) error {
	p, err := m.properties(ctx, name)
	if err != nil {
		return err
	}
	if !p.exists() {
		return ErrNotFound
	}
	if idle := p.activity() == Stopped || p.activity() == Failed; idle && !p.hasJob() {
		return nil
	}
	result, err := m.job(ctx, name, (*dbus.Conn).StopUnitContext)
	if errors.Is(translate(err), ErrNotFound) {
		return nil // it ended and was forgotten meanwhile
	}
	if err != nil {
		return refused(ErrStop, err)
	}
	if result != "done" {
		return fmt.Errorf("%w: job %s", ErrStop, result)
	}
	return nil
}

type enqueue func(conn *dbus.Conn, ctx context.Context, unit, mode string, done chan<- string) (int, error)

// job enqueues a job and waits until systemd reports its end. An error is as
// systemd said it.
func (m *SystemdManager) job(ctx context.Context, name string, do enqueue) (result string, err error) {
	unit, err := unitName(name)
	if err != nil {
		return "", err
	}
	conn, err := m.bus(ctx)
	if err != nil {
		return "", err
	}
	done := make(chan string, 1) // the library blocks until it is taken
	if _, err := do(conn, ctx, unit, "replace", done); err != nil {
		return "", err
	}
	look := time.NewTicker(lookAfterBus)
	defer look.Stop()
	for {
		select {
		case result := <-done:
			return result, nil
		case <-ctx.Done():
			return "", ctx.Err()
		case <-look.C:
			if !conn.Connected() {
				return "", errBusLost
			}
		}
	}
}
