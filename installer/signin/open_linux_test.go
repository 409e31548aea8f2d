package signin_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/signin"
)

func TestTheDesktopsProgramIsGivenTheAddressAndNoSecretOfTheEnvironment(t *testing.T) {
	const address = "https://login.example/?a=b&c=d"
	dir := t.TempDir()
	t.Setenv("PATH", dir)
	t.Setenv("DISPLAY", ":7")
	t.Setenv("EMPOWER_ENTRA_CLIENT_SECRET", "TST-secret")
	err := signin.OpenBrowser(t.Context(), address)
	if !errors.Is(err, signin.ErrNoBrowser) || !errors.Is(err, fs.ErrNotExist) || strings.Contains(err.Error(), "login.example") {
		t.Errorf("without the program: got %v, want %v", err, signin.ErrNoBrowser)
	}
	program(t, dir, `printf '%s\n' "$1" > "`+dir+`/address"; export -p > "`+dir+`/environment"`)
	if err := signin.OpenBrowser(t.Context(), address); err != nil {
		t.Fatal(err)
	}
	if got := read(t, dir, "address"); got != address+"\n" {
		t.Errorf("got %q, want %q", got, address)
	}
	if got := read(t, dir, "environment"); !strings.Contains(got, ":7") || strings.Contains(got, "TST-secret") {
		t.Errorf("got environment %s", got)
	}
	program(t, dir, `exit 3`)
	if err := signin.OpenBrowser(t.Context(), address); !errors.Is(err, signin.ErrNoBrowser) || !strings.Contains(err.Error(), "status 3") {
		t.Errorf("a program that fails: got %v", err)
	}
	t.Setenv("DISPLAY", "")
	t.Setenv("WAYLAND_DISPLAY", "")
	if err := signin.OpenBrowser(t.Context(), address); !errors.Is(err, signin.ErrNoBrowser) {
		t.Errorf("without a desktop: got %v", err)
	}
}

func program(t *testing.T, dir, script string) {
	t.Helper()
	name := filepath.Join(dir, "xdg-open")
	// Renamed into place: another test's child may still hold a file open that is written here.
	if err := os.WriteFile(name+".new", []byte("#!/bin/sh\n"+script+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(name+".new", name); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, dir, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
