package host

import (
	"errors"
	"fmt"
	"io/fs"
	"runtime"
	"strings"

	"golang.org/x/sys/windows"

	"github.com/empowersuite/backend-installer/installer/access"
	"github.com/empowersuite/backend-installer/installer/fault"
)

// Elevated reports a process with an administrator's full token: a member of
// Administrators whom User Account Control has not cut down.
func (OS) Elevated() bool { return windows.GetCurrentProcessToken().IsElevated() }

// FreeBytes is what the caller may still store, quotas included.
func (OS) FreeBytes(path string) (uint64, error) {
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return 0, fmt.Errorf("free space of %s: %w", fault.Path(path), err)
	}
	var free uint64
	if err := windows.GetDiskFreeSpaceEx(name, &free, nil, nil); err != nil {
		return 0, fmt.Errorf("free space of %s: %w", fault.Path(path), err)
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

// Guard reads the guard of a file or folder.
func (OS) Guard(path string) (access.Guard, error) {
	descriptor, err := windows.GetNamedSecurityInfo(path, windows.SE_FILE_OBJECT, windows.DACL_SECURITY_INFORMATION)
	if err != nil {
		return "", fmt.Errorf("who can read %s: %w", fault.Path(path), err)
	}
	return access.Guard(descriptor.String()), nil
}

// SetGuard replaces it. A list that is protected takes nothing from its folder.
func (OS) SetGuard(path string, g access.Guard) error {
	descriptor, err := windows.SecurityDescriptorFromString(string(g))
	if err != nil {
		return fmt.Errorf("set who can read %s: %w", fault.Path(path), err)
	}
	control, _, err := descriptor.Control()
	if err != nil {
		return fmt.Errorf("set who can read %s: %w", fault.Path(path), err)
	}
	list, _, err := descriptor.DACL()
	if err != nil {
		return fmt.Errorf("set who can read %s: %w", fault.Path(path), err)
	}
	inheritance := windows.SECURITY_INFORMATION(windows.UNPROTECTED_DACL_SECURITY_INFORMATION)
	if control&windows.SE_DACL_PROTECTED != 0 {
		inheritance = windows.PROTECTED_DACL_SECURITY_INFORMATION
	}
	err = windows.SetNamedSecurityInfo(path, windows.SE_FILE_OBJECT, windows.DACL_SECURITY_INFORMATION|inheritance, nil, nil, list, nil)
	runtime.KeepAlive(descriptor) // the list lies in it
	if err != nil {
		return fmt.Errorf("set who can read %s: %w", fault.Path(path), err)
	}
	return nil
}
