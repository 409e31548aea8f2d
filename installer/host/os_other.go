//go:build !linux && !windows

package host

import (
	"fmt"
	"os"

	"github.com/empowersuite/backend-installer/installer/fault"
)

// Elevated reports root.
func (OS) Elevated() bool { return os.Geteuid() == 0 }

// FreeBytes is ErrUnsupported.
func (OS) FreeBytes(path string) (uint64, error) {
	return 0, fmt.Errorf("free space of %s: %w", fault.Path(path), ErrUnsupported)
}
