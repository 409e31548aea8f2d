//go:build !windows

package daemon

import (
	"os"
	"syscall"
)

func lock(f *os.File) error {
	return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
}

func terminate(pid int) error { return syscall.Kill(pid, syscall.SIGTERM) }

func session() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }
