package atomicfiletest

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// What the contract gives a file that it decorates.
const (
	someUser, someGroup = 4711, 4712
	note                = "user.note"
	list                = "system.posix_acl_access"
	noDump              = 0x40 // d of chattr, in linux/fs.h
)

// accessList lets the owner write and another account read.
func accessList() []byte {
	text := binary.LittleEndian.AppendUint32(nil, 2)
	for _, e := range [][3]uint32{{1, 6, 0xffffffff}, {2, 4, 4713}, {4, 4, 0xffffffff}, {0x10, 4, 0xffffffff}, {0x20, 0, 0xffffffff}} {
		text = binary.LittleEndian.AppendUint16(text, uint16(e[0]))
		text = binary.LittleEndian.AppendUint16(text, uint16(e[1]))
		text = binary.LittleEndian.AppendUint32(text, e[2])
	}
	return text
}

// decorate gives a file all that its file system can keep.
func (b bench) decorate(t *testing.T, path string) {
	t.Helper()
	if b.can.Modes {
		must(t, os.Chmod(path, 0o640))
	}
	if b.can.Owners {
		must(t, os.Chown(path, someUser, someGroup))
	}
	if b.can.Notes {
		must(t, unix.Setxattr(path, note, []byte("kept"), 0))
	}
	if b.can.ACLs {
		must(t, unix.Setxattr(path, list, accessList(), 0))
	}
	if b.can.Flags {
		must(t, setFlag(path))
	}
}

func setFlag(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close() //nolint:errcheck // read-only
	flags, err := unix.IoctlGetUint32(int(file.Fd()), unix.FS_IOC_GETFLAGS)
	if err != nil {
		return err
	}
	return unix.IoctlSetPointerInt(int(file.Fd()), unix.FS_IOC_SETFLAGS, int(flags|noDump))
}

func hasFlag(path string) (bool, error) {
	file, err := os.Open(path)
	if err != nil {
		return false, err
	}
	defer file.Close() //nolint:errcheck // read-only
	flags, err := unix.IoctlGetUint32(int(file.Fd()), unix.FS_IOC_GETFLAGS)
	return err == nil && flags&noDump != 0, nil
}

func facts(t *testing.T, path string) string {
	t.Helper()
	text, err := tryFacts(path)
	must(t, err)
	return text
}

// tryFacts are all that is kept, in a text to compare.
func tryFacts(path string) (string, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return "", err
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return "", errors.New("no owner")
	}
	names := make([]byte, 4096)
	n, err := unix.Llistxattr(path, names)
	if err != nil && !errors.Is(err, unix.ENOTSUP) && !errors.Is(err, unix.ENOSYS) {
		return "", err
	}
	var attributes []string
	for _, name := range strings.Split(string(names[:max(n, 0)]), "\x00") {
		if name == "" {
			continue
		}
		value := make([]byte, 4096)
		n, err := unix.Lgetxattr(path, name, value)
		if err != nil {
			return "", err
		}
		attributes = append(attributes, fmt.Sprintf("%s=%q", name, value[:n]))
	}
	slices.Sort(attributes)
	flag, err := hasFlag(path)
	return fmt.Sprintf("%v %d:%d %v %q", info.Mode(), stat.Uid, stat.Gid, flag, attributes), err
}

func probeSystem(t *testing.T, path string, can *Capabilities) {
	t.Helper()
	can.Notes = unix.Setxattr(path, note, []byte("kept"), 0) == nil
	can.ACLs = unix.Setxattr(path, list, accessList(), 0) == nil
	if setFlag(path) == nil {
		flag, err := hasFlag(path)
		must(t, err)
		can.Flags = flag
	}
	can.Owners = os.Chown(path, someUser, someGroup) == nil
}

// fill takes the whole disk: in pieces that get smaller, and then by writing.
func fill(t *testing.T, path string) {
	t.Helper()
	file, err := os.Create(path)
	must(t, err)
	defer file.Close() //nolint:errcheck // it only takes space
	var size int64
	for piece := int64(64 << 20); piece >= 64<<10; piece /= 2 {
		for unix.Fallocate(int(file.Fd()), 0, size, piece) == nil {
			size += piece
		}
	}
	if _, err := file.Seek(size, 0); err != nil {
		t.Fatal(err)
	}
	for _, piece := range [][]byte{make([]byte, 64<<10), make([]byte, 512)} {
		for err = nil; err == nil; {
			if _, err = file.Write(piece); err == nil && len(piece) > 512 {
				err = file.Sync()
			}
		}
	}
	if !isFull(errors.Join(err, file.Sync())) {
		t.Fatalf("fill the disk: %v", err)
	}
}

func isFull(err error) bool { return errors.Is(err, unix.ENOSPC) || errors.Is(err, unix.EDQUOT) }
