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

// whyNoRename says why a file cannot be renamed over, where writing in place
// may still work; "" where it cannot.
func whyNoRename(err error) string {
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

// copyMetadata gives a new file the owner, mode and attributes of another.
func copyMetadata(from string, to *os.File, id Identity) error {
	if err := chownIfNeeded(to, id); err != nil {
		return err
	}
	if err := copyAttributes(from, to); err != nil {
		return err
	}
	return to.Chmod(id.Mode) // after chown, which clears set-ID bits
}

func chownIfNeeded(file *os.File, id Identity) error {
	info, err := file.Stat()
	if err != nil {
		return err
	}
	now, err := identify(file, info)
	if err != nil || now.UID == id.UID && now.GID == id.GID {
		return err
	}
	return file.Chown(id.UID, id.GID)
}

// metadataDiffers says what a rename of one file over another would lose.
func metadataDiffers(target, staged string) string {
	want, err := os.Lstat(target)
	if err != nil {
		return ""
	}
	got, err := os.Lstat(staged)
	if err != nil {
		return "what was staged cannot be looked at"
	}
	a, errA := identify(nil, want)
	b, errB := identify(nil, got)
	switch {
	case errors.Join(errA, errB) != nil || a.UID != b.UID || a.GID != b.GID:
		return "the file's owner cannot be given to a new file"
	case a.Mode != b.Mode:
		return "the file's mode cannot be given to a new file"
	case !sameAttributes(target, staged):
		return "the file's attributes (ACL, label) cannot be given to a new file"
	}
	return ""
}
