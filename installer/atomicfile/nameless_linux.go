package atomicfile

import (
	"errors"

	"golang.org/x/sys/unix"
)

// takesNameless reports whether a folder takes a file without a name
// (O_TMPFILE), and whether that tells anything: some file systems, and kernels,
// have none.
func takesNameless(folder string) (takes, known bool) {
	for {
		fd, err := unix.Open(folder, unix.O_TMPFILE|unix.O_WRONLY|unix.O_CLOEXEC, 0o600)
		switch {
		case err == nil:
			return unix.Close(fd) == nil, true
		case errors.Is(err, unix.EINTR):
			continue
		case errors.Is(err, unix.EOPNOTSUPP), errors.Is(err, unix.EISDIR), errors.Is(err, unix.ENOENT):
			return false, false
		}
		return false, true
	}
}
