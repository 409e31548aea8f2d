package preflight_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/atomicfile"
	"github.com/empowersuite/backend-installer/installer/document"
	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/health"
	"github.com/empowersuite/backend-installer/installer/plan"
	"github.com/empowersuite/backend-installer/installer/preflight"
	"github.com/empowersuite/backend-installer/installer/release"
	"github.com/empowersuite/backend-installer/installer/rollout"
	"github.com/empowersuite/backend-installer/installer/site"
	"github.com/empowersuite/backend-installer/installer/svc"
)

const key = "identity.entra.clientSecret"

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// input plans to change the secret of a .NET backend whose service is fine.
func input(t *testing.T) preflight.Input {
	t.Helper()
	path := filepath.Join(t.TempDir(), "appsettings.json")
	write(t, path, `{"AzureAd": {"ClientSecret": "old"}}`)
	content, err := atomicfile.Read(path, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	slot := site.Slot{Setting: key, Place: document.Slot{At: "/AzureAd/ClientSecret"}}
	file := site.File{File: release.File{Path: path}, Content: content, Format: document.JSONC, Slots: []site.Slot{slot}}
	return preflight.Input{
		Plan: plan.Plan{Files: []plan.File{{File: file, New: []byte("new"), Changes: []plan.Change{{Setting: key}}}}},
		Services: []rollout.Found{{
			Service: rollout.Service{Name: "web", Manager: "systemd", Reads: []string{path}},
			State:   svc.State{Exists: true, Enablement: svc.Enabled, Activity: svc.Running},
		}},
		FreeBytes: func(string) (uint64, error) { return 1 << 30, nil },
	}
}

func TestAHostThatIsReadyHasNoProblems(t *testing.T) {
	f := preflight.Check(input(t))
	if err := f.Err(); err != nil || len(f.Warnings) != 0 {
		t.Errorf("got %v, %q", err, f.Warnings)
	}
}

func TestEveryProblemIsToldAtOnce(t *testing.T) {
	in := input(t)
	in.FreeBytes = func(string) (uint64, error) { return 10, nil }
	in.Services = append(in.Services,
		rollout.Found{Service: rollout.Service{Name: "gone"}},
		rollout.Found{Service: rollout.Service{Name: "hidden"}, State: svc.State{Exists: true, Enablement: svc.Masked}})
	f := preflight.Check(in)
	err := f.Err()
	var problem *fault.Error
	if !errors.As(err, &problem) || problem.Code != fault.Preflight {
		t.Fatalf("got %v", err)
	}
	for _, want := range []string{"10 bytes left", "gone is unknown", "hidden is masked"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is missing in %v", want, err)
		}
	}
	if !strings.Contains(problem.Remedy, "systemctl unmask hidden") {
		t.Errorf("remedy: %q", problem.Remedy)
	}
}

func TestWhatOverridesTheFileIsAProblem(t *testing.T) {
	in := input(t)
	folder := filepath.Dir(in.Plan.Files[0].Path)
	write(t, filepath.Join(folder, "appsettings.Production.json"), `{"azuread": {"clientsecret": "other"}}`)
	in.Services[0].State.Env = []string{"AZUREAD__ClientSecret"}
	f := preflight.Check(in)
	all := ""
	for _, p := range f.Problems {
		all += p.What + "\n"
	}
	for _, want := range []string{"appsettings.Production.json sets /AzureAd/ClientSecret too (line 1)", "sets the environment variable AZUREAD__ClientSecret"} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is missing in:\n%s", want, all)
		}
	}
}

func TestOnWindowsTheRegistryOverridesTheFile(t *testing.T) {
	in := input(t)
	in.Services[0].Manager = release.Windows
	in.Services[0].State.Env = []string{"AzureAd__ClientSecret"}
	f := preflight.Check(in)
	if len(f.Problems) != 1 || !strings.Contains(f.Problems[0].What, "the registry of the host or of web sets the environment variable") ||
		!strings.Contains(f.Problems[0].Remedy, `HKLM\SYSTEM\CurrentControlSet\Services\web`) {
		t.Errorf("got %+v", f.Problems)
	}
}

