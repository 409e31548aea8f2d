package host_test

import (
	"errors"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/host"
)

func TestNameIsNeverEmpty(t *testing.T) {
	if got := (host.OS{}).Name(); got == "" {
		t.Errorf("got %q, want a name", got)
	}
}

func TestOperatorIsWhoCalledSudo(t *testing.T) {
	h := host.OS{Getenv: func(name string) string { return map[string]string{"SUDO_USER": "anna"}[name] }}
	if got, want := h.Operator(), "anna"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestOperatorTakesNothingUnprintableFromTheEnvironment(t *testing.T) {
	plain := host.OS{}.Operator()
	if plain == "" {
		t.Errorf("got %q, want a name", plain)
	}
	for _, bad := range []string{"", "line\nfeed", "\x1b[31mred", strings.Repeat("n", 1000)} {
		h := host.OS{Getenv: func(string) string { return bad }}
		if got := h.Operator(); got != plain {
			t.Errorf("SUDO_USER %q: got %q, want %q", bad, got, plain)
		}
	}
}

func TestElevatedIsTrueForRoot(t *testing.T) {
	u, err := user.Current()
	if err != nil || runtime.GOOS == "windows" {
		t.Skip("no user ID here")
	}
	if got, want := (host.OS{}).Elevated(), u.Uid == "0"; got != want {
		t.Errorf("got %v, want %v for user ID %q", got, want, u.Uid)
	}
}

func TestFreeBytesAreTheFileSystems(t *testing.T) {
	free, err := host.OS{}.FreeBytes(t.TempDir())
	if errors.Is(err, host.ErrUnsupported) {
		t.Skip(err)
	}
	if err != nil || free < 4096 {
		t.Errorf("got %d and %v, want some space", free, err)
	}
}

func TestFreeBytesOfWhatIsNotThereAreAnError(t *testing.T) {
	_, err := host.OS{}.FreeBytes(filepath.Join(t.TempDir(), "none"))
	if errors.Is(err, host.ErrUnsupported) {
		t.Skip(err)
	}
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want %v", err, fs.ErrNotExist)
	}
}

func write(t *testing.T, path, text string, mode fs.FileMode) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
}
