//go:build !windows

package host

func readWindows([]string) *Windows { return nil }
