//go:build system && linux

package rollout_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/health"
	"github.com/empowersuite/backend-installer/installer/rollout"
	"github.com/empowersuite/backend-installer/installer/svc"
)

// always finds everything healthy: what these tests are about is processes.
type always struct{}

func (always) Probe(context.Context, health.Check) (health.Result, error) {
	return health.Result{Healthy: true}, nil
}

type systemdBench struct {
	manager *svc.SystemdManager
	crew    rollout.Crew
}

func onSystemd(t *testing.T) systemdBench {
	t.Helper()
	switch {
	case svc.Booted():
	case os.Getenv("EMPOWER_SYSTEM_BIN") != "":
		t.Fatal("/run/systemd/system is absent, and scripts/system promised a systemd")
	default:
		t.Skip("systemd is not this host's service manager; run scripts/system")
	}
	m := svc.Systemd(svc.SystemdOptions{})
	t.Cleanup(m.Close)
	return systemdBench{m, rollout.Crew{
		Manager: func(rollout.Service) (svc.Manager, error) { return m, nil },
		Prober:  always{}, Now: time.Now,
		Limits: rollout.Limits{Stop: 2 * time.Second, Start: 10 * time.Second, Poll: 20 * time.Millisecond},
	}}
}

const steady = "ExecStart=/bin/sleep infinity"

// place registers a unit and, where run is set, starts it.
func (b systemdBench) place(t *testing.T, name, head, service string, run bool) {
	t.Helper()
	text := fmt.Appendf(nil, "[Unit]\n%s\n[Service]\nType=simple\n%s\n", head, service)
	if err := b.manager.Register(t.Context(), svc.Definition{Name: name, Unit: text}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		if err := errors.Join(b.manager.Stop(ctx, name), b.manager.Unregister(ctx, name)); err != nil {
			t.Error(err)
		}
	})
	if run {
		if err := b.manager.Start(t.Context(), name); err != nil {
			t.Fatal(err)
		}
	}
}

