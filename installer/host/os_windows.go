package host

import (
	"errors"
	"fmt"

	"golang.org/x/sys/windows"
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

func isUnknownUser(err error) bool {
	return errors.Is(err, windows.ERROR_NONE_MAPPED)
}
