package host

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"golang.org/x/sys/windows"

	"github.com/empowersuite/backend-installer/installer/access"
)

// Elevated reports a process with an administrator's full token: a member of
// Administrators whom User Account Control has not cut down.
func (OS) Elevated() bool { return windows.GetCurrentProcessToken().IsElevated() }

// FreeBytes is what the caller may still store, quotas included.
func (OS) FreeBytes(path string) (uint64, error) {
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return 0, fmt.Errorf("free space of %q: %w", path, err)
	}
	var free uint64
	if err := windows.GetDiskFreeSpaceEx(name, &free, nil, nil); err != nil {
		return 0, fmt.Errorf("free space of %q: %w", path, err)
	}
	return free, nil
}

// known asks the host and the domain that it is joined to. Accounts that every
// Windows has, and those of services, are known before anybody made them.
func known(name string) (User, error) {
	account, err := access.ParseAccount(name)
	if err != nil {
		return User{}, fmt.Errorf("%w: %w", ErrUserName, err)
	}
	u := User{Name: account.Name, UID: -1, GID: -1, SID: account.SID}
	if u.SID != "" {
		return u, nil
	}
	sid, _, _, err := windows.LookupSID("", strings.TrimPrefix(account.Name, `.\`))
	switch {
	case errors.Is(err, windows.ERROR_NONE_MAPPED):
		return User{}, ErrNoUser
	case err != nil:
		return User{}, err
	}
	u.SID = sid.String()
	return u, nil
}

// KnownFolders are %ProgramFiles% and %ProgramData% as Windows knows them, whatever
// the environment says; "" where it does not tell.
func KnownFolders() (programs, data string) {
	return knownFolder(windows.FOLDERID_ProgramFiles), knownFolder(windows.FOLDERID_ProgramData)
}

func knownFolder(id *windows.KNOWNFOLDERID) string {
	path, err := windows.KnownFolderPath(id, windows.KF_FLAG_DONT_VERIFY)
	if err != nil {
		return ""
	}
	return path
}

// atFirst is the mode of a folder: its access list is there from its start.
func atFirst(mode fs.FileMode) fs.FileMode { return mode }
