package atomicfile_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/empowersuite/backend-installer/installer/atomicfile"
)

func looked(t *testing.T, p atomicfile.Pending) atomicfile.Identity {
	t.Helper()
	id, err := p.Look()
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// The name led to another file when it was opened, and leads back when it is
// looked at again.
func TestAWriteInPlaceDoesNotGoToAnotherFile(t *testing.T) {
	path, victim := filepath.Join(t.TempDir(), "file"), filepath.Join(t.TempDir(), "victim")
	write(t, path, "old", 0o600)
	write(t, victim, "old", 0o600)
	p := pending(t, path)
	seen := looked(t, p)
	file, err := os.OpenFile(victim, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	r, err := p.WriteThrough(file, seen)
	if !errors.Is(err, atomicfile.ErrChanged) || r.Touched {
		t.Errorf("got %+v, %v, want ErrChanged", r, err)
	}
	if err := file.Close(); err != nil || text(t, victim) != "old" {
		t.Errorf("the victim holds %q, %v", text(t, victim), err)
	}
}

func TestAWriteInPlaceDoesNotGoToAFileThatLostItsName(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	write(t, path, "old", 0o600)
	p := pending(t, path)
	seen := looked(t, p)
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close() //nolint:errcheck // nothing is written
	if err := os.Rename(path, path+"2"); err != nil {
		t.Skipf("an open file keeps its name here: %v", err)
	}
	write(t, path, "saved", 0o600)
	if r, err := p.WriteThrough(file, seen); !errors.Is(err, atomicfile.ErrChanged) || r.Touched || text(t, path+"2") != "old" {
		t.Errorf("got %+v, %v, %q", r, err, text(t, path+"2"))
	}
}

func TestAFileThatIsSavedWhileItIsPutBackStays(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	write(t, path, "old", 0o600)
	p := pending(t, path)
	commit(t, p, atomicfile.Rename)
	seen := looked(t, p)
	write(t, path+"2", "saved", 0o600)
	if err := os.Rename(path+"2", path); err != nil {
		t.Fatal(err)
	}
	if err := p.PutBack(seen); !errors.Is(err, atomicfile.ErrChanged) || text(t, path) != "saved" {
		t.Errorf("got %v, %q", err, text(t, path))
	}
}

func TestAFileThatIsMadeWhileAMissingOneIsPutBackStays(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	write(t, path, "old", 0o600)
	p := pending(t, path)
	commit(t, p, atomicfile.Rename)
	if err := p.PutBackMissing(); !errors.Is(err, atomicfile.ErrChanged) || text(t, path) != "new and longer" {
		t.Errorf("got %v, %q", err, text(t, path))
	}
}

func TestAResultTellsWhetherTheFileWasTouched(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	write(t, path, "old", 0o600)
	p := pending(t, path)
	write(t, path, "saved", 0o600)
	if r, err := p.Commit(); err == nil || r.Touched {
		t.Errorf("a refusal: %+v, %v", r, err)
	}
	write(t, path, "old", 0o600)
	for _, links := range []int{1, 2} {
		if links == 2 {
			if err := os.Link(path, path+"2"); err != nil {
				t.Fatal(err)
			}
		}
		p := pending(t, path)
		if r, err := p.Commit(); err != nil || !r.Touched {
			t.Errorf("%d names: %+v, %v", links, r, err)
		}
		if err := errors.Join(p.Revert(), p.Clean()); err != nil {
			t.Error(err)
		}
	}
}

// A folder above the file that became another one leads to another file.
func TestAFileWhoseFolderWasExchangedIsLeftAlone(t *testing.T) {
	top := t.TempDir()
	folder := filepath.Join(top, "conf")
	path := filepath.Join(folder, "file")
	makeFolder := func() {
		if err := os.Mkdir(folder, 0o700); err != nil {
			t.Fatal(err)
		}
		write(t, path, "old", 0o600)
	}
	makeFolder()
	p := pending(t, path)
	if err := os.Rename(folder, folder+".was"); err != nil {
		t.Fatal(err)
	}
	makeFolder()
	if _, err := p.Commit(); !errors.Is(err, atomicfile.ErrChanged) || text(t, path) != "old" {
		t.Errorf("another folder: %v", err)
	}
	symlinked := filepath.Join(top, "link")
	symlink(t, "conf", symlinked)
	p = pending(t, filepath.Join(symlinked, "file"))
	if err := os.Remove(symlinked); err != nil {
		t.Fatal(err)
	}
	symlink(t, "conf.was", symlinked)
	if _, err := p.Commit(); !errors.Is(err, atomicfile.ErrChanged) || text(t, path) != "old" {
		t.Errorf("a link to another folder: %v", err)
	}
}
