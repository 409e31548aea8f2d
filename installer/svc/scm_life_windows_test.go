package svc_test

import (
	"errors"
	"math/rand/v2"
	"os"
	"os/user"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"
	"golang.org/x/sys/windows/svc/mgr"

	"github.com/empowersuite/backend-installer/installer/svc"
	"github.com/empowersuite/backend-installer/installer/svc/svctest"
)

func calls(t *testing.T) svc.SCMCalls {
	t.Helper()
	c, err := svc.SystemSCM()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// needsWindows skips a test of what Wine lacks.
func needsWindows(t *testing.T, why string) {
	t.Helper()
	if calls(t).Emulated() {
		t.Skip(why)
	}
}

func TestAServiceThatIsDisabledIsNotStarted(t *testing.T) {
	d := definition(t, prefix()+"disabled", svctest.Steady)
	m := installed(t, d)
	if err := calls(t).Change(d.Name, svc.SCMChange{Start: 4}); err != nil {
		t.Fatal(err)
	}
	wantAll(t, m.Start(t.Context(), d.Name), svc.ErrDisabled)
	d.Enable = true
	if err := m.Register(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	if got := inspected(t, m, d.Name).Enablement; got != svc.Disabled {
		t.Errorf("got %q after it was registered again, want it to stay %q", got, svc.Disabled)
	}
}

func TestAServiceWhoseProcessIsKilledHasFailedAndIsStartedAnew(t *testing.T) {
	d := definition(t, prefix()+"killed", svctest.Steady)
	m := installed(t, d)
	for range 2 {
		if err := m.Start(t.Context(), d.Name); err != nil {
			t.Fatal(err)
		}
		before := inspected(t, m, d.Name)
		kill(t, before.PID)
		after := failed(t, m, d.Name)
		if after.Process() != (svc.Process{}) || after.Detail == "" {
			t.Errorf("got %+v, want a failure without a process", after)
		}
	}
}

func kill(t *testing.T, pid int) {
	t.Helper()
	process, err := os.FindProcess(pid)
	if err == nil {
		err = process.Kill()
	}
	if err != nil {
		t.Fatal(err)
	}
}

// failed waits until the service is told as failed.
func failed(t *testing.T, m svc.Manager, name string) svc.State {
	t.Helper()
	end := time.Now().Add(10 * time.Second)
	for {
		state, err := m.Inspect(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		if state.Activity == svc.Failed || time.Now().After(end) {
			if state.Activity != svc.Failed {
				t.Fatalf("got %+v, want a failure", state)
			}
			return state
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func TestTheVariablesOfAServiceAreItsOwnAndTheHosts(t *testing.T) {
	d := definition(t, prefix()+"variables", svctest.Steady)
	m := installed(t, d)
	key, err := registry.OpenKey(registry.LOCAL_MACHINE, `SYSTEM\CurrentControlSet\Services\`+d.Name, registry.SET_VALUE)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = key.Close() }()
	if err := key.SetStringsValue("Environment", []string{"AzureAd__ClientSecret=not-a-real-secret", "PATH=x", "DOTNET_ENVIRONMENT=Staging"}); err != nil {
		t.Fatal(err)
	}
	got := inspected(t, m, d.Name)
	for _, name := range []string{"AzureAd__ClientSecret", "PATH", "ComSpec"} {
		if !slices.Contains(got.Env, name) {
			t.Errorf("got %q, want %s in it", got.Env, name)
		}
	}
	if text := strings.Join(got.Env, " "); strings.Contains(text, "not-a-real-secret") || !slices.IsSorted(got.Env) {
		t.Errorf("got %q, want sorted names alone", text)
	}
	if want := []string{"Staging"}; !slices.Equal(got.Environments, want) {
		t.Errorf("got %q, want %q", got.Environments, want)
	}
}

func TestWhatIsRegisteredIsReadBack(t *testing.T) {
	d := definition(t, prefix()+"kept", svctest.Steady)
	d.Windows.Exec = append(d.Windows.Exec, "")
	m := installed(t, d)
	before, err := calls(t).Config(d.Name)
	if err != nil {
		t.Fatal(err)
	}
	line, err := svc.CommandLine(d.Windows.Exec)
	if err != nil || before.CommandLine != line || before.DisplayName != d.Windows.DisplayName || before.Account != "LocalSystem" || before.Start != 3 {
		t.Errorf("got %+v and %v, want %s", before, err, line)
	}
	d.Windows.DisplayName, d.Enable = "Another", true
	if err := m.Register(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	after, err := calls(t).Config(d.Name)
	if err != nil || after.DisplayName != "Another" || after.Start != 2 || after.CommandLine != line {
		t.Errorf("got %+v and %v", after, err)
	}
}

func TestAServiceThatIsDeletedWhileItRunsGoesWhenItStops(t *testing.T) {
	d := definition(t, prefix()+"deleted", svctest.Steady)
	m := installed(t, d)
	if err := m.Start(t.Context(), d.Name); err != nil {
		t.Fatal(err)
	}
	if err := m.Unregister(t.Context(), d.Name); err != nil {
		t.Fatal(err)
	}
	if !calls(t).Emulated() { // Wine lets it be changed
		wantAll(t, m.Register(t.Context(), d), svc.ErrDeleting)
	}
	if err := m.Stop(t.Context(), d.Name); err != nil {
		t.Fatal(err)
	}
	if err := m.Register(t.Context(), d); err != nil {
		t.Error(err)
	}
}

func TestDependantsAreStoppedAndTold(t *testing.T) {
	needsWindows(t, "Wine keeps no dependencies of services")
	base := definition(t, prefix()+"base", svctest.Steady)
	m := installed(t, base)
	top := definition(t, prefix()+"top", svctest.Steady)
	top.Windows.After = []string{base.Name}
	installed(t, top)
	if err := m.Start(t.Context(), top.Name); err != nil {
		t.Fatal(err)
	}
	if got := inspected(t, m, base.Name); got.Activity != svc.Running || !slices.Equal(got.NeededBy, []string{top.Name}) {
		t.Errorf("got %+v, want it started and needed", got)
	}
	want(t, "needs", inspected(t, m, top.Name).Needs, base.Name)
	if err := m.Stop(t.Context(), base.Name); err != nil {
		t.Fatal(err)
	}
	if got := inspected(t, m, top.Name).Activity; got != svc.Stopped {
		t.Errorf("got %q, want the dependant stopped", got)
	}
}

func TestWindowsKeepsTheOptionalParts(t *testing.T) {
	needsWindows(t, "Wine has no delayed start and no failure flag, and does not tell recovery actions")
	d := definition(t, prefix()+"parts", svctest.Steady)
	d.Enable, d.Windows.Delayed = true, true
	installed(t, d)
	manager, err := mgr.Connect()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = manager.Disconnect() }()
	service, err := manager.OpenService(d.Name)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = service.Close() }()
	config, err := service.Config()
	if err != nil || !config.DelayedAutoStart || config.Description != d.Windows.Description {
		t.Errorf("got %+v and %v", config, err)
	}
	actions, err := service.RecoveryActions()
	restart := mgr.RecoveryAction{Type: mgr.ServiceRestart, Delay: time.Minute}
	if err != nil || !slices.Equal(actions, []mgr.RecoveryAction{restart, restart, {}}) {
		t.Errorf("got %+v and %v", actions, err)
	}
	if on, err := service.RecoveryActionsOnNonCrashFailures(); err != nil || !on {
		t.Errorf("got %v and %v, want the flag", on, err)
	}
}

func TestAnAccountIsLetLogOnAsAService(t *testing.T) {
	me, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	_, name, _ := strings.Cut(me.Username, `\`)
	for _, account := range []string{me.Username, me.Username, `.\` + name} {
		if err := calls(t).Grant(account); err != nil {
			t.Errorf("%s: %v", account, err)
		}
	}
	var refused *svc.WindowsError
	if err := calls(t).Grant(`.\installer-test-nobody`); !errors.As(err, &refused) || refused.Number != svc.WindowsNoSuchAccount {
		t.Errorf("nobody: got %v", err)
	}
}

func TestWindowsTakesACommandLineApartAgain(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	letters := []rune(`\\\"" abü` + "\t")
	for range 2000 {
		argv := []string{`C:\Program Files\b.exe`}
		for range random.IntN(4) {
			arg := make([]rune, random.IntN(9))
			for i := range arg {
				arg[i] = letters[random.IntN(len(letters))]
			}
			argv = append(argv, string(arg))
		}
		line, err := svc.CommandLine(argv)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := windows.DecomposeCommandLine(line); err != nil || !slices.Equal(got, argv) {
			t.Errorf("%s: got %q and %v, want %q", line, got, err, argv)
		}
	}
}
