package atomicfile_test

import (
	"errors"
	"path/filepath"
	"testing"

	"github.com/empowersuite/backend-installer/installer/atomicfile"
)

func isRun(tag string) bool { return tag == "run.1" }

func TestOrphansAreWhatRunsStagedForOneFile(t *testing.T) {
	folder, other := t.TempDir(), t.TempDir()
	path := filepath.Join(folder, "app.json")
	write(t, path, "old", 0o600)
	mine := []string{filepath.Join(folder, ".app.json.run.1.old"), filepath.Join(folder, ".app.json.run.1.new")}
	alien := []string{
		filepath.Join(folder, ".app.json.run.2.old"), filepath.Join(folder, ".app.json.edit.old"),
		filepath.Join(folder, ".other.json.run.1.old"), filepath.Join(folder, "app.json.run.1.old"),
	}
	for _, name := range append(mine, alien...) {
		write(t, name, "x", 0o600)
	}
	found, err := atomicfile.Orphans(path, []string{other, filepath.Join(folder, "none")}, isRun)
	if err != nil || len(found) != 1 || found[0].Backup != mine[0] || found[0].Temp != mine[1] {
		t.Fatalf("got %+v, %v", found, err)
	}
	if err := found[0].Clean(); err != nil {
		t.Fatal(err)
	}
	if left := names(t, folder); len(left) != len(alien)+1 {
		t.Errorf("left: %q", left)
	}
	if found, err := atomicfile.Orphans(path, nil, isRun); err != nil || len(found) != 0 {
		t.Errorf("a second time: %+v, %v", found, err)
	}
}

func TestAnOrphanedBackupOfAHalfWrittenFileStays(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "app.json")
	write(t, path, "nld", 0o600) // n of new, ld of old
	write(t, filepath.Join(folder, ".app.json.run.1.old"), "old", 0o600)
	write(t, filepath.Join(folder, ".app.json.run.1.new"), "new", 0o600)
	found, err := atomicfile.Orphans(path, nil, isRun)
	if err != nil || len(found) != 1 {
		t.Fatalf("got %+v, %v", found, err)
	}
	if err := found[0].Clean(); !errors.Is(err, atomicfile.ErrTorn) {
		t.Errorf("got %v, want ErrTorn", err)
	}
	if err := found[0].Revert(); err != nil || text(t, path) != "old" {
		t.Errorf("got %q, %v", text(t, path), err)
	}
}
