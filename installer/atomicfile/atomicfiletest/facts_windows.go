package atomicfiletest

import (
	"fmt"

	"golang.org/x/sys/windows"
)

const hiddenSystem = windows.FILE_ATTRIBUTE_HIDDEN | windows.FILE_ATTRIBUTE_SYSTEM

func decorateSystem(path string) error {
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return err
	}
	return windows.SetFileAttributes(name, hiddenSystem)
}

func tryFacts(path string) (string, error) {
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return "", err
	}
	attributes, err := windows.GetFileAttributes(name)
	if err != nil {
		return "", err
	}
	access, err := windows.GetNamedSecurityInfo(path, windows.SE_FILE_OBJECT,
		windows.OWNER_SECURITY_INFORMATION|windows.DACL_SECURITY_INFORMATION)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%#x %s", attributes&(hiddenSystem|windows.FILE_ATTRIBUTE_READONLY), access), nil
}
