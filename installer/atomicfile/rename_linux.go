package atomicfile

import (
	"errors"
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

// exchange gives the staged file and the real one each other's name, and back where
// what was replaced is not what was seen: somebody saved it after the last look. So
// there is a whole file at every moment, and nothing is lost. What was replaced stays
// under the staged name, until it is removed. Where two names cannot be exchanged,
// the one is renamed over the other.
func (p Pending) exchange(from string, seen Identity) (touched bool, err error) {
	if err := exchangeNames(from, p.Real); unsupported(err) {
		return p.renameOver(from)
	} else if err != nil {
		return false, err
	}
	replaced, err := look(from)
	if err == nil && seen.replacedAs(replaced) {
		return true, nil
	}
	back := exchangeNames(from, p.Real)
	return back != nil, errors.Join(errChangedSince, err, back)
}

// replacedAs compares a file with itself under another name. An exchange changes the
// time that nobody can set, and an overlay may make another file of it.
func (id Identity) replacedAs(now Identity) bool {
	return id.sameFace(now) && id.SHA256 == now.SHA256 && id.Links == now.Links && id.Metadata == now.Metadata
}

func exchangeNames(a, b string) error {
	if err := unix.Renameat2(unix.AT_FDCWD, a, unix.AT_FDCWD, b, unix.RENAME_EXCHANGE); err != nil {
		return &os.LinkError{Op: "exchange", Old: a, New: b, Err: err}
	}
	return nil
}

// onOverlay reports whether a file is on overlayfs.
func onOverlay(file *os.File) bool {
	var about unix.Statfs_t
	return unix.Fstatfs(int(file.Fd()), &about) == nil && about.Type == unix.OVERLAYFS_SUPER_MAGIC
}
