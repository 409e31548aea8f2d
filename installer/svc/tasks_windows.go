package svc

import (
	"os"
	"path/filepath"

	"golang.org/x/sys/windows"
)

// schtasks is asked of the system and not of the environment, which somebody
// else may have set.
func schtasks() string {
	folder, err := windows.GetSystemDirectory()
	if err != nil {
		return ""
	}
	program := filepath.Join(folder, "schtasks.exe")
	if _, err := os.Stat(program); err != nil {
		return ""
	}
	return program
}

func systemTemp() string {
	folder, err := windows.GetSystemWindowsDirectory()
	if err != nil {
		return ""
	}
	return filepath.Join(folder, "Temp")
}
