package atomicfile_test

import (
	"errors"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/empowersuite/backend-installer/installer/atomicfile"
)

func TestExtendedAttributesAreKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	write(t, path, "old", 0o600)
	err := unix.Setxattr(path, "user.note", []byte("kept"), 0)
	if errors.Is(err, unix.ENOTSUP) {
		t.Skip("the file system of the temporary folder has no extended attributes for users")
	}
	if err != nil {
		t.Fatal(err)
	}
	p := pending(t, path)
	commit(t, p, atomicfile.Rename)
	wantNote(t, path)
	if err := p.Revert(); err != nil {
		t.Fatal(err)
	}
	wantNote(t, path)
}

func wantNote(t *testing.T, path string) {
	t.Helper()
	value := make([]byte, 16)
	n, err := unix.Getxattr(path, "user.note", value)
	if err != nil || string(value[:n]) != "kept" {
		t.Errorf("got %q, %v", value[:max(n, 0)], err)
	}
}

func TestAPipeIsNotOpened(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pipe")
	if err := unix.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := atomicfile.Read(path, most); !errors.Is(err, atomicfile.ErrNotRegular) {
		t.Errorf("got %v, want ErrNotRegular", err)
	}
}
