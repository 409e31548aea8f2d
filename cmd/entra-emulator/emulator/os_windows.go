package emulator

import (
	"os"
	"syscall"
)

const detachedProcess = 0x8 // DETACHED_PROCESS of CreateProcess

// hold opens a file that one process at a time can write to.
func hold(path string) (*os.File, error) {
	name, err := syscall.UTF16PtrFromString(path)
	if err != nil {
		return nil, err
	}
	handle, err := syscall.CreateFile(name, syscall.GENERIC_READ|syscall.GENERIC_WRITE, syscall.FILE_SHARE_READ,
		nil, syscall.OPEN_ALWAYS, syscall.FILE_ATTRIBUTE_NORMAL, 0)
	if err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(handle), path), nil
}

func removeHeld(path string, f *os.File) {
	_ = f.Close()
	_ = os.Remove(path) // left behind, it means the same
}

// terminate ends the process at once: Windows has no signal that a detached
// process could handle.
func terminate(pid int) error {
	p, err := os.FindProcess(pid)
	if err != nil {
		return err
	}
	return p.Kill()
}

func session() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{CreationFlags: detachedProcess | syscall.CREATE_NEW_PROCESS_GROUP}
}
