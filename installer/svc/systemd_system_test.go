//go:build system && linux

package svc_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/coreos/go-systemd/v22/dbus"

	"github.com/empowersuite/backend-installer/installer/svc"
	"github.com/empowersuite/backend-installer/installer/svc/svctest"
)

const prefix = "svctest-"

// asNobody makes this test binary run one test as an ordinary user.
const asNobody = "SVCTEST_AS_NOBODY"

func needSystemd(t *testing.T) {
	t.Helper()
	switch {
	case svc.Booted():
	case os.Getenv("EMPOWER_SYSTEM_BIN") != "":
		t.Fatal("/run/systemd/system is absent, and scripts/system promised a systemd")
	default:
		t.Skip("systemd is not this host's service manager; run scripts/system")
	}
}

func openSystemd(t *testing.T) *svc.SystemdManager {
	t.Helper()
	needSystemd(t)
	m := svc.Systemd(svc.SystemdOptions{})
	t.Cleanup(m.Close)
	return m
}

func TestSystemdKeepsTheContract(t *testing.T) {
	needSystemd(t)
	svctest.Run(t, func(t *testing.T) svctest.Bench {
		t.Helper()
		return svctest.Bench{
			Manager: openSystemd(t), Prefix: prefix, Restarts: true, Enables: true, HostStops: true,
			Define: func(_ *testing.T, name string, b svctest.Behaviour) svc.Definition {
				return svc.Definition{Name: name, Unit: unitOf(b)}
			},
			Mask: mask,
		}
	})
}

func unitOf(b svctest.Behaviour) []byte {
	return unit("", map[svctest.Behaviour]string{
		svctest.Steady:       "ExecStart=/bin/sleep infinity",
		svctest.FailsAtStart: "ExecStartPre=/bin/sh -c 'exit 3'\nExecStart=/bin/sleep infinity",
		svctest.Crashes:      "ExecStart=/bin/sh -c 'sleep 0.2; exit 1'\nRestart=always\nRestartSec=100ms",
		svctest.HangsAtStop:  "ExecStart=/bin/sleep infinity\nKillSignal=SIGCONT\nTimeoutStopSec=5",
	}[b])
}

func unit(head, service string) []byte {
	return fmt.Appendf(nil, "[Unit]\nDescription=contract test\n%s\n[Service]\nType=exec\n%s\n[Install]\nWantedBy=multi-user.target\n", head, service)
}

func mask(t *testing.T, name string) func() {
	t.Helper()
	conn, err := dbus.NewWithContext(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	units := []string{name + ".service"}
	if _, err := conn.MaskUnitFilesContext(t.Context(), units, false, false); err != nil {
		t.Fatal(err)
	}
	if err := conn.ReloadContext(t.Context()); err != nil {
		t.Fatal(err)
	}
	return func() {
		defer conn.Close()
		if _, err := conn.UnmaskUnitFilesContext(context.Background(), units, false); err != nil {
			t.Error(err)
		}
		if err := conn.ReloadContext(context.Background()); err != nil {
			t.Error(err)
		}
	}
}

// place registers a unit and removes it afterwards.
func place(t *testing.T, m svc.Manager, name string, text []byte) string {
	t.Helper()
	name = prefix + name
	if err := m.Register(t.Context(), svc.Definition{Name: name, Unit: text}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		if err := m.Stop(ctx, name); err != nil && !errors.Is(err, svc.ErrNotFound) {
			t.Error(err)
		}
		if err := m.Unregister(ctx, name); err != nil {
			t.Error(err)
		}
	})
	return name
}

