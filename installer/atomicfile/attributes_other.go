//go:build unix && !linux

package atomicfile

import "os"

func copyAttributes(string, *os.File) error { return nil }

func sameAttributes(string, string) bool { return true }

func immutable(string) bool { return false }
