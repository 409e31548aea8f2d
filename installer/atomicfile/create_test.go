package atomicfile_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/atomicfile"
)

func TestSweepRemovesWhatAKilledCreateOfThePathLeftAndNothingElse(t *testing.T) {
	folder := t.TempDir()
	long := strings.Repeat("n", 250)
	for _, base := range []string{"record.json", long} {
		path := filepath.Join(folder, base)
		if err := atomicfile.Sweep(path); err != nil {
			t.Fatal(err)
		}
		left := atomicfile.TempOf(path, "ABCDEFGH2345")
		others := []string{
			path, atomicfile.TempOf(path+"2", "ABCDEFGH2345"), atomicfile.TempOf(path, "ABCDEFGH2389"),
			filepath.Join(folder, ".record.yaml.ABCDEFGH2345.tmp"), filepath.Join(folder, ".tmp"),
		}
		for _, name := range append(others, left) {
			if err := os.WriteFile(name, nil, 0o600); err != nil && base != long { // a name can be too long
				t.Fatal(err)
			}
		}
		if err := atomicfile.Sweep(path); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Lstat(left); !os.IsNotExist(err) {
			t.Errorf("%q is there: %v", left, err)
		}
		for _, name := range others {
			if _, err := os.Lstat(name); err != nil && base != long {
				t.Errorf("%q was removed", name)
			}
		}
	}
	if err := atomicfile.Sweep(filepath.Join(folder, "none", "file")); err != nil {
		t.Error(err)
	}
}

func TestTakesFilesLeavesNothing(t *testing.T) {
	folder := t.TempDir()
	if !atomicfile.TakesFiles(folder) {
		t.Error("the folder takes no files")
	}
	if atomicfile.TakesFiles(filepath.Join(folder, "none")) {
		t.Error("a folder that is not there takes files")
	}
	if left := names(t, folder); len(left) != 0 {
		t.Errorf("left: %q", left)
	}
}
