//go:build !linux && !windows

package host

import (
	"fmt"
	"os"
)

// Elevated reports root.
func (OS) Elevated() bool { return os.Geteuid() == 0 }

// FreeBytes is ErrUnsupported.
func (OS) FreeBytes(path string) (uint64, error) {
	return 0, fmt.Errorf("free space of %q: %w", path, ErrUnsupported)
}
