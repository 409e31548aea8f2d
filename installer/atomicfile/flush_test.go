package atomicfile_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/empowersuite/backend-installer/installer/atomicfile"
)

func TestATreeIsFlushedWhateverIsInIt(t *testing.T) {
	root := t.TempDir()
	if err := os.Mkdir(filepath.Join(root, "folder"), 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(root, "folder", "program"), "text", 0o500)
	if err := os.Symlink("nowhere", filepath.Join(root, "link")); err != nil {
		t.Skipf("no links here: %v", err)
	}
	if err := errors.Join(atomicfile.FlushTree(root), atomicfile.FlushNames(filepath.Join(root, "link"))); err != nil {
		t.Error(err)
	}
	if err := atomicfile.FlushTree(filepath.Join(root, "missing")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a folder that is not there: got %v", err)
	}
}
