package host

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"

	"github.com/empowersuite/backend-installer/installer/fault"
)

// Elevated reports root.
func (OS) Elevated() bool { return os.Geteuid() == 0 }

// FreeBytes is what an unprivileged writer may still store.
func (OS) FreeBytes(path string) (uint64, error) {
	var st unix.Statfs_t
	for {
		err := unix.Statfs(path, &st)
		if errors.Is(err, unix.EINTR) {
			continue // a signal, on a network file system
		}
		if err != nil {
			return 0, fmt.Errorf("free space of %s: %w", fault.Path(path), err)
		}
		return st.Bavail * uint64(max(st.Bsize, 0)), nil
	}
}
