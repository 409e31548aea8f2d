package svc_test

import (
	"context"
	"encoding/json"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/svc"
)

func inspected(t *testing.T, m *svc.SCMManager, name string) svc.State {
	t.Helper()
	s, err := m.Inspect(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestInspectTellsWhatTheManagerKnows(t *testing.T) {
	onDouble(t, func(d *double, m *svc.SCMManager) {
		t := d.t
		s := d.add("web", svc.SCMRunning)
		s.status.PID = 4711
		s.config.Start = 2
		s.config.After = []string{"Tcpip", "+NetworkProvider", "MSSQLSERVER", "Tcpip"}
		s.dependants = []string{"proxy", "agent"}
		s.variables = []string{"PATH", "AzureAd__ClientSecret", "PATH", "aspnetcore_Environment=Staging"}
		got := inspected(t, m, "web")
		if !got.Exists || got.Name != "web" || got.Activity != svc.Running || got.Enablement != svc.Enabled || got.Detail != "running" {
			t.Errorf("got %+v", got)
		}
		if got.PID != 4711 || !got.Started.Equal(started()) || got.Started.Location() != time.UTC {
			t.Errorf("got %+v, want process 4711 since %s", got.Process(), started())
		}
		if got.Account != "LocalSystem" {
			t.Errorf("got the account %q", got.Account)
		}
		want(t, "after", got.After, "MSSQLSERVER", "Tcpip")
		want(t, "needs", got.Needs, "MSSQLSERVER", "Tcpip")
		want(t, "needed by", got.NeededBy, "agent", "proxy")
		want(t, "variables", got.Env, "AzureAd__ClientSecret", "PATH", "aspnetcore_Environment")
		want(t, ".NET environments", got.Environments, "Staging")
		d.asked(t)
	})
}

func TestAProcessOfWindowsIsTheSameAfterAJournalKeptIt(t *testing.T) {
	onDouble(t, func(d *double, m *svc.SCMManager) {
		t := d.t
		d.add("web", svc.SCMRunning)
		process := inspected(t, m, "web").Process()
		text, err := json.Marshal(process)
		var read svc.Process
		if err != nil || json.Unmarshal(text, &read) != nil || read != process {
			t.Errorf("got %+v back from %s, want %+v", read, text, process)
		}
	})
}

func TestEveryStatusIsAnActivity(t *testing.T) {
	for _, c := range []struct {
		status svc.SCMStatus
		want   svc.Activity
		detail string
	}{
		{svc.SCMStatus{State: svc.SCMStopped}, svc.Stopped, "stopped"},
		{svc.SCMStatus{State: svc.SCMStopped, ExitCode: svc.WindowsNeverStarted}, svc.Stopped, "stopped, exit code 1077: it was not started since the host was"},
		{svc.SCMStatus{State: svc.SCMStopped, ExitCode: svc.WindowsProcessAborted}, svc.Failed, "stopped, exit code 1067: its process ended unexpectedly"},
		{svc.SCMStatus{State: svc.SCMStopped, ExitCode: svc.WindowsServiceSpecificError, Specific: 7}, svc.Failed, "stopped, service-specific exit code 7"},
		{svc.SCMStatus{State: svc.SCMStopped, ExitCode: 87}, svc.Failed, "stopped, exit code 87"},
		{
			svc.SCMStatus{State: svc.SCMStartPending, CheckPoint: 2, WaitHint: 3 * time.Second},
			svc.Starting, "start pending, checkpoint 2, wait hint 3s",
		},
		{svc.SCMStatus{State: svc.SCMStopPending}, svc.Stopping, "stop pending, checkpoint 0, wait hint 0s"},
		{svc.SCMStatus{State: svc.SCMRunning}, svc.Running, "running"},
		{svc.SCMStatus{State: svc.SCMPaused}, svc.Running, "paused"},
		{svc.SCMStatus{State: 99}, svc.Stopped, "state 99"},
	} {
		onDouble(t, func(d *double, m *svc.SCMManager) {
			t := d.t
			d.become(d.add("web", svc.SCMStopped), c.status)
			if got := inspected(t, m, "web"); got.Activity != c.want || got.Detail != c.detail {
				t.Errorf("%+v: got %q (%s), want %q (%s)", c.status, got.Activity, got.Detail, c.want, c.detail)
			}
		})
	}
}

func TestEveryStartTypeIsAnEnablement(t *testing.T) {
	for start, want := range map[uint32]svc.Enablement{0: svc.Enabled, 1: svc.Enabled, 2: svc.Enabled, 3: svc.Manual, 4: svc.Disabled} {
		onDouble(t, func(d *double, m *svc.SCMManager) {
			t := d.t
			d.add("web", svc.SCMStopped).config.Start = start
			if got := inspected(t, m, "web").Enablement; got != want {
				t.Errorf("start type %d: got %q, want %q", start, got, want)
			}
		})
	}
}

func TestAServiceThatRunsWithoutItsProcessHasFailed(t *testing.T) {
	onDouble(t, func(d *double, m *svc.SCMManager) {
		t := d.t
		s := d.add("web", svc.SCMRunning)
		s.status.PID = 4711
		d.kill(4711)
		got := inspected(t, m, "web")
		if got.Activity != svc.Failed || got.Process() != (svc.Process{}) || got.Detail != "running, but its process 4711 has ended" {
			t.Errorf("got %+v", got)
		}
	})
}

// Between the look at the status and that at the process.
func TestAServiceThatIsRestartedMeanwhileHasNotFailed(t *testing.T) {
	onDouble(t, func(d *double, m *svc.SCMManager) {
		t := d.t
		s := d.add("web", svc.SCMRunning)
		s.status.PID = 1
		d.kill(1)
		d.onProcess = func() {
			d.onProcess = nil
			s.status.PID = 2
		}
		if got := inspected(t, m, "web"); got.Activity != svc.Running || got.PID != 2 {
			t.Errorf("got %+v, want the new process", got)
		}
		s.status.PID = 1
		d.onProcess = func() {
			d.onProcess = nil
			s.status.PID = 2
		}
		if err := m.Start(t.Context(), "web"); err != nil {
			t.Error(err)
		}
		d.asked(t)
	})
}

func TestASharedProcessIsNotTheServices(t *testing.T) {
	onDouble(t, func(d *double, m *svc.SCMManager) {
		t := d.t
		s := d.add("web", svc.SCMRunning)
		s.status.Type, s.status.PID = 0x20, 4711
		got := inspected(t, m, "web")
		if got.Activity != svc.Running || got.PID != 0 || !strings.Contains(got.Detail, "process 4711 that it shares") {
			t.Errorf("got %+v", got)
		}
		s.stop = func() error { d.become(s, svc.SCMStatus{State: svc.SCMStopped}); return nil }
		if err := m.Stop(t.Context(), "web"); err != nil { // and does not wait for the process
			t.Error(err)
		}
	})
}

func TestAProcessThatThisAccountMayNotSeeHasNoStart(t *testing.T) {
	onDouble(t, func(d *double, m *svc.SCMManager) {
		t := d.t
		s := d.add("web", svc.SCMRunning)
		d.refuse["process"] = svc.ErrPermission
		if got := inspected(t, m, "web"); got.Activity != svc.Running || got.PID != int(s.status.PID) || !got.Started.IsZero() {
			t.Errorf("got %+v", got)
		}
	})
}

func TestNamesThatTheManagerWouldNotTakeAreRefused(t *testing.T) {
	onDouble(t, func(d *double, m *svc.SCMManager) {
		t := d.t
		for _, name := range []string{"", "a/b", `a\b`, "a\x00b", " a", strings.Repeat("n", 257)} {
			if got := inspected(t, m, name); got.Exists || got.Name != name {
				t.Errorf("%q: got %+v, want none", name, got)
			}
			wantAll(t, m.Start(t.Context(), name), svc.ErrName)
			wantAll(t, m.Register(t.Context(), svc.Definition{Name: name}), svc.ErrName)
		}
		d.asked(t)
	})
}

func TestWhatMayNotBeInspectedIsAnError(t *testing.T) {
	onDouble(t, func(d *double, m *svc.SCMManager) {
		t := d.t
		d.add("web", svc.SCMRunning)
		for _, call := range []string{"query", "config", "dependants", "variables"} {
			d.refuse = map[string]error{call + " web": number(svc.WindowsAccessDenied)}
			_, err := m.Inspect(t.Context(), "web")
			wantAll(t, err, svc.ErrPermission)
		}
	})
}

func TestTheServiceControlManagerIsWindowsAlone(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("here it is")
	}
	m := svc.SCM(svc.SCMOptions{})
	_, err := m.Inspect(t.Context(), "web")
	wantAll(t, err, svc.ErrUnsupported)
	wantAll(t, m.Start(t.Context(), "web"), svc.ErrUnsupported)
	wantAll(t, m.Stop(t.Context(), "web"), svc.ErrUnsupported)
	wantAll(t, m.Register(t.Context(), svc.Definition{Name: "web"}), svc.ErrUnsupported)
	wantAll(t, m.Unregister(t.Context(), "web"), svc.ErrUnsupported)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	wantAll(t, m.Stop(ctx, "web"), svc.ErrStop, context.Canceled)
}
