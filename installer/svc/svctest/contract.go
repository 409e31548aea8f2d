package svctest

import (
	"cmp"
	"context"
	"errors"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/svc"
)

// Behaviour is what a service of the contract does.
type Behaviour string

// The behaviours.
const (
	Steady       Behaviour = "steady"         // runs until it is stopped
	FailsAtStart Behaviour = "fails at start" // never comes up, and the manager can tell at once
	Crashes      Behaviour = "crashes"        // ends by itself within a second of every start, as a failure
	HangsAtStop  Behaviour = "hangs at stop"  // takes five seconds at least to stop
)

// Bench is a manager under test and what the contract needs to know of it.
type Bench struct {
	Manager svc.Manager
	// Define makes a definition of a service that behaves so; the contract
	// registers it and removes it again.
	Define func(t *testing.T, name string, b Behaviour) svc.Definition
	// Prefix starts the name of every service that the contract registers.
	Prefix string
	// Restarts: the manager starts a crashed service again.
	Restarts bool
	// Enables: the manager knows enabled and disabled.
	Enables bool
	// NotEnabled is what the manager calls a service that nobody enabled; ""
	// is svc.Disabled.
	NotEnabled svc.Enablement
	// Mask masks a service and returns its undo; nil where nothing is masked.
	Mask func(t *testing.T, name string) (unmask func())
	// HostStops is true where a service that hangs at stop is ended in the end,
	// by the manager or by itself; the contract then waits for that before it
	// cleans up.
	HostStops bool
}

// patience bounds every wait of the contract for something to happen.
const patience = 20 * time.Second

// part is one claim of the contract under test.
type part struct {
	t     *testing.T
	bench Bench
}

// Run checks that a manager keeps the contract of svc.Manager. open is called
// once for each part.
func Run(t *testing.T, open func(t *testing.T) Bench) {
	t.Helper()
	parts := []struct {
		claim string
		check func(part)
	}{
		{"an unknown service is reported and refused", part.unknownService},
		{"a registered service is stopped", part.registeredService},
		{"a started service runs, and starting it again changes nothing", part.startedService},
		{"a stopped service is gone, and stopping it again changes nothing", part.stoppedService},
		{"a restarted service is another process", part.restartedService},
		{"a service that fails at start is reported", part.failingService},
		{"a service that crashes does not keep its process, and can be replaced", part.crashingService},
		{"a service that hangs at stop ends the wait with the context", part.hangingService},
		{"a call with an ended context does nothing", part.endedContext},
		{"a definition can be replaced", part.replacedDefinition},
		{"an unregistered service is unknown", part.unregisteredService},
		{"a service is enabled when that is asked for", part.enabledService},
		{"a masked service is refused", part.maskedService},
	}
	for _, c := range parts {
		t.Run(c.claim, func(t *testing.T) { c.check(part{t, open(t)}) })
	}
}

func (p part) unknownService() {
	t, b := p.t, p.bench
	name := b.Prefix + "unknown"
	state := b.inspect(t, name)
	if state.Exists || state.Name != name || state.Activity == svc.Running {
		t.Errorf("got %+v, want a service that does not exist, by its name", state)
	}
	wantError(t, "start", b.Manager.Start(t.Context(), name), svc.ErrNotFound)
	wantError(t, "stop", b.Manager.Stop(t.Context(), name), svc.ErrNotFound)
	if err := b.Manager.Unregister(t.Context(), name); err != nil {
		t.Errorf("unregister: %v", err)
	}
}

func (p part) registeredService() {
	t, b := p.t, p.bench
	name := b.register(t, "registered", Steady)
	state := b.inspect(t, name)
	if !state.Exists || state.Activity != svc.Stopped {
		t.Errorf("got %+v, want a stopped service that exists", state)
	}
	wantNoProcess(t, state)
}

func (p part) startedService() {
	t, b := p.t, p.bench
	name := b.register(t, "started", Steady)
	b.start(t, name)
	first := b.inspect(t, name)
	if first.Activity != svc.Running || first.PID <= 0 {
		t.Fatalf("got %+v, want a running service with a process", first)
	}
	if age := time.Since(first.Started); age < -2*time.Second || age > patience {
		t.Errorf("got a start %v ago, want just now", age)
	}
	if first.Started.Location() != time.UTC {
		t.Errorf("got a start in %v, want UTC", first.Started.Location())
	}
	b.start(t, name)
	if again := b.inspect(t, name); again.Process() != first.Process() {
		t.Errorf("got process %+v after a second start, want %+v", again.Process(), first.Process())
	}
}

func (p part) stoppedService() {
	t, b := p.t, p.bench
	name := b.register(t, "stopped", Steady)
	b.start(t, name)
	for range 2 {
		b.stop(t, name)
		state := b.inspect(t, name)
		if !state.Exists || state.Activity != svc.Stopped {
			t.Errorf("got %+v, want a stopped service", state)
		}
		wantNoProcess(t, state)
	}
}

func (p part) restartedService() {
	t, b := p.t, p.bench
	name := b.register(t, "restarted", Steady)
	seen := map[svc.Process]bool{}
	for range 7 { // more often than systemd's start limit allows
		b.start(t, name)
		state := b.inspect(t, name)
		if state.Activity != svc.Running || seen[state.Process()] {
			t.Fatalf("got %+v, want a running process that was not seen before", state)
		}
		seen[state.Process()] = true
		b.stop(t, name)
	}
}

