package host

import (
	"context"
	"errors"
	"io/fs"

	"github.com/empowersuite/backend-installer/installer/access"
)

// Errors of the drivers, wrapped with what was attempted.
var (
	ErrNoUser      = errors.New("no such account")
	ErrUserName    = errors.New("not a name for a system account")
	ErrNotFolder   = errors.New("not a folder")
	ErrNotEmpty    = errors.New("the folder is not empty")
	ErrUnsupported = errors.New("not supported on this operating system")
)

// User is an account of the host. UID and GID are -1 where the system has
// none, and SID is "" on all but Windows.
type User struct {
	Name     string
	UID, GID int
	SID      string
}

// Folder is a folder to make.
type Folder struct {
	Path     string
	Mode     fs.FileMode
	UID, GID int    // -1 = leave
	Access   string // on Windows, its access list (SDDL); "" is that of the mode
}

// System is the operating system.
type System interface {
	// Elevated reports root, or a process with an administrator's token.
	Elevated() bool
	// Name is the host's name; "localhost" where the host does not tell.
	Name() string
	// Boot tells one boot of one kernel from every other; "" where the system does
	// not tell.
	Boot() string
	// Operator is the person behind the run: SUDO_USER, the user of the login
	// session, or the user of the process. It is for records, not for access.
	Operator() string
	// FreeBytes is what an unprivileged writer may still store on the file
	// system of a path that exists.
	FreeBytes(path string) (uint64, error)
	// Facts reads what pre-flight judges, and what these accounts have set.
	Facts(accounts []string) Facts
}

// Accounts are the accounts of the host.
type Accounts interface {
	// Lookup finds an account, also one of a directory service that the host
	// is joined to; ErrNoUser when there is none.
	Lookup(ctx context.Context, name string) (User, error)
	// AddUser makes a system account without a login and without a home; made
	// is false when it was there, and it is then left as it is.
	AddUser(ctx context.Context, name string) (u User, made bool, err error)
	// RemoveUser removes a local account, never its files; no account is a
	// no-op. The group of its name goes with it, unless it has other members.
	RemoveUser(ctx context.Context, name string) error
}

// Folders are the folders of the host.
type Folders interface {
	// MakeFolder makes a folder and the parents that are missing, those with
	// mode 0755 and the caller as owner. A folder that was there is left as it
	// is. made lists what was really made, outermost first, also beside an
	// error: who undoes removes exactly these, in reverse.
	MakeFolder(f Folder) (made []string, err error)
	// RemoveEmptyFolder removes a folder; none is a no-op, one with content is
	// left and ErrNotEmpty.
	RemoveEmptyFolder(path string) error
}

// Guards are who may do what with the files and folders of the host.
type Guards interface {
	// Guard reads the guard of a file or folder.
	Guard(path string) (access.Guard, error)
	// SetGuard replaces it at once; owner and group stay. A link is not followed.
	SetGuard(path string, g access.Guard) error
}

// Host is all of it.
type Host interface {
	System
	Accounts
	Folders
	Guards
}
