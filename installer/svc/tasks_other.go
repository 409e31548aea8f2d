//go:build !windows

package svc

// schtasks is for Windows alone.
func schtasks() string { return "" }

func systemTemp() string { return "" }
