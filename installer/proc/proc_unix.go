//go:build unix

package proc

import (
	"errors"
	"os"
	"os/exec"
	"syscall"
)

func passed() []string { return []string{"PATH", "HOME", "LANG"} }

// ownGroup puts the program into a process group and makes the end of the
// context end the group.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error {
		err := syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		if errors.Is(err, syscall.ESRCH) {
			return os.ErrProcessDone
		}
		return err
	}
}

// noFolder is false: a folder that is not there is fs.ErrNotExist here.
func noFolder(error) bool { return false }
