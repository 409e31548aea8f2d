package atomicfile

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"syscall"
)

// MakeFolder makes a folder with a mode, less the umask, and the parents that are
// missing with theirs. What it made is on the disk when it returns; a folder that is
// there is left as it is. On Windows what is made in it may be read by Users where
// others may read the folder, and changed by the system, administrators and the
// owner alone.
func MakeFolder(path string, mode, parents fs.FileMode) error {
	path = filepath.Clean(path)
	var missing []string
	for dir := path; !there(dir) && dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		missing = append(missing, dir)
	}
	for _, dir := range slices.Backward(missing) {
		of := parents
		if dir == path {
			of = mode
		}
		if err := NewFolder(dir, of, ""); err != nil && !isFolder(dir) { // another may make it meanwhile
			return fmt.Errorf("make the folder: %w", err)
		}
	}
	if !isFolder(path) {
		return fmt.Errorf("make the folder: %w", &fs.PathError{Op: "mkdir", Path: path, Err: syscall.ENOTDIR})
	}
	for _, dir := range missing {
		if err := syncFolder(filepath.Dir(dir)); err != nil {
			return err
		}
	}
	return nil
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// NewFolder makes one folder, which has its mode, or on Windows an access list (SDDL),
// from its start; "" is that of the mode, as MakeFolder has it. fs.ErrExist when there
// is something of that name.
func NewFolder(path string, mode fs.FileMode, access string) error {
	return newFolder(path, mode, access)
}

// SyncFolder puts on the disk which files a folder has.
func SyncFolder(path string) error { return syncFolder(path) }