func inspect(t *testing.T, m svc.Manager, name string) svc.State {
	t.Helper()
	s, err := m.Inspect(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSystemdTellsWhoDependsOnWhomAndWhatTheUnitSets(t *testing.T) {
	m := openSystemd(t)
	place(t, m, "base", unitOf(svctest.Steady))
	file := filepath.Join(t.TempDir(), "extra.env")
	if err := os.WriteFile(file, []byte("FROM_FILE=not-to-be-seen\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	name := place(t, m, "web", unit(
		"Requires=svctest-base.service\nAfter=svctest-base.service network.target",
		"ExecStart=/bin/sleep infinity\nEnvironment=AzureAd__ClientSecret=not-to-be-seen 'B=two words'\n"+
			"Environment=GONE=1\nUnsetEnvironment=GONE\nPassEnvironment=LANG\nEnvironmentFile="+file))
	if err := m.Start(t.Context(), name); err != nil {
		t.Fatal(err)
	}
	state := inspect(t, m, name)
	want(t, "Needs", state.Needs, "svctest-base.service")
	want(t, "Env", state.Env, "AzureAd__ClientSecret", "B", "LANG")
	want(t, "EnvFiles", state.EnvFiles, file)
	if !slices.Contains(state.After, "svctest-base.service") || slices.Contains(state.After, "network.target") {
		t.Errorf("After: got %q, want svctest-base.service and services only", state.After)
	}
	if text := fmt.Sprintf("%+v", state); strings.Contains(text, "not-to-be-seen") || strings.Contains(text, "two words") {
		t.Errorf("got %s, want no value of a variable", text)
	}
	base := inspect(t, m, "svctest-base")
	want(t, "NeededBy", base.NeededBy, "svctest-web.service")
	if base.Activity != svc.Running {
		t.Errorf("got %q, want what is required to be started too", base.Activity)
	}
	if err := m.Stop(t.Context(), "svctest-base"); err != nil {
		t.Fatal(err)
	}
	if err := m.Start(t.Context(), "svctest-base"); err != nil {
		t.Fatal(err)
	}
	if got := inspect(t, m, name).Activity; got != svc.Stopped {
		t.Errorf("got %q, want the dependant to be down until it is started itself", got)
	}
}

func TestSystemdTakesFullUnitNames(t *testing.T) {
	m := openSystemd(t)
	name := place(t, m, "dotted-9.7", unitOf(svctest.Steady))
	for _, form := range []string{name, name + ".service"} {
		if state := inspect(t, m, form); !state.Exists || state.Name != form {
			t.Errorf("got %+v, want the service by the name %q", state, form)
		}
	}
	for _, bad := range []string{"../../etc/passwd", "two words", "", "template@", strings.Repeat("n", 300)} {
		if state := inspect(t, m, bad); state.Exists {
			t.Errorf("%q: got %+v, want no service", bad, state)
		}
		if err := m.Start(t.Context(), bad); err == nil {
			t.Errorf("%q: started", bad)
		}
	}
}

func TestSystemdSeesAServiceWhoseUnitFileIsGone(t *testing.T) {
	m := openSystemd(t)
	name := place(t, m, "orphan", unitOf(svctest.Steady))
	if err := m.Start(t.Context(), name); err != nil {
		t.Fatal(err)
	}
	if err := m.Unregister(t.Context(), name); err != nil {
		t.Fatal(err)
	}
	if state := inspect(t, m, name); !state.Exists || state.Activity != svc.Running {
		t.Errorf("got %+v, want what runs to be seen", state)
	}
	if err := m.Stop(t.Context(), name); err != nil {
		t.Error(err)
	}
	if state := inspect(t, m, name); state.Exists {
		t.Errorf("got %+v, want nothing left", state)
	}
}

func TestSystemdOutlivesTheContextOfTheFirstCall(t *testing.T) {
	m := openSystemd(t)
	ctx, cancel := context.WithCancel(t.Context())
	if _, err := m.Inspect(ctx, prefix+"none"); err != nil {
		t.Fatal(err)
	}
	cancel()
	time.Sleep(50 * time.Millisecond)
	inspect(t, m, prefix+"none")
	m.Close()
	inspect(t, m, prefix+"none")
}

func TestSystemdRefusesAnOrdinaryUser(t *testing.T) {
	m := openSystemd(t)
	name := place(t, m, "guarded", unitOf(svctest.Steady))
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	child := exec.CommandContext(t.Context(), self, "-test.run=^TestAsAnOrdinaryUser$", "-test.v")
	child.Dir = "/"
	child.Env = append(os.Environ(), asNobody+"="+name)
	child.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	out, err := child.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "--- PASS") {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestAsAnOrdinaryUser(t *testing.T) {
	name := os.Getenv(asNobody)
	if name == "" {
		t.Skip("run by TestSystemdRefusesAnOrdinaryUser")
	}
	m := openSystemd(t)
	if state := inspect(t, m, name); !state.Exists {
		t.Errorf("got %+v, want everybody to see the service", state)
	}
	for attempt, err := range map[string]error{
		"start":      m.Start(t.Context(), name),
		"register":   m.Register(t.Context(), svc.Definition{Name: name, Unit: unitOf(svctest.Steady)}),
		"unregister": m.Unregister(t.Context(), name),
	} {
		if !errors.Is(err, svc.ErrPermission) {
			t.Errorf("%s: got %v, want %v", attempt, err, svc.ErrPermission)
		}
	}
}
