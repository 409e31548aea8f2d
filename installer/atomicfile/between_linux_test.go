package atomicfile_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/empowersuite/backend-installer/installer/atomicfile"
)

// Who writes as many bytes and sets the time back is found out by the time that
// nobody sets.
func TestAFileThatIsWrittenAndLooksAsBeforeIsFoundOut(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	write(t, path, "old", 0o600)
	p := pending(t, path)
	seen := looked(t, p)
	if err := p.Still(seen); err != nil {
		t.Fatal(err)
	}
	for { // the kernel's clock has steps
		write(t, path, "odd", 0o600)
		if err := os.Chtimes(path, seen.ModTime, seen.ModTime); err != nil {
			t.Fatal(err)
		}
		if now := looked(t, p); !now.Changed().Equal(seen.Changed()) {
			break
		}
	}
	if err := p.Still(seen); !errors.Is(err, atomicfile.ErrChanged) {
		t.Errorf("got %v, want ErrChanged", err)
	}
}

func TestMetadataThatSomebodyElseChangedAreNotReplaced(t *testing.T) {
	for name, give := range map[string]func(path string) error{
		"attribute": func(path string) error { return unix.Setxattr(path, "user.note", []byte("x"), 0) },
		"mode":      func(path string) error { return os.Chmod(path, 0o640) },
	} {
		path := filepath.Join(t.TempDir(), "file")
		write(t, path, "old", 0o600)
		p := pending(t, path)
		if err := give(path); errors.Is(err, unix.ENOTSUP) {
			t.Skip("no attributes here")
		} else if err != nil {
			t.Fatal(err)
		}
		if r, err := afterwards(t, p).Commit(); !errors.Is(err, atomicfile.ErrChanged) || r.Touched || text(t, path) != "old" {
			t.Errorf("%s: got %+v, %v, want ErrChanged", name, r, err)
		}
	}
}

// The name leads to another file by now, which must not get what is given back.
func TestWhatWritingTookIsGivenBackToTheOpenFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	write(t, path, "old", 0o600)
	if err := os.Chmod(path, fs.ModeSetuid|0o755); err != nil {
		t.Fatal(err)
	}
	before, err := atomicfile.MetadataOf(path)
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close() //nolint:errcheck // nothing is written
	if err := errors.Join(os.Chmod(path, 0o755), os.Rename(path, path+"2")); err != nil {
		t.Fatal(err)
	}
	write(t, path, "victim", 0o755)
	if err := atomicfile.Redress(file, before); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]fs.FileMode{path: 0o755, path + "2": fs.ModeSetuid | 0o755} {
		if info, err := os.Stat(name); err != nil || info.Mode() != want {
			t.Errorf("%s: got %v, %v, want %v", name, info.Mode(), err, want)
		}
	}
}

// A run was killed between its last byte and giving back what that took.
func TestWhatAKilledWriteTookIsGivenBack(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	write(t, path, "old", 0o600)
	if err := errors.Join(os.Link(path, path+"2"), os.Chmod(path, fs.ModeSetuid|0o755)); err != nil {
		t.Fatal(err)
	}
	p := pending(t, path)
	write(t, path, "new and longer", 0o755)
	commit(t, afterwards(t, p), atomicfile.Already)
	if info, err := os.Stat(path); err != nil || info.Mode() != fs.ModeSetuid|0o755 {
		t.Errorf("got %v, %v", info.Mode(), err)
	}
	if err := os.Chmod(path, 0o700); err != nil {
		t.Fatal(err)
	}
	commit(t, afterwards(t, p), atomicfile.Already)
	if info, err := os.Stat(path); err != nil || info.Mode() != 0o700 {
		t.Errorf("what somebody else took is back: %v, %v", info.Mode(), err)
	}
}
