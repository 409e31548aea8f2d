package svc

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/coreos/go-systemd/v22/dbus"
)

// connectWithin bounds opening the bus where the context does not.
const connectWithin = 10 * time.Second

// Booted reports whether systemd is this host's service manager. It is
// systemd's own test, sd_booted(3).
func Booted() bool {
	info, err := os.Lstat("/run/systemd/system")
	return err == nil && info.IsDir()
}

// SystemdOptions are for Systemd.
type SystemdOptions struct {
	UnitFolder string // where Register writes; "" is /etc/systemd/system
}

// SystemdManager drives the system's systemd over the system bus; as root also
// where no message bus runs. The bus is opened at the first call, and again
// when it was lost. Close it.
type SystemdManager struct {
	folder string
	turn   chan struct{} // held while conn is looked at
	conn   *dbus.Conn
}

var _ Manager = (*SystemdManager)(nil)

// Systemd makes a manager; it does not touch the bus yet.
func Systemd(o SystemdOptions) *SystemdManager {
	if o.UnitFolder == "" {
		o.UnitFolder = unitFolder
	}
	return &SystemdManager{folder: o.UnitFolder, turn: make(chan struct{}, 1)}
}

// Close frees the bus; a later call opens it again.
func (m *SystemdManager) Close() {
	m.turn <- struct{}{}
	defer func() { <-m.turn }()
	if m.conn != nil {
		m.conn.Close()
		m.conn = nil
	}
}

func (m *SystemdManager) bus(ctx context.Context) (*dbus.Conn, error) {
	select {
	case m.turn <- struct{}{}:
		defer func() { <-m.turn }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if m.conn != nil && m.conn.Connected() {
		return m.conn, nil
	}
	conn, err := connect(ctx)
	if err != nil {
		return nil, err
	}
	m.conn = conn
	return conn, nil
}

// connect opens the bus. The library ties a connection to the life of the
// context that it is opened with, and the connection outlives this call's.
func connect(ctx context.Context) (*dbus.Conn, error) {
	opening, done := context.WithTimeout(ctx, connectWithin)
	defer done()
	life, end := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(opening, end)
	conn, err := dbus.NewWithContext(life)
	inTime := stop()
	switch {
	case err == nil && inTime:
		return conn, nil
	case err == nil:
		conn.Close()
	default:
		end()
	}
	if !inTime {
		return nil, fmt.Errorf("connect to systemd: %w", opening.Err())
	}
	return nil, fmt.Errorf("connect to systemd: %w: %w", ErrUnsupported, err)
}

// Inspect reports a unit; it loads it where systemd had not.
func (m *SystemdManager) Inspect(ctx context.Context, name string) (State, error) {
	state, err := m.inspect(ctx, name)
	if err != nil {
		return State{}, fmt.Errorf("inspect %q: %w", name, err)
	}
	return state, nil
}

func (m *SystemdManager) inspect(ctx context.Context, name string) (State, error) {
	p, err := m.properties(ctx, name)
	if errors.Is(err, ErrNotFound) || errors.Is(err, ErrName) {
		return State{Name: name, Activity: Stopped}, nil
	}
	if err != nil {
		return State{}, err
	}
	return p.state(name), nil
}

func (m *SystemdManager) properties(ctx context.Context, name string) (properties, error) {
	unit, err := unitName(name)
	if err != nil {
		return nil, err
	}
	conn, err := m.bus(ctx)
	if err != nil {
		return nil, err
	}
	p, err := conn.GetAllPropertiesContext(ctx, unit)
	if err != nil {
		return nil, translate(err)
	}
	return p, nil
}
