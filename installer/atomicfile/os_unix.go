//go:build unix

package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// absolutely does not take "link/.." for nothing: the system goes to the folder
// above the one that the link leads to.
func absolutely(path string) (string, error) {
	if !filepath.IsAbs(path) {
		folder, err := os.Getwd()
		if err != nil {
			return "", err
		}
		path = folder + "/" + path
	}
	parts := strings.Split(path, "/")
	if last := parts[len(parts)-1]; last == "" || last == "." || slices.Contains(parts, "..") {
		return path, nil // the system tells whether it is what it says, a folder
	}
	return filepath.Clean(path), nil
}

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
		changed: changeTime(stat),
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

// syncFile flushes a file of another process.
func syncFile(path string) error {
	file, err := openFile(path, os.O_RDONLY)
	if err != nil {
		return fmt.Errorf("flush: %w", err)
	}
	if err := errors.Join(file.Sync(), file.Close()); err != nil {
		return fmt.Errorf("flush: %w", err)
	}
	return nil
}

func setMode(file *os.File, o Options) error { return file.Chmod(o.Mode) }

// newFile is for the caller alone until it gets its mode.
func newFile(path, _ string) (*os.File, error) {
	return openFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL)
}

func newFolder(path string, mode fs.FileMode, _ string) error { return os.Mkdir(path, mode) }

// folderError is ErrFolder where the folder does not take a new file.
func folderError(err error) error {
	for _, number := range []unix.Errno{unix.EACCES, unix.EPERM, unix.EROFS} {
		if errors.Is(err, number) {
			return errors.Join(ErrFolder, err)
		}
	}
	return err
}

// swap gives a staged file the name of the real one, unless that is no more the
// one that was seen.
func (p Pending) swap(from string, _ metadata, seen Identity) (touched bool, err error) {
	if err := p.still(seen); err != nil {
		return false, err
	}
	return p.exchange(from, seen)
}

func (p Pending) renameOver(from string) (touched bool, err error) {
	err = os.Rename(from, p.Real)
	return err == nil, err
}

// mend does nothing: a rename leaves no moment without the file.
func (p Pending) mend() error { return nil }

// besides are the names of everything that is staged.
func (p Pending) besides() []string { return []string{p.Temp, p.Backup} }

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

// moveNew renames a file to a name that must be free. Where the file system can
// neither do that nor give a file two names, the name is claimed by an empty file
// for a moment.
func moveNew(temp, path string) error {
	err := renameNew(temp, path)
	if !unsupported(err) {
		return err
	}
	err = os.Link(temp, path)
	if err == nil {
		return unlink(temp)
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

// unsupported tells what a kernel or a file system answers that has no such call.
func unsupported(err error) bool {
	return errors.Is(err, unix.ENOSYS) || errors.Is(err, unix.EINVAL) || errors.Is(err, unix.ENOTSUP)
}

func moveOver(temp, path string) error { return os.Rename(temp, path) }

// unlink removes no folder, not even an empty one.
func unlink(path string) error {
	if err := unix.Unlink(path); err != nil {
		return &fs.PathError{Op: "remove", Path: path, Err: err}
	}
	return nil
}

func noLinks(err error) bool {
	for _, number := range []unix.Errno{unix.EPERM, unix.ENOTSUP, unix.EOPNOTSUPP, unix.ENOSYS, unix.EMLINK} {
		if errors.Is(err, number) {
			return true
		}
	}
	return false
}

// betweenNames attempts once: a rename leaves no moment without the name.
func betweenNames(attempt func() error) error { return attempt() }
