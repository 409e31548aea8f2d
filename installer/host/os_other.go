//go:build !linux && !windows

package host

import (
	"errors"
	"fmt"
	"os"
	"os/user"
)

// Elevated reports root.
func (OS) Elevated() bool { return os.Geteuid() == 0 }

// FreeBytes is ErrUnsupported.
func (OS) FreeBytes(path string) (uint64, error) {
	return 0, fmt.Errorf("free space of %q: %w", path, ErrUnsupported)
}

func isUnknownUser(err error) bool {
	var unknown user.UnknownUserError
	return errors.As(err, &unknown)
}
