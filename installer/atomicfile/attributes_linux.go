package atomicfile

import (
	"bytes"
	"errors"
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// maxAttributeBytes is the kernel's own bound, XATTR_SIZE_MAX.
const maxAttributeBytes = 64 << 10

// attributes are the extended attributes of a file, POSIX ACL and SELinux label
// among them. A file system that has none gives none.
func attributes(path string) (map[string][]byte, error) {
	names := make([]byte, maxAttributeBytes)
	n, err := unix.Llistxattr(path, names)
	if errors.Is(err, unix.ENOTSUP) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	all := map[string][]byte{}
	for name := range strings.SplitSeq(strings.TrimSuffix(string(names[:n]), "\x00"), "\x00") {
		if name == "" {
			continue
		}
		value := make([]byte, maxAttributeBytes)
		n, err := unix.Lgetxattr(path, name, value)
		if err != nil {
			return nil, err
		}
		all[name] = value[:n]
	}
	return all, nil
}

// copyAttributes also removes what a new file inherited from its folder.
func copyAttributes(from string, to *os.File) error {
	want, err := attributes(from)
	if err != nil {
		return err
	}
	inherited, err := attributes(to.Name())
	if err != nil {
		return err
	}
	for name := range inherited {
		if _, wanted := want[name]; !wanted {
			if err := unix.Fremovexattr(int(to.Fd()), name); err != nil {
				return err
			}
		}
	}
	for name, value := range want {
		if bytes.Equal(inherited[name], value) {
			continue
		}
		if err := unix.Fsetxattr(int(to.Fd()), name, value, 0); err != nil {
			return err
		}
	}
	return nil
}

func sameAttributes(a, b string) bool {
	first, errA := attributes(a)
	second, errB := attributes(b)
	if errA != nil || errB != nil || len(first) != len(second) {
		return false
	}
	for name, value := range first {
		if other, ok := second[name]; !ok || !bytes.Equal(value, other) {
			return false
		}
	}
	return true
}

// immutable reports the flags of chattr that let nobody write, root included.
func immutable(path string) bool {
	var about unix.Statx_t
	err := unix.Statx(unix.AT_FDCWD, path, unix.AT_SYMLINK_NOFOLLOW, unix.STATX_BASIC_STATS, &about)
	return err == nil && about.Attributes&(unix.STATX_ATTR_IMMUTABLE|unix.STATX_ATTR_APPEND) != 0
}
