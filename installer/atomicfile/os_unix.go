//go:build unix

package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// openFile opens without following a link or waiting for a FIFO; a new file is
// closed to everybody else.
func openFile(path string, flag int) (*os.File, error) {
	return os.OpenFile(path, flag|unix.O_NOFOLLOW|unix.O_NONBLOCK|unix.O_CLOEXEC, 0o600)
}

// createLike makes a new file, closed to everybody else until it is dressed.
func createLike(path, _ string) (*os.File, error) {
	return openFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL)
}

func (p Pending) openToWrite() (*os.File, error) { return openFile(p.Real, os.O_WRONLY) }

func identify(_ *os.File, info fs.FileInfo) (Identity, error) {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return Identity{}, errors.New("no identity of the file")
	}
	return Identity{
		Dev: uint64(stat.Dev), Ino: stat.Ino, Size: info.Size(), ModTime: info.ModTime(), //nolint:unconvert // its type differs between systems
		Mode: info.Mode(), UID: int(stat.Uid), GID: int(stat.Gid), Links: uint64(stat.Nlink), //nolint:unconvert // see above
	}, nil
}

func syncFolder(path string) error {
	folder, err := os.Open(path)
	if errors.Is(err, fs.ErrPermission) {
		unix.Sync() //nolint:errcheck,nolintlint // has no result on some systems
		return nil  // a folder that may be written and not read cannot be flushed alone
	}
	if err != nil {
		return fmt.Errorf("flush the folder: %w", err)
	}
	err = folder.Sync()
	if errors.Is(err, unix.EINVAL) || errors.Is(err, unix.ENOTSUP) {
		err = nil // a file system whose folders cannot be flushed, as of some networks
	}
	if err := errors.Join(err, folder.Close()); err != nil {
		return fmt.Errorf("flush the folder: %w", err)
	}
	return nil
}

func flushOpen(file *os.File) error { return file.Sync() }

func setMode(file *os.File, mode fs.FileMode) error { return file.Chmod(mode) }

// folderError is ErrFolder where the folder does not take a new file.
func folderError(err error) error {
	for _, number := range []unix.Errno{unix.EACCES, unix.EPERM, unix.EROFS} {
		if errors.Is(err, number) {
			return errors.Join(ErrFolder, err)
		}
	}
	return err
}

// swap renames a staged file over the real one, unless that is no more the one
// that was seen.
func (p Pending) swap(from string, _ metadata, seen Identity) error {
	if err := p.still(seen); err != nil {
		return err
	}
	return os.Rename(from, p.Real)
}

// whyInPlace says why a file cannot be renamed over, where writing in place
// may still work; "" where it cannot.
func whyInPlace(err error) string {
	for number, why := range map[unix.Errno]string{
		unix.EBUSY:  "the file is a mount point of its own",
		unix.EXDEV:  "what was staged is on another file system",
		unix.EACCES: "the folder cannot be written",
		unix.EPERM:  "the folder does not allow it (sticky, or append-only)",
		unix.EROFS:  "the folder is on a read-only file system",
	} {
		if errors.Is(err, number) {
			return why
		}
	}
	return ""
}

// moveNew renames a file to a name that must be free. Where the file system has
// no hard links, the name is claimed by an empty file for a moment.
func moveNew(temp, path string) error {
	err := os.Link(temp, path)
	if err == nil {
		return os.Remove(temp)
	}
	if !noLinks(err) {
		return err
	}
	claim, err := openFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL)
	if err != nil {
		return err
	}
	return errors.Join(claim.Close(), os.Rename(temp, path))
}

func noLinks(err error) bool {
	for _, number := range []unix.Errno{unix.EPERM, unix.ENOTSUP, unix.EOPNOTSUPP, unix.ENOSYS, unix.EMLINK} {
		if errors.Is(err, number) {
			return true
		}
	}
	return false
}