func (b systemdBench) state(t *testing.T, name string) svc.State {
	t.Helper()
	s, err := b.manager.Inspect(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (b systemdBench) survey(t *testing.T, services ...rollout.Service) []rollout.Found {
	t.Helper()
	found, err := b.crew.Survey(t.Context(), services)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func service(name string, after ...string) rollout.Service {
	return rollout.Service{
		Name: name, Manager: "systemd", After: after, Reads: []string{"/etc/tst.conf"},
		Check: &health.Check{HTTP: "http://127.0.0.1/"}, Within: 5 * time.Second, StableFor: 2 * time.Second,
	}
}

func TestSystemdServicesThatRanAreRestartedAndNoOthers(t *testing.T) {
	b := onSystemd(t)
	b.place(t, "tst-base", "", steady, true)
	b.place(t, "tst-web", "Requires=tst-base.service\nAfter=tst-base.service", steady, true)
	b.place(t, "tst-idle", "Requires=tst-base.service\nAfter=tst-base.service", steady, false)
	b.place(t, "tst-unnamed", "BindsTo=tst-web.service\nAfter=tst-web.service", steady, true)
	b.place(t, "tst-unnamed-idle", "Requires=tst-web.service\nAfter=tst-web.service", steady, false)
	b.place(t, "tst-stranger", "", steady, true)

	found := b.survey(t, service("tst-base"), service("tst-web", "tst-base"), service("tst-idle", "tst-base"))
	affected := rollout.Affected(found, []string{"/etc/tst.conf"})
	if got, want := names(affected), "tst-base tst-web tst-unnamed.service"; got != want {
		t.Fatalf("got %q, want %q", got, want)
	}
	stranger := b.state(t, "tst-stranger").Process()
	if err := b.crew.Restart(t.Context(), affected); err != nil {
		t.Fatal(err)
	}
	if err := b.crew.Prove(t.Context(), affected, ""); err != nil {
		t.Fatal(err)
	}
	var starts []time.Time
	for _, f := range affected {
		now := b.state(t, f.Name)
		if now.Activity != svc.Running || now.Process() == f.Before {
			t.Errorf("%s: got %+v, want another process than %+v", f.Name, now, f.Before)
		}
		starts = append(starts, now.Started)
	}
	if !slices.IsSortedFunc(starts, time.Time.Compare) {
		t.Errorf("got starts at %v, want them in order", starts)
	}
	for _, idle := range []string{"tst-idle", "tst-unnamed-idle"} {
		if got := b.state(t, idle).Activity; got != svc.Stopped {
			t.Errorf("%s: got %q, want what did not run to stay stopped", idle, got)
		}
	}
	if got := b.state(t, "tst-stranger").Process(); got != stranger {
		t.Errorf("got %+v, want the service that has nothing to do with it left alone", got)
	}
}

// systemctl restart succeeds for such a service.
func TestASystemdServiceThatDiesAfterItsStartIsNotProven(t *testing.T) {
	b := onSystemd(t)
	for _, c := range []struct {
		name, service string
		want, or      error
	}{
		{"tst-dies", "ExecStart=/bin/sh -c 'sleep 1.5; exit 1'", rollout.ErrUnstable, nil},
		{"tst-loops", "ExecStart=/bin/sh -c 'sleep 1.5; exit 1'\nRestart=always\nRestartSec=50ms", rollout.ErrUnstable, nil},
		{"tst-fails", "ExecStart=/bin/sh -c 'exit 1'", rollout.ErrUnhealthy, svc.ErrStart}, // whichever sees it first
	} {
		b.place(t, c.name, "", steady, true)
		found := b.survey(t, service(c.name))
		broken := fmt.Appendf(nil, "[Service]\nType=simple\n%s\n", c.service)
		if err := b.manager.Register(t.Context(), svc.Definition{Name: c.name, Unit: broken}); err != nil {
			t.Fatal(err)
		}
		err := b.crew.Restart(t.Context(), found)
		if err == nil {
			err = b.crew.Prove(t.Context(), found, "")
		}
		if !errors.Is(err, c.want) && (c.or == nil || !errors.Is(err, c.or)) {
			t.Errorf("%s: got %v, want %v", c.name, err, c.want)
		}
		// The file is put back, and so is the service.
		good := fmt.Appendf(nil, "[Service]\nType=simple\n%s\n", steady)
		if err := b.manager.Register(t.Context(), svc.Definition{Name: c.name, Unit: good}); err != nil {
			t.Fatal(err)
		}
		if err := b.crew.Return(t.Context(), found, ""); err != nil {
			t.Errorf("%s: return: %v", c.name, err)
		}
		if got := b.state(t, c.name).Activity; got != svc.Running {
			t.Errorf("%s: got %q after the return, want %q", c.name, got, svc.Running)
		}
	}
}

func TestASystemdServiceThatHangsAtStopEndsTheRestartAtItsLimit(t *testing.T) {
	b := onSystemd(t)
	b.place(t, "tst-hangs", "", steady+"\nKillSignal=SIGCONT\nTimeoutStopSec=4", true)
	found := b.survey(t, service("tst-hangs"))
	began := time.Now()
	err := b.crew.Restart(t.Context(), found)
	var failed *rollout.ServiceError
	if !errors.As(err, &failed) || failed.Wanted != "stop" || !errors.Is(err, svc.ErrStop) {
		t.Errorf("got %v, want the stop to fail", err)
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("got an answer after %v, want one at the limit of 2 s", took)
	}
	// systemd goes on stopping; the return waits for it and starts again.
	b.crew.Limits.Stop = 15 * time.Second
	if err := b.crew.Return(t.Context(), found, ""); err != nil {
		t.Errorf("return: %v", err)
	}
	if now := b.state(t, "tst-hangs"); now.Activity != svc.Running || now.Process() == found[0].Before {
		t.Errorf("got %+v, want it to run again", now)
	}
}
