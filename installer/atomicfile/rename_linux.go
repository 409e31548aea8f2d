package atomicfile

import (
	"os"

	"golang.org/x/sys/unix"
)

// renameNew renames to a name that must be free, at once.
func renameNew(from, to string) error {
	if err := unix.Renameat2(unix.AT_FDCWD, from, unix.AT_FDCWD, to, unix.RENAME_NOREPLACE); err != nil {
		return &os.LinkError{Op: "rename", Old: from, New: to, Err: err}
	}
	return nil
}

// onOverlay reports whether a file is on overlayfs.
func onOverlay(file *os.File) bool {
	var about unix.Statfs_t
	return unix.Fstatfs(int(file.Fd()), &about) == nil && about.Type == unix.OVERLAYFS_SUPER_MAGIC
}
