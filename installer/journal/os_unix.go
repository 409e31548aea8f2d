//go:build unix

package journal

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

var errHeld = unix.EWOULDBLOCK

// noFollow keeps who may write the folder from leading the lock to another file.
const noFollow = unix.O_NOFOLLOW | unix.O_NONBLOCK

func lockFile(f *os.File) error { return unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB) }

// removeHeld removes the file while the lock is held, so that nobody gets a
// lock on a file that is about to vanish without noticing.
func removeHeld(f *os.File) error { return errors.Join(os.Remove(f.Name()), f.Close()) }

func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("flush folder %q: %w", path, err)
	}
	if err := errors.Join(folder.Sync(), folder.Close()); err != nil {
		return fmt.Errorf("flush folder %q: %w", path, err)
	}
	return nil
}
