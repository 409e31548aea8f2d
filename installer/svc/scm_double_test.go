package svc_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/empowersuite/backend-installer/installer/svc"
)

// ownProcess is SERVICE_WIN32_OWN_PROCESS.
const ownProcess = 0x10

// double is a service control manager of services that do what a test says.
// It runs in a bubble of package synctest: its times are exact.
type double struct {
	t        *testing.T // of the bubble
	mu       sync.Mutex
	services map[string]*doubled
	calls    []string // that ask for something
	ended    map[uint32]bool
	emulated bool
	changes  []svc.SCMChange
	settings []svc.SCMSetting
	refuse   map[string]error // by call

	granted   []string
	onProcess func() // before a process is looked for
}

type doubled struct {
	status     svc.SCMStatus
	config     svc.SCMConfig
	dependants []string // in the order in which they are to be stopped
	variables  []string
	start      func() error // nil: it runs at once
	stop       func() error // nil: it is stopped at once
}

func newDouble(t *testing.T) *double {
	t.Helper()
	return &double{t: t, services: map[string]*doubled{}, ended: map[uint32]bool{}, refuse: map[string]error{}}
}

// add makes a service in a state, which has a process when it is not stopped.
func (d *double) add(name string, state uint32) *doubled {
	s := &doubled{
		status: svc.SCMStatus{Type: ownProcess, State: state},
		config: svc.SCMConfig{Type: ownProcess, Start: 3, CommandLine: `"C:\b.exe"`, Account: "LocalSystem", DisplayName: name},
	}
	if state != svc.SCMStopped {
		s.status.PID = d.pid()
	}
	d.services[name] = s
	return s
}

func (d *double) pid() uint32 { return uint32(100 + len(d.services) + len(d.calls)) }

// become changes a service from outside of a call.
func (d *double) become(s *doubled, status svc.SCMStatus) {
	d.mu.Lock()
	defer d.mu.Unlock()
	status.Type = s.status.Type
	s.status = status
}

func number(n uint32) error { return &svc.WindowsError{Call: "Call", Number: n} }

// find is the service; the lock is held until the end of the caller's call.
func (d *double) find(call, name string) (*doubled, func(), error) {
	d.mu.Lock()
	if s, ok := d.services[name]; ok {
		return s, d.mu.Unlock, d.refuse[call+" "+name]
	}
	return nil, d.mu.Unlock, number(svc.WindowsServiceDoesNotExist)
}

func (d *double) Query(name string) (svc.SCMStatus, error) {
	s, done, err := d.find("query", name)
	defer done()
	if err != nil {
		return svc.SCMStatus{}, err
	}
	return s.status, nil
}

func (d *double) Config(name string) (svc.SCMConfig, error) {
	s, done, err := d.find("config", name)
	defer done()
	if err != nil {
		return svc.SCMConfig{}, err
	}
	return s.config, nil
}

func (d *double) Dependants(name string, active bool) ([]string, error) {
	s, done, err := d.find("dependants", name)
	defer done()
	if err != nil || !active {
		return s.dependants, err
	}
	var running []string
	for _, other := range s.dependants {
		if d.services[other].status.State != svc.SCMStopped {
			running = append(running, other)
		}
	}
	return running, nil
}

func (d *double) Variables(name string) ([]string, error) {
	s, done, err := d.find("variables", name)
	defer done()
	if err != nil {
		return nil, err
	}
	return s.variables, nil
}

func (d *double) Start(name string) error {
	s, done, err := d.find("start", name)
	defer done()
	d.calls = append(d.calls, "start "+name)
	switch {
	case err != nil:
		return err
	case s.start != nil:
		d.mu.Unlock()
		defer d.mu.Lock()
		return s.start()
	case s.status.State != svc.SCMStopped:
		return number(svc.WindowsAlreadyRunning)
	}
	s.status = svc.SCMStatus{Type: ownProcess, State: svc.SCMRunning, PID: d.pid()}
	return nil
}

func (d *double) Stop(name string) error {
	s, done, err := d.find("stop", name)
	defer done()
	d.calls = append(d.calls, "stop "+name)
	switch {
	case err != nil:
		return err
	case s.stop != nil:
		d.mu.Unlock()
		defer d.mu.Lock()
		return s.stop()
	case s.status.State == svc.SCMStopped:
		return number(svc.WindowsNotActive)
	}
	d.ended[s.status.PID] = true
	s.status = svc.SCMStatus{Type: ownProcess, State: svc.SCMStopped}
	return nil
}

func (d *double) Create(name string, c svc.SCMChange) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.calls, d.changes = append(d.calls, "create "+name), append(d.changes, c)
	if err := d.refuse["create "+name]; err != nil {
		return err
	}
	s := d.add(name, svc.SCMStopped)
	s.config = svc.SCMConfig{Type: c.Type, Start: c.Start, CommandLine: c.CommandLine, Account: c.Account, DisplayName: c.DisplayName, After: c.After}
	return nil
}

func (d *double) Change(name string, c svc.SCMChange) error {
	s, done, err := d.find("change", name)
	defer done()
	d.calls, d.changes = append(d.calls, "change "+name), append(d.changes, c)
	if err != nil {
		return err
	}
	if c.Start != 0 {
		s.config.Start = c.Start
	}
	return nil
}

func (d *double) Set(name string, setting svc.SCMSetting) error {
	_, done, err := d.find("set", name)
	defer done()
	d.settings = append(d.settings, setting)
	return err
}

func (d *double) Delete(name string) error {
	_, done, err := d.find("delete", name)
	defer done()
	d.calls = append(d.calls, "delete "+name)
	if err == nil {
		delete(d.services, name)
	}
	return err
}

func (d *double) Grant(account string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.granted = append(d.granted, account)
	return d.refuse["grant"]
}

func (d *double) Emulated() bool { return d.emulated }

// started is when every process of the double was.
func started() time.Time { return time.Date(2026, 11, 26, 9, 0, 0, 100, time.UTC) }

type doubledProcess struct {
	d   *double
	pid uint32
}

func (d *double) Process(pid uint32) (svc.SCMProcess, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.onProcess != nil {
		d.onProcess()
	}
	if err := d.refuse["process"]; err != nil {
		return nil, err
	}
	if d.ended[pid] {
		return nil, svc.ErrNoProcess
	}
	return doubledProcess{d, pid}, nil
}

func (p doubledProcess) Started() (time.Time, error) { return started(), nil }

func (p doubledProcess) Ended() bool {
	p.d.mu.Lock()
	defer p.d.mu.Unlock()
	return p.d.ended[p.pid]
}

func (doubledProcess) Close() {}

// kill ends a process without a word to the manager.
func (d *double) kill(pid uint32) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.ended[pid] = true
}

func (d *double) asked(t *testing.T, calls ...string) {
	t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	if !slices.Equal(d.calls, calls) {
		t.Errorf("got the calls %q, want %q", d.calls, calls)
	}
}

func wantAll(t *testing.T, err error, wanted ...error) {
	t.Helper()
	for _, one := range wanted {
		if !errors.Is(err, one) {
			t.Errorf("got %v, want %v", err, one)
		}
	}
}

func wantText(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("got %q, want %q in it", text, part)
		}
	}
}

// onDouble runs a test in a bubble whose clock moves by itself.
func onDouble(t *testing.T, test func(d *double, m *svc.SCMManager)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		d := newDouble(t)
		test(d, svc.SCMWith(d))
	})
}
