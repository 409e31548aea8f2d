package proc

import (
	"os/exec"
	"syscall"
)

// passed holds what Windows programs cannot start without.
func passed() []string {
	return []string{"PATH", "HOME", "LANG", "SystemRoot", "SystemDrive", "ComSpec", "PATHEXT", "TEMP", "TMP", "USERPROFILE"}
}

// ownGroup keeps a console's Ctrl-C away from the program. The end of the
// context ends the program alone.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP, HideWindow: true}
}
