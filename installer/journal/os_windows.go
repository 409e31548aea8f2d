package journal

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

var errHeld = windows.ERROR_LOCK_VIOLATION

// errVanishing is a file that its last holder is removing.
var errVanishing = windows.ERROR_SHARING_VIOLATION

// noFollow is nothing: links need a privilege there.
const noFollow = 0

// lockFile locks one byte far behind the text, so that others can read who
// holds the lock: a lock of LockFileEx keeps readers out of its range.
func lockFile(f *os.File) error {
	beyond := &windows.Overlapped{OffsetHigh: 1}
	return windows.LockFileEx(windows.Handle(f.Fd()),
		windows.LOCKFILE_EXCLUSIVE_LOCK|windows.LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, beyond)
}

// removeHeld closes first: Windows does not remove an open file.
func removeHeld(f *os.File) error { return errors.Join(f.Close(), os.Remove(f.Name())) }
