//go:build unix

package journal

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

var errHeld = unix.EWOULDBLOCK

// errVanishing comes from no call here: a file is removed while it is held.
var errVanishing = errors.New("being removed")

// noFollow keeps who may write the folder from leading the lock to another file.
const noFollow = unix.O_NOFOLLOW | unix.O_NONBLOCK

func lockFile(f *os.File) error {
	for {
		err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		if !errors.Is(err, unix.EINTR) { // file systems of a network wait also then
			return err
		}
	}
}

// removeHeld removes the file while the lock is held, so that nobody gets a
// lock on a file that is about to vanish without noticing.
func removeHeld(f *os.File) error { return errors.Join(os.Remove(f.Name()), f.Close()) }
