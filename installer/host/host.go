// Package host reads and changes facts of the operating system: who runs us,
// what the machine is called, space, folders and the service user.
package host

import (
	"context"
	"io/fs"
)

// User is an account of the host.
type User struct {
	Name     string
	UID, GID int
}

// System is the operating system.
type System interface {
	// Elevated reports root, or a member of Administrators.
	Elevated() bool
	// Name is the host's name.
	Name() string
	// Operator is the person behind the run: SUDO_USER, the login name, or the user.
	Operator() string
	// FreeBytes is what an unprivileged writer may still store on the file system of a path that exists.
	FreeBytes(path string) (uint64, error)
	// Lookup finds an account; ErrNoUser when there is none.
	Lookup(name string) (User, error)
	// AddUser makes a system account without a login; made is false when it was there.
	AddUser(ctx context.Context, name string) (u User, made bool, err error)
	// (RemoveUser, MakeFolder: see Folder)
}

// Folder is a folder to make.
type Folder struct {
	Path     string
	Mode     fs.FileMode
	UID, GID int // -1 = leave
}
