//go:build !windows

package host

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"syscall"

	"github.com/empowersuite/backend-installer/installer/access"
	"github.com/empowersuite/backend-installer/installer/fault"
)

// known asks the host itself.
func known(name string) (User, error) {
	u, err := user.Lookup(name)
	var unknown user.UnknownUserError
	switch {
	case errors.As(err, &unknown):
		return User{}, ErrNoUser
	case err != nil:
		return User{}, err
	}
	return User{Name: u.Username, UID: number(u.Uid), GID: number(u.Gid)}, nil
}

// KnownFolders is for Windows, which may keep programs and data elsewhere than
// usual; both are "" on other systems, and where Windows does not tell.
func KnownFolders() (programs, data string) { return "", "" }

// atFirst is the mode of a folder until it has its owner.
func atFirst(fs.FileMode) fs.FileMode { return 0o700 }

// Guard reads the guard of a file or folder.
func (OS) Guard(path string) (access.Guard, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return "", fmt.Errorf("who can read it: %w", err)
	}
	return access.GuardOf(info.Mode()), nil
}

// SetGuard replaces it.
func (OS) SetGuard(path string, g access.Guard) error {
	mode, ok := g.Mode()
	if !ok {
		return fmt.Errorf("set who can read %s: %w: %q", fault.Path(path), access.ErrList, g)
	}
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if err != nil {
		return fmt.Errorf("set who can read it: %w", err)
	}
	if err := errors.Join(file.Chmod(mode), file.Sync(), file.Close()); err != nil {
		return fmt.Errorf("set who can read it: %w", err)
	}
	return nil
}
