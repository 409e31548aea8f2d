package atomicfile

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// MakeFolder makes a folder with a mode, less the umask, and the parents that are
// missing with theirs. What it made is on the disk when it returns; a folder that is
// there is left as it is.
func MakeFolder(path string, mode, parents fs.FileMode) error {
	var missing []string
	for dir := filepath.Clean(path); !there(dir) && dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		missing = append(missing, dir)
	}
	if err := os.MkdirAll(filepath.Dir(path), parents); err != nil {
		return fmt.Errorf("make the folder: %w", err)
	}
	if err := os.MkdirAll(path, mode); err != nil {
		return fmt.Errorf("make the folder: %w", err)
	}
	for _, dir := range missing {
		if err := syncFolder(filepath.Dir(dir)); err != nil {
			return err
		}
	}
	return nil
}

// SyncFolder puts on the disk which files a folder has.
func SyncFolder(path string) error { return syncFolder(path) }
