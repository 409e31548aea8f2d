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

	"github.com/empowersuite/backend-installer/installer/access"
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

func TestAGuardThatIsSetIsTheGuard(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Wine lacks it: access lists that are set: it says it did, and did not")
	}
	path := filepath.Join(t.TempDir(), "file")
	write(t, path, "x", 0o644)
	h := host.OS{}
	before, err := h.Guard(path)
	if err != nil || before != "0644" {
		t.Fatalf("got %q, %v", before, err)
	}
	if err := h.SetGuard(path, "0640"); err != nil {
		t.Fatal(err)
	}
	if after, err := h.Guard(path); err != nil || after != "0640" {
		t.Errorf("got %q, %v", after, err)
	}
	link := filepath.Join(filepath.Dir(path), "link")
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	if err := h.SetGuard(link, "0666"); err == nil {
		t.Error("a link was followed")
	}
	if err := h.SetGuard(path, "D:P"); !errors.Is(err, access.ErrList) {
		t.Errorf("got %v, want %v", err, access.ErrList)
	}
	if _, err := h.Guard(path + ".none"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want %v", err, fs.ErrNotExist)
	}
}