func (p part) failingService() {
	t, b := p.t, p.bench
	name := b.register(t, "failing", FailsAtStart)
	wantError(t, "start", b.Manager.Start(t.Context(), name), svc.ErrStart)
	if state := b.inspect(t, name); state.Activity == svc.Running {
		t.Errorf("got %+v, want a service that does not run", state)
	}
	b.stop(t, name)
}

func (p part) crashingService() {
	t, b := p.t, p.bench
	name := b.register(t, "crashing", Crashes)
	if err := b.Manager.Start(t.Context(), name); err != nil && !errors.Is(err, svc.ErrStart) {
		t.Fatalf("start: %v", err)
	}
	first := b.inspect(t, name).Process()
	state := b.await(t, name, "crashed", func(s svc.State) bool {
		return s.Activity != svc.Running || s.Process() != first
	})
	if b.Restarts {
		state = b.await(t, name, "restarted", func(s svc.State) bool { return s.Restarts > 0 || s.Activity == svc.Failed })
	}
	if state.Detail == "" {
		t.Errorf("got %+v, want the manager's own words", state)
	}
	// What a rollback does: stop, put the old back, start.
	b.stop(t, name)
	if err := b.Manager.Register(t.Context(), b.Define(t, name, Steady)); err != nil {
		t.Fatalf("register again: %v", err)
	}
	b.start(t, name)
	if state := b.inspect(t, name); state.Activity != svc.Running || state.Restarts != 0 {
		t.Errorf("got %+v, want a running service with no restarts", state)
	}
}

func (p part) hangingService() {
	t, b := p.t, p.bench
	name := b.register(t, "hanging", HangsAtStop)
	b.start(t, name)
	before := b.inspect(t, name).Process()
	ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
	defer cancel()
	began := time.Now()
	err := b.Manager.Stop(ctx, name)
	wantError(t, "stop", err, svc.ErrStop)
	wantError(t, "stop", err, context.DeadlineExceeded)
	if took := time.Since(began); took > 3*time.Second {
		t.Errorf("got an answer after %v, want one when the context ended", took)
	}
	if state := b.inspect(t, name); state.Process() != before || state.Activity == svc.Stopped {
		t.Errorf("got %+v, want the same process, not stopped", state)
	}
	if b.HostStops {
		b.await(t, name, "ended by the manager", func(s svc.State) bool { return s.PID == 0 })
	}
}

func (p part) endedContext() {
	t, b := p.t, p.bench
	name := b.register(t, "ended", Steady)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := b.Manager.Inspect(ctx, name); !errors.Is(err, context.Canceled) {
		t.Errorf("inspect: got %v, want %v", err, context.Canceled)
	}
	wantError(t, "start", b.Manager.Start(ctx, name), context.Canceled)
	wantError(t, "register", b.Manager.Register(ctx, b.Define(t, name, Steady)), context.Canceled)
	wantError(t, "unregister", b.Manager.Unregister(ctx, name), context.Canceled)
	if state := b.inspect(t, name); !state.Exists || state.Activity != svc.Stopped {
		t.Errorf("got %+v, want the stopped service", state)
	}
}

func (p part) replacedDefinition() {
	t, b := p.t, p.bench
	name := b.register(t, "replaced", FailsAtStart)
	if err := b.Manager.Register(t.Context(), b.Define(t, name, Steady)); err != nil {
		t.Fatalf("register again: %v", err)
	}
	b.start(t, name)
	if state := b.inspect(t, name); state.Activity != svc.Running {
		t.Errorf("got %+v, want the new definition to run", state)
	}
}

func (p part) unregisteredService() {
	t, b := p.t, p.bench
	name := b.register(t, "unregistered", Steady)
	for range 2 {
		if err := b.Manager.Unregister(t.Context(), name); err != nil {
			t.Fatalf("unregister: %v", err)
		}
		if state := b.inspect(t, name); state.Exists {
			t.Errorf("got %+v, want a service that does not exist", state)
		}
	}
}

func (p part) enabledService() {
	t, b := p.t, p.bench
	if !b.Enables {
		t.Skip("this manager starts nothing with the host")
	}
	name := b.register(t, "enabled", Steady)
	if got, want := b.inspect(t, name).Enablement, cmp.Or(b.NotEnabled, svc.Disabled); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	d := b.Define(t, name, Steady)
	for _, enable := range []bool{true, false} { // false leaves it as it is
		d.Enable = enable
		if err := b.Manager.Register(t.Context(), d); err != nil {
			t.Fatalf("register: %v", err)
		}
		if got := b.inspect(t, name).Enablement; got != svc.Enabled {
			t.Errorf("enable %v: got %q, want %q", enable, got, svc.Enabled)
		}
	}
}

func (p part) maskedService() {
	t, b := p.t, p.bench
	if b.Mask == nil {
		t.Skip("this manager masks nothing")
	}
	name := b.Prefix + "masked"
	defer b.Mask(t, name)()
	state := b.inspect(t, name)
	if !state.Exists || state.Enablement != svc.Masked {
		t.Errorf("got %+v, want a masked service that exists", state)
	}
	wantError(t, "start", b.Manager.Start(t.Context(), name), svc.ErrMasked)
	wantError(t, "register", b.Manager.Register(t.Context(), b.Define(t, name, Steady)), svc.ErrMasked)
	if err := b.Manager.Unregister(t.Context(), name); err != nil {
		t.Errorf("unregister: %v", err)
	}
	if got := b.inspect(t, name).Enablement; got != svc.Masked {
		t.Errorf("got %q after unregister, want the mask to stay", got)
	}
}