func TestAServiceThatRunsAndIsDisabledIsAProblemOnWindowsAlone(t *testing.T) {
	for _, c := range []struct {
		manager string
		running bool
		problem bool
	}{
		{release.Windows, true, true}, {release.Windows, false, false}, {release.Systemd, true, false},
	} {
		in := input(t)
		in.Services[0].Manager, in.Services[0].Running, in.Services[0].State.Enablement = c.manager, c.running, svc.Disabled
		f := preflight.Check(in)
		if got := len(f.Problems) == 1 && strings.Contains(f.Problems[0].Remedy, "sc config web start= demand"); got != c.problem {
			t.Errorf("%+v: got %+v", c, f.Problems)
		}
	}
}

func TestWhatMayOverrideTheFileIsAWarning(t *testing.T) {
	in := input(t)
	folder := filepath.Dir(in.Plan.Files[0].Path)
	write(t, filepath.Join(folder, "appsettings.Staging.json"), `{"AzureAd": {"ClientSecret": "other"}}`)
	write(t, filepath.Join(folder, "appsettings.Other.json"), `{"Logging": {}}`)
	f := preflight.Check(in)
	if f.Err() != nil || len(f.Warnings) != 1 || !strings.Contains(f.Warnings[0], "Staging") {
		t.Errorf("got %v, %q", f.Err(), f.Warnings)
	}
}

// prober says that something answers, or not.
type prober bool

func (p prober) Probe(context.Context, health.Check) (health.Result, error) {
	return health.Result{Healthy: bool(p)}, nil
}

func TestAFirstInstallationOverwritesAndDisturbsNothing(t *testing.T) {
	folder := t.TempDir()
	there, inTheWay := filepath.Join(folder, "there.json"), filepath.Join(folder, "file")
	write(t, there, "{}")
	write(t, inTheWay, "")
	f := preflight.CheckFirst(t.Context(), preflight.First{
		Files: []string{there, filepath.Join(folder, "new.json")}, Folders: []string{filepath.Join(inTheWay, "below")},
		Program: filepath.Join(folder, "none"), Prober: prober(true),
		Services: []rollout.Found{
			{Service: rollout.Service{Name: "taken", Manager: "systemd"}, State: svc.State{Exists: true}},
			{Service: rollout.Service{Name: "fresh", Manager: "systemd", Check: &health.Check{TCP: "x"}}},
			{Service: rollout.Service{Name: "loose", Manager: "command"}, Running: true},
		},
		FreeBytes: func(string) (uint64, error) { return 1 << 40, nil },
	})
	err := f.Err()
	if err == nil {
		t.Fatal("no problem")
	}
	for _, want := range []string{
		"there.json is there already", "a service taken exists already", "something answers already where fresh",
		"the service loose runs already", "the program files cannot be read", "file is in the way",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is missing in:\n%v", want, err)
		}
	}
	if strings.Contains(err.Error(), "new.json") {
		t.Errorf("a file that is not there is a problem: %v", err)
	}
}

func TestAFirstInstallationNeedsSpace(t *testing.T) {
	folder := t.TempDir()
	write(t, filepath.Join(folder, "program"), strings.Repeat("x", 1<<20))
	in := preflight.First{Folders: []string{filepath.Join(folder, "a", "b")}, Program: folder, Prober: prober(false)}
	in.FreeBytes = func(string) (uint64, error) { return 64 << 20, nil }
	f := preflight.CheckFirst(t.Context(), in)
	if err := f.Err(); err == nil || !strings.Contains(err.Error(), "MiB left") {
		t.Errorf("got %v", err)
	}
	in.FreeBytes = func(string) (uint64, error) { return 66 << 20, nil }
	f = preflight.CheckFirst(t.Context(), in)
	if err := f.Err(); err != nil {
		t.Errorf("got %v", err)
	}
}
