package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// maxAttributeBytes is the kernel's own bound, XATTR_SIZE_MAX.
const maxAttributeBytes = 64 << 10

// keptFlags are those of chattr, by their numbers in linux/fs.h, that a rename
// would lose and that do not tell how the file system stores the content.
// Immutable and append-only files are refused.
const keptFlags = 0x1 | // s, overwritten when it is removed
	0x2 | // u, kept when it is removed
	0x4 | // c, compressed
	0x8 | // S, written through
	0x40 | // d, not dumped
	0x80 | // A, no access times
	0x400 | // m, not compressed
	0x4000 | // j, content journaled
	0x8000 | // t, its end in a block of its own
	0x800000 | // C, no copy on write
	0x2000000 // x, direct access

func changeTime(stat *syscall.Stat_t) time.Time { return time.Unix(stat.Ctim.Unix()) }

// ofContent tells attributes that the kernel makes of a content: the old one's
// would be wrong for the new.
func ofContent(name string) bool { return name == "security.ima" || name == "security.evm" }

// attributesOf are the extended attributes of a file, POSIX ACL and SELinux
// label among them. A file system that has none gives none.
func attributesOf(file *os.File) (map[string]string, error) {
	names := make([]byte, maxAttributeBytes)
	n, err := unix.Flistxattr(int(file.Fd()), names)
	if errors.Is(err, unix.ENOTSUP) || errors.Is(err, unix.ENOSYS) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	all := map[string]string{}
	for name := range strings.SplitSeq(strings.TrimSuffix(string(names[:n]), "\x00"), "\x00") {
		if name == "" || ofContent(name) {
			continue
		}
		value := make([]byte, maxAttributeBytes)
		n, err := unix.Fgetxattr(int(file.Fd()), name, value)
		if err != nil {
			return nil, err
		}
		all[name] = string(value[:n])
	}
	return all, nil
}

// setAttributes makes an open file's attributes these and no others.
func setAttributes(file *os.File, want map[string]string) error {
	now, err := attributesOf(file)
	if err != nil {
		return err
	}
	for name := range now {
		if _, wanted := want[name]; !wanted {
			if err := unix.Fremovexattr(int(file.Fd()), name); err != nil {
				return err
			}
		}
	}
	for name, value := range want {
		if had, ok := now[name]; ok && had == value {
			continue
		}
		if err := setAttribute(file, name, value); err != nil {
			return err
		}
	}
	return nil
}

func setAttribute(file *os.File, name, value string) error {
	return unix.Fsetxattr(int(file.Fd()), name, []byte(value), 0)
}

// setTime sets the time of the last writing, and of the last reading with it.
func setTime(file *os.File, at time.Time) error {
	stamp, err := unix.TimeToTimespec(at)
	if err != nil {
		return err
	}
	both := [2]unix.Timespec{stamp, stamp}
	_, _, number := unix.Syscall6(unix.SYS_UTIMENSAT, file.Fd(), 0, uintptr(unsafe.Pointer(&both)), 0, 0, 0) //nolint:gosec // G103: x/sys has it for names alone
	if number != 0 {
		return &fs.PathError{Op: "set the time", Path: file.Name(), Err: number}
	}
	return nil
}

// flagsOf are the kept flags in a form to compare; "0" where there are none.
func flagsOf(file *os.File) string {
	flags, err := unix.IoctlGetUint32(int(file.Fd()), unix.FS_IOC_GETFLAGS)
	if err != nil {
		return "0"
	}
	return strconv.FormatUint(uint64(flags&keptFlags), 16)
}

// setFlags is for a file without content: some flags are only taken by those.
func setFlags(file *os.File, want string) error {
	wanted, err := strconv.ParseUint(want, 16, 32)
	if err != nil {
		return fmt.Errorf("flags: %w", err)
	}
	now, err := unix.IoctlGetUint32(int(file.Fd()), unix.FS_IOC_GETFLAGS)
	if err != nil {
		return nil //nolint:nilerr // a file system without flags; the comparison tells
	}
	flags := now&^keptFlags | uint32(wanted)
	if flags == now {
		return nil
	}
	return unix.IoctlSetPointerInt(int(file.Fd()), unix.FS_IOC_SETFLAGS, int(flags))
}

// unwritable is ErrImmutable where a flag of chattr lets nobody write, root
// included.
func unwritable(path string) error {
	var about unix.Statx_t
	err := unix.Statx(unix.AT_FDCWD, path, unix.AT_SYMLINK_NOFOLLOW, unix.STATX_BASIC_STATS, &about)
	if err == nil && about.Attributes&(unix.STATX_ATTR_IMMUTABLE|unix.STATX_ATTR_APPEND) != 0 {
		return ErrImmutable
	}
	return nil
}

// reserve takes a file's space before its content changes, so that a full disk
// or a quota is found before there is anything to lose.
func reserve(file *os.File, size int64) error {
	err := unix.Fallocate(int(file.Fd()), unix.FALLOC_FL_KEEP_SIZE, 0, max(size, 1))
	for _, number := range []unix.Errno{unix.ENOSPC, unix.EDQUOT, unix.EFBIG} {
		if errors.Is(err, number) {
			return errors.Join(fmt.Errorf("take %d bytes of the disk: %w", size, err), giveBack(file))
		}
	}
	return nil // done, or not to be had on this file system
}

func giveBack(file *os.File) error {
	info, err := file.Stat()
	if err != nil {
		return err
	}
	return file.Truncate(info.Size())
}
