package atomicfile_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/atomicfile"
)

func TestARevertBringsContentModeAndTimeBackAndCanBeRepeated(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	write(t, path, "old", 0o604)
	long := time.Date(2020, 1, 2, 3, 4, 5, 600, time.UTC)
	if err := os.Chtimes(path, long, long); err != nil {
		t.Fatal(err)
	}
	p := pending(t, path)
	commit(t, p, atomicfile.Rename)
	for range 2 {
		if err := afterwards(t, p).Revert(); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(path)
		if err != nil || text(t, path) != "old" || info.Mode().Perm() != here(0o604) || !info.ModTime().Equal(long) {
			t.Errorf("got %q, %v, %s, %v", text(t, path), info.Mode(), info.ModTime(), err)
		}
	}
}

func TestABackupThatIsNotWhatWasStagedIsNotUsed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	write(t, path, "old", 0o600)
	p := pending(t, path)
	commit(t, p, atomicfile.Rename)
	write(t, p.Backup, "forged", 0o600)
	if err := p.Revert(); !errors.Is(err, atomicfile.ErrBackup) || text(t, path) != "new and longer" {
		t.Errorf("got %v, %q", err, text(t, path))
	}
}

func TestADeletedFileIsPutBack(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	write(t, path, "old", 0o600)
	p := pending(t, path)
	commit(t, p, atomicfile.Rename)
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := p.Revert(); err != nil || text(t, path) != "old" {
		t.Errorf("got %v", err)
	}
}

// What a kill or a power failure leaves of a file that is written in place: the
// first part new and the rest old, longer than both will be, or with zeros.
func TestAFileThatIsHalfWrittenIsPutBack(t *testing.T) {
	for name, left := range map[string]string{
		"nothing but the start": "new",
		"new, then old":         "ned",
		"longer than the old":   "new and lon",
		"zeros":                 "new\x00\x00\x00\x00",
		"all but the length":    "old\x00",
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "file")
			write(t, path, "old", 0o600)
			p := pending(t, path)
			write(t, path, left, 0o600)
			if state, err := p.State(); err != nil || state != atomicfile.Torn {
				t.Errorf("state %s, %v", state, err)
			}
			for range 2 {
				if err := afterwards(t, p).Revert(); err != nil || text(t, path) != "old" {
					t.Errorf("got %q, %v", text(t, path), err)
				}
			}
		})
	}
}

func TestALaterEditSurvivesARevert(t *testing.T) {
	for name, links := range map[string]int{"by rename": 1, "in place": 2} {
		for _, edit := range []string{"edited since", "new and longer, and edited", "", "ol", "newer content"} {
			t.Run(name+" "+edit, func(t *testing.T) {
				path := filepath.Join(t.TempDir(), "file")
				write(t, path, "old", 0o600)
				way := atomicfile.Rename
				if links > 1 {
					way = atomicfile.InPlace
					if err := os.Link(path, path+"2"); err != nil {
						t.Fatal(err)
					}
				}
				p := pending(t, path)
				commit(t, p, way)
				write(t, path, edit, 0o600)
				if err := p.Revert(); !errors.Is(err, atomicfile.ErrChanged) || text(t, path) != edit {
					t.Errorf("got %v, %q", err, text(t, path))
				}
			})
		}
	}
}

func TestARevertInPlaceBringsTheTimeBack(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	write(t, path, "old", 0o600)
	if err := os.Link(path, path+"2"); err != nil {
		t.Fatal(err)
	}
	long := time.Date(2020, 1, 2, 3, 4, 5, 0, time.UTC)
	if err := os.Chtimes(path, long, long); err != nil {
		t.Fatal(err)
	}
	p := pending(t, path)
	commit(t, p, atomicfile.InPlace)
	for range 2 {
		if err := p.Revert(); err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(path); err != nil || !info.ModTime().Equal(long) {
			t.Errorf("got %s, %v", info.ModTime(), err)
		}
		write(t, path, "old", 0o600) // as a revert that was killed before it had set the time
	}
}

func TestARevertBeforeTheCommitTouchesNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	write(t, path, "old", 0o600)
	p := pending(t, path)
	write(t, path, "old", 0o644) // somebody changed the mode meanwhile
	if err := p.Revert(); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != here(0o644) {
		t.Errorf("got %v, %v", info.Mode(), err)
	}
	if _, err := os.Stat(p.Backup); err != nil {
		t.Errorf("the backup is gone: %v", err)
	}
}
