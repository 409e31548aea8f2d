package svc_test

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"
	"golang.org/x/sys/windows/svc/mgr"

	"github.com/empowersuite/backend-installer/installer/svc"
)

// Windows itself takes the command lines apart in the same way, but for programs
// that are not quoted although their paths have blanks.
func TestWindowsTakesCommandLinesApartInTheSameWay(t *testing.T) {
	for _, c := range commandLines() {
		if strings.HasPrefix(c.line, `C:\Program Files`) || strings.TrimSpace(c.line) == "" {
			continue
		}
		want, err := windows.DecomposeCommandLine(strings.TrimLeft(c.line, " "))
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(c.want, want) {
			t.Errorf("%s: Windows reads %q, the table says %q", c.line, want, c.want)
		}
	}
}

// A service that was just registered is among those that are listed, whatever its
// account and whether or not it runs.
func TestServicesOfWindowsAreListed(t *testing.T) {
	const name = "empower-list-test"
	manager, err := mgr.Connect()
	if err != nil {
		t.Skipf("services cannot be registered here: %v", err)
	}
	t.Cleanup(func() { _ = manager.Disconnect() })
	service, err := manager.CreateService(name, `C:\Program Files\empower\backend\root\Backend.exe`,
		mgr.Config{StartType: mgr.StartManual, Dependencies: []string{"RpcSs"}}, "--env", "PROD one")
	if err != nil {
		t.Skipf("services cannot be registered here: %v", err)
	}
	t.Cleanup(func() {
		_ = service.Delete()
		_ = service.Close()
	})
	setVariables(t, name, "AzureAd__ClientSecret=TST8Q~not-a-real-secret-0000000000000001")
	all, err := svc.OfHost().List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(all, func(s svc.Listed) bool { return s.Name == name })
	if at < 0 {
		t.Fatalf("%d services, and not the new one", len(all))
	}
	got := all[at]
	want := []string{`C:\Program Files\empower\backend\root\Backend.exe`, "--env", "PROD one"}
	if len(got.Exec) != 1 || !slices.Equal(got.Exec[0], want) || got.Manager != svc.ManagerSCM {
		t.Errorf("got %+v", got)
	}
	if !slices.Equal(got.Env, []string{"AzureAd__ClientSecret"}) {
		t.Errorf("got %+v", got)
	}
	if len(got.After) == 0 {
		t.Log("it keeps no dependencies: Wine does not")
	} else if !slices.Equal(got.After, []string{"RpcSs"}) {
		t.Errorf("got %+v", got)
	}
}

func setVariables(t *testing.T, service, assignment string) {
	t.Helper()
	key, err := registry.OpenKey(registry.LOCAL_MACHINE, `SYSTEM\CurrentControlSet\Services\`+service, registry.SET_VALUE)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = key.Close() }() // nothing is written behind this
	if err := key.SetStringsValue("Environment", []string{assignment}); err != nil {
		t.Fatal(err)
	}
}
