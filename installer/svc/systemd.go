package svc

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/coreos/go-systemd/v22/dbus"

	"github.com/empowersuite/backend-installer/installer/atomicfile"
)

const (
	unitFolder = "/etc/systemd/system"
	unitMode   = 0o644

	// connectWithin bounds opening the bus where the context does not.
	connectWithin = 10 * time.Second
	// lookAfterBus is how often a wait looks whether the bus is still there:
	// without it a wait would last until its deadline.
	lookAfterBus = time.Second
)

// errBusLost ends a wait whose answer can no longer come.
var errBusLost = errors.New("the connection to the message bus was lost")

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

// Start starts a unit and what it requires, and waits for the end of systemd's
// job: for Type=simple that is the fork, for Type=notify the service's own
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
	if err := m.forgive(ctx, name); err != nil {
		return err
	}
	result, err := m.job(ctx, name, (*dbus.Conn).StartUnitContext)
	if err != nil {
		return err
	}
	if p, err = m.properties(ctx, name); err != nil {
		return err
	}
	switch {
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
	if errors.Is(err, ErrNotFound) {
		return nil // it ended and was forgotten meanwhile
	}
	if err != nil {
		return err
	}
	if result != "done" {
		return fmt.Errorf("%w: job %s", ErrStop, result)
	}
	return nil
}

type enqueue func(conn *dbus.Conn, ctx context.Context, unit, mode string, done chan<- string) (int, error)

// job enqueues a job and waits until systemd reports its end.
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
		return "", translate(err)
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

// Register writes the unit file, enables it where that is asked for, and makes
// systemd read it.
func (m *SystemdManager) Register(ctx context.Context, d Definition) error {
	if err := m.register(ctx, d); err != nil {
		return fmt.Errorf("register %q: %w", d.Name, denied(err))
	}
	return nil
}

func (m *SystemdManager) register(ctx context.Context, d Definition) error {
	unit, err := unitName(d.Name)
	if err != nil {
		return err
	}
	if len(d.Unit) == 0 {
		return errors.New("the unit file has no text")
	}
	p, err := m.properties(ctx, d.Name)
	if err != nil {
		return err
	}
	if p.masked() {
		return ErrMasked
	}
	path := filepath.Join(m.folder, unit)
	if err := atomicfile.Create(path, d.Unit, atomicfile.Options{Mode: unitMode, UID: -1, GID: -1}); err != nil {
		return err
	}
	conn, err := m.bus(ctx)
	if err != nil {
		return err
	}
	if d.Enable {
		if _, _, err := conn.EnableUnitFilesContext(ctx, []string{unit}, false, false); err != nil {
			return errors.Join(translate(err), translate(conn.ReloadContext(ctx)))
		}
	}
	return translate(conn.ReloadContext(ctx))
}

// Unregister disables the unit, removes the file that Register wrote, and
// makes systemd forget it. A unit file elsewhere, or a mask, stays.
func (m *SystemdManager) Unregister(ctx context.Context, name string) error {
	if err := m.unregister(ctx, name); err != nil {
		return fmt.Errorf("unregister %q: %w", name, denied(err))
	}
	return nil
}

func (m *SystemdManager) unregister(ctx context.Context, name string) error {
	unit, err := unitName(name)
	if err != nil {
		return err
	}
	path := filepath.Join(m.folder, unit)
	info, err := os.Lstat(path)
	if errors.Is(err, os.ErrNotExist) || err == nil && !info.Mode().IsRegular() {
		return nil
	}
	if err != nil {
		return err
	}
	conn, err := m.bus(ctx)
	if err != nil {
		return err
	}
	if _, err := conn.DisableUnitFilesContext(ctx, []string{unit}, false); err != nil {
		return translate(err)
	}
	if err := atomicfile.Remove(path); err != nil {
		return err
	}
	if err := conn.ReloadContext(ctx); err != nil {
		return translate(err)
	}
	return m.forgive(ctx, name)
}
