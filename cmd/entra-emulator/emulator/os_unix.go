//go:build !windows

package emulator

import (
	"errors"
	"os"
	"syscall"
)

// hold opens a file that one process at a time can hold.
func hold(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644) //nolint:gosec // other accounts may read the process ID
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

func removeHeld(path string, f *os.File) {
	_ = os.Remove(path) // left behind, it means the same
	_ = f.Close()
}

func terminate(pid int) error { return syscall.Kill(pid, syscall.SIGTERM) }

func session() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }
