//go:build unix && !linux

package atomicfile

import "golang.org/x/sys/unix"

func renameNew(string, string) error { return unix.ENOSYS }

// exchange is a rename: nothing tells what was saved right before it.
func (p Pending) exchange(from string, _ Identity) (touched bool, err error) {
	return p.renameOver(from)
}
