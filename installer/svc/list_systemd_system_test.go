//go:build system && linux

package svc_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/empowersuite/backend-installer/installer/svc"
)

// Services that run, that do not, and that systemd never loaded are listed with
// their programs; variables by their names.
func TestSystemdListsItsServices(t *testing.T) {
	m := openSystemd(t)
	folder := t.TempDir()
	program := filepath.Join(folder, "a program") // which is never run
	name := prefix + "listed.service"
	text := "[Service]\nExecStart=\"" + program + "\" --environment \"PROD one\"\nEnvironment=AzureAd__ClientSecret=TST8Q~not-a-real-secret-0000000000000001\nEnvironmentFile=-/etc/" + prefix + "listed.env\n[Unit]\nAfter=dbus.service\n"
	path := filepath.Join("/etc/systemd/system", name)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Remove(path) })
	all, err := m.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	wantOnce(t, all)
	i := slices.IndexFunc(all, func(s svc.Listed) bool { return s.Name == name })
	if i < 0 {
		t.Fatalf("%d services, and not the one whose unit file was just written", len(all))
	}
	got := all[i]
	if len(got.Exec) != 1 || !slices.Equal(got.Exec[0], []string{program, "--environment", "PROD one"}) || got.Manager != svc.ManagerSystemd {
		t.Errorf("got %+v", got)
	}
	if !slices.Equal(got.Env, []string{"AzureAd__ClientSecret"}) || !slices.Equal(got.Files, []string{path}) || !slices.Equal(got.EnvFiles, []string{"/etc/" + prefix + "listed.env"}) {
		t.Errorf("got %+v", got)
	}
	if !slices.Contains(got.After, "dbus.service") {
		t.Errorf("it is started after %q", got.After)
	}
}

// wantOnce: a service with several names is listed once.
func wantOnce(t *testing.T, all []svc.Listed) {
	t.Helper()
	names := map[string]bool{}
	for _, s := range all {
		if names[s.Name] {
			t.Errorf("%s is listed twice", s.Name)
		}
		names[s.Name] = true
	}
}
