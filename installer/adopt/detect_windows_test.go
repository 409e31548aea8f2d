package adopt_test

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/empowersuite/backend-installer/installer/release"
	"github.com/empowersuite/backend-installer/installer/settings"
	"github.com/empowersuite/backend-installer/installer/svc"
)

// A service that Windows really has is found by its program, and the description
// names the manager that drives it.
func TestAServiceOfWindowsIsFoundByItsProgram(t *testing.T) {
	prefix := tree(t, map[string]string{
		"ProgramData/empower/backend/PROD/root/appsettings.json": entra,
		"Program Files/empower/backend/root/Backend.exe":         "",
	})
	manager := svc.SCM(svc.SCMOptions{})
	const name = "empower-detect-test"
	program := filepath.Join(prefix, `Program Files\empower\backend\root\Backend.exe`)
	err := manager.Register(t.Context(), svc.Definition{Name: name, Windows: svc.Windows{Exec: []string{program, "--environment", "PROD"}}})
	if err != nil {
		t.Skipf("services cannot be registered here: %v", err)
	}
	t.Cleanup(func() { _ = manager.Unregister(context.Background(), name) })
	found, err := look(t, prefix, svc.OfHost())
	if err != nil || len(found) != 1 || !found[0].Complete() {
		t.Fatalf("got %+v, %v", found, err)
	}
	in, err := release.ParseInstallation(found[0].Text(), settings.Known)
	if err != nil {
		t.Fatal(err)
	}
	if len(in.Services) != 1 || in.Services[0].Name != name || in.Services[0].Manager != release.Windows || len(in.Services[0].Reads) != 1 {
		t.Errorf("got %+v", in.Services)
	}
}
