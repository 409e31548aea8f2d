//go:build unix && !linux

package atomicfile

import "golang.org/x/sys/unix"

func renameNew(string, string) error { return unix.ENOSYS }
