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

// Somebody saves the file after the last look at it: in its place, or by a rename as
// editors do.
func TestAFileThatIsSavedAfterTheLastLookIsPutBack(t *testing.T) {
	for name, save := range map[string]func(t *testing.T, path string){
		"in place": func(t *testing.T, path string) { t.Helper(); write(t, path, "odd", 0o600) },
		"by a rename": func(t *testing.T, path string) {
			t.Helper()
			write(t, path+"2", "saved", 0o640)
			if err := os.Rename(path+"2", path); err != nil {
				t.Fatal(err)
			}
		},
		"by a link": func(t *testing.T, path string) {
			t.Helper()
			write(t, path+"2", "saved", 0o640)
			if err := errors.Join(os.Remove(path), os.Symlink("file2", path)); err != nil {
				t.Fatal(err)
			}
		},
		"as another name": func(t *testing.T, path string) {
			t.Helper()
			if err := os.Link(path, path+"2"); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "file")
			write(t, path, "old", 0o600)
			p := pending(t, path)
			seen := looked(t, p)
			save(t, path)
			want, err := os.Lstat(path)
			if err != nil {
				t.Fatal(err)
			}
			touched, err := p.Exchange(seen)
			if touched || !errors.Is(err, atomicfile.ErrChanged) {
				t.Errorf("got %v, %v, want ErrChanged", touched, err)
			}
			if got, err := os.Lstat(path); err != nil || !os.SameFile(got, want) || text(t, p.Temp) != "new and longer" {
				t.Errorf("it is not there: %v", err)
			}
		})
	}
}

// A kill after the exchange leaves the old file under the staged name.
func TestAnExchangeThatWasKilledIsFinishedOrReverted(t *testing.T) {
	for name, then := range map[string]func(p atomicfile.Pending) error{
		"cleared":  atomicfile.Pending.Clean,
		"reverted": atomicfile.Pending.Revert,
		"committed": func(p atomicfile.Pending) error {
			_, err := p.Commit()
			return err
		},
	} {
		path := filepath.Join(t.TempDir(), "file")
		write(t, path, "old", 0o600)
		p := pending(t, path)
		if touched, err := p.Exchange(looked(t, p)); err != nil || !touched || text(t, path) != "new and longer" || text(t, p.Temp) != "old" {
			t.Fatalf("got %v, %v", touched, err)
		}
		p = afterwards(t, p)
		if state, err := p.State(); err != nil || state != atomicfile.New {
			t.Errorf("got %s, %v", state, err)
		}
		want := "new and longer"
		if name == "reverted" {
			want = "old"
		}
		if err := errors.Join(then(p), p.Clean()); err != nil || text(t, path) != want || len(names(t, filepath.Dir(path))) != 1 {
			t.Errorf("%s: got %v, %q, %q", name, err, text(t, path), names(t, filepath.Dir(path)))
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
