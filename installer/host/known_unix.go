//go:build !windows

package host

import (
	"errors"
	"io/fs"
	"os/user"
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
