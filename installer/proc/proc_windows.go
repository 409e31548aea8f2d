package proc

import (
	"errors"
	"os/exec"
	"syscall"

	"golang.org/x/sys/windows"
)

// noFolder recognises what Windows says of a folder to run in that is not there.
func noFolder(err error) bool { return errors.Is(err, windows.ERROR_DIRECTORY) }

// passed holds what Windows programs cannot start without.
func passed() []string {
	return []string{"PATH", "HOME", "LANG", "SystemRoot", "SystemDrive", "ComSpec", "PATHEXT", "TEMP", "TMP", "USERPROFILE"}
}

// ownGroup keeps a console's Ctrl-C away from the program. The end of the
// context ends the program alone.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP, HideWindow: true}
}
