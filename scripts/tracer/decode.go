//go:build faults && linux && amd64

package tracer

import (
	"encoding/binary"
	"os"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

// decoded is a call's name, and how its arguments are read. decode is false for
// a call that changes nothing that lasts.
type decoded struct {
	name   string
	decode func(place, *Call) bool
}

// calls are the calls that write, by their numbers.
var calls = sync.OnceValue(func() map[uint64]decoded { //nolint:gochecknoglobals // a table that is never changed
	all := map[uint64]decoded{}
	for _, of := range []map[uint64]decoded{opens(), contents(), names(), attributes(), sockets()} {
		for number, how := range of {
			all[number] = how
		}
	}
	return all
})

func opens() map[uint64]decoded {
	return map[uint64]decoded{
		unix.SYS_OPEN: {"open", func(p place, c *Call) bool {
			return opening(c, p.named(0), p.args[1], p.args[2])
		}},
		unix.SYS_OPENAT: {"openat", func(p place, c *Call) bool {
			return writes(p.args[2]) && opening(c, p.path(0, 1), p.args[2], p.args[3])
		}},
		unix.SYS_OPENAT2: {"openat2", func(p place, c *Call) bool {
			return opening(c, p.path(0, 1), p.word(p.args[2]), p.word(p.args[2]+8))
		}},
		unix.SYS_CREAT: {"creat", func(p place, c *Call) bool {
			return opening(c, p.named(0), unix.O_CREAT|unix.O_WRONLY|unix.O_TRUNC, p.args[1])
		}},
	}
}

// openWrites are the flags of an open that changes something, or lets.
const openWrites = unix.O_CREAT | unix.O_TRUNC | unix.O_WRONLY | unix.O_RDWR

func writes(flags uint64) bool { return flags&openWrites != 0 }

func opening(c *Call, path string, flags, mode uint64) bool {
	c.Path, c.Flags, c.Mode = path, flags, uint32(mode)
	c.Inode = inode(path, flags&unix.O_NOFOLLOW == 0)
	return writes(flags) && path != os.DevNull
}

func contents() map[uint64]decoded {
	flush := func(p place, c *Call) bool { return p.opened(0, c) }
	return map[uint64]decoded{
		unix.SYS_WRITE:     {"write", func(p place, c *Call) bool { return written(p, c, -1) }},
		unix.SYS_PWRITE64:  {"pwrite64", func(p place, c *Call) bool { return written(p, c, int64(p.args[3])) }},
		unix.SYS_WRITEV:    {"writev", gathered},
		unix.SYS_FSYNC:     {"fsync", flush},
		unix.SYS_FDATASYNC: {"fdatasync", flush},
		unix.SYS_FLOCK: {"flock", func(p place, c *Call) bool {
			c.Flags = p.args[1]
			return p.opened(0, c)
		}},
		unix.SYS_FTRUNCATE: {"ftruncate", func(p place, c *Call) bool {
			c.Offset = int64(p.args[1])
			return p.opened(0, c)
		}},
		unix.SYS_TRUNCATE: {"truncate", func(p place, c *Call) bool {
			c.Offset = int64(p.args[1])
			return about(c, p.named(0))
		}},
		unix.SYS_FALLOCATE: {"fallocate", func(p place, c *Call) bool {
			c.Flags, c.Offset, c.Size = p.args[1], int64(p.args[2]), int64(p.args[3])
			return p.opened(0, c)
		}},
		unix.SYS_COPY_FILE_RANGE: {"copy_file_range", func(p place, c *Call) bool { return copied(p, c, 0, 2, 4) }},
		unix.SYS_SENDFILE:        {"sendfile", func(p place, c *Call) bool { return copied(p, c, 1, 0, 3) }},
	}
}

func written(p place, c *Call, offset int64) bool {
	if !p.opened(0, c) {
		return false
	}
	if c.Offset = offset; offset < 0 {
		c.Offset = p.position(c.FD)
	}
	c.Data, c.Size = p.bytes(p.args[1], p.args[2]), int64(p.args[2])
	return true
}

func gathered(p place, c *Call) bool {
	if !p.opened(0, c) {
		return false
	}
	c.Offset = p.position(c.FD)
	for i := range p.args[2] {
		at := p.args[1] + 16*i
		c.Data = append(c.Data, p.bytes(p.word(at), p.word(at+8))...)
	}
	c.Size = int64(len(c.Data))
	return true
}

// copied is a copy within the kernel. Its data is read where it comes from.
func copied(p place, c *Call, from, to, size int) bool {
	if !p.opened(to, c) {
		return false
	}
	c.Offset, c.Size = p.position(c.FD), int64(p.args[size])
	c.Data = p.ahead(p.number(from), c.Size)
	return true
}

func names() map[uint64]decoded {
	return map[uint64]decoded{
		unix.SYS_RENAME:    {"rename", func(p place, c *Call) bool { return moved(c, p.named(0), p.named(1)) }},
		unix.SYS_RENAMEAT:  {"renameat", func(p place, c *Call) bool { return moved(c, p.path(0, 1), p.path(2, 3)) }},
		unix.SYS_RENAMEAT2: {"renameat2", movedWith},
		unix.SYS_LINK:      {"link", func(p place, c *Call) bool { return moved(c, p.named(0), p.named(1)) }},
		unix.SYS_LINKAT:    {"linkat", movedWith},
		unix.SYS_SYMLINK:   {"symlink", func(p place, c *Call) bool { return pointed(c, p.named(1), p.text(0)) }},
		unix.SYS_SYMLINKAT: {"symlinkat", func(p place, c *Call) bool { return pointed(c, p.path(1, 2), p.text(0)) }},
		unix.SYS_UNLINK:    {"unlink", func(p place, c *Call) bool { return about(c, p.named(0)) }},
		unix.SYS_UNLINKAT: {"unlinkat", func(p place, c *Call) bool {
			c.Flags = p.args[2]
			return about(c, p.path(0, 1))
		}},
		unix.SYS_RMDIR: {"rmdir", func(p place, c *Call) bool { return about(c, p.named(0)) }},
		unix.SYS_MKDIR: {"mkdir", func(p place, c *Call) bool {
			c.Mode = uint32(p.args[1])
			return about(c, p.named(0))
		}},
		unix.SYS_MKDIRAT: {"mkdirat", func(p place, c *Call) bool {
			c.Mode = uint32(p.args[2])
			return about(c, p.path(0, 1))
		}},
	}
}

func moved(c *Call, from, to string) bool {
	c.Target = to
	return about(c, from)
}

func movedWith(p place, c *Call) bool {
	c.Flags = p.args[4]
	return moved(c, p.path(0, 1), p.path(2, 3))
}

func pointed(c *Call, path, text string) bool {
	c.Path, c.Target = path, text
	return true
}

func about(c *Call, path string) bool {
	if c.Path = path; c.FD < 0 {
		c.Inode = inode(path, false)
	}
	return true
}

func attributes() map[uint64]decoded {
	all := map[uint64]decoded{
		unix.SYS_CHMOD:     {"chmod", func(p place, c *Call) bool { return access(c, p.named(0), p.args[1]) }},
		unix.SYS_FCHMODAT:  {"fchmodat", func(p place, c *Call) bool { return access(c, p.path(0, 1), p.args[2]) }},
		unix.SYS_FCHMODAT2: {"fchmodat2", func(p place, c *Call) bool { return access(c, p.path(0, 1), p.args[2]) }},
		unix.SYS_FCHMOD:    {"fchmod", func(p place, c *Call) bool { return p.opened(0, c) && access(c, c.Path, p.args[1]) }},
		unix.SYS_CHOWN:     {"chown", func(p place, c *Call) bool { return owner(p, c, p.named(0), 1) }},
		unix.SYS_LCHOWN:    {"lchown", func(p place, c *Call) bool { return owner(p, c, p.named(0), 1) }},
		unix.SYS_FCHOWNAT:  {"fchownat", func(p place, c *Call) bool { return owner(p, c, p.path(0, 1), 2) }},
		unix.SYS_FCHOWN:    {"fchown", func(p place, c *Call) bool { return p.opened(0, c) && owner(p, c, c.Path, 1) }},
		unix.SYS_UTIMENSAT: {"utimensat", times},
		unix.SYS_IOCTL: {"ioctl", func(p place, c *Call) bool {
			c.Flags = uint64(uint32(p.word(p.args[2])))
			return uint32(p.args[1]) == unix.FS_IOC_SETFLAGS && p.opened(0, c)
		}},
	}
	for number, name := range map[uint64]string{unix.SYS_SETXATTR: "setxattr", unix.SYS_LSETXATTR: "lsetxattr"} {
		all[number] = decoded{name, func(p place, c *Call) bool { return attribute(p, c) && about(c, p.named(0)) }}
	}
	all[unix.SYS_FSETXATTR] = decoded{"fsetxattr", func(p place, c *Call) bool { return attribute(p, c) && p.opened(0, c) }}
	for number, name := range map[uint64]string{unix.SYS_REMOVEXATTR: "removexattr", unix.SYS_LREMOVEXATTR: "lremovexattr"} {
		all[number] = decoded{name, func(p place, c *Call) bool { c.Attr = p.text(1); return about(c, p.named(0)) }}
	}
	all[unix.SYS_FREMOVEXATTR] = decoded{"fremovexattr", func(p place, c *Call) bool { c.Attr = p.text(1); return p.opened(0, c) }}
	return all
}

func access(c *Call, path string, mode uint64) bool {
	c.Mode = uint32(mode)
	return about(c, path)
}

func owner(p place, c *Call, path string, first int) bool {
	c.UID, c.GID = p.number(first), p.number(first+1)
	return about(c, path)
}

func attribute(p place, c *Call) bool {
	c.Attr, c.Data = p.text(1), p.bytes(p.args[2], p.args[3])
	return true
}

func times(p place, c *Call) bool {
	c.Flags = p.args[3]
	if data := p.bytes(p.args[2], 32); len(data) == 32 {
		for i := range c.Times {
			c.Times[i] = syscall.Timespec{
				Sec:  int64(binary.LittleEndian.Uint64(data[16*i:])),
				Nsec: int64(binary.LittleEndian.Uint64(data[16*i+8:])),
			}
		}
	}
	if p.args[1] == 0 {
		return p.opened(0, c) // futimens
	}
	return about(c, p.path(0, 1))
}

// sockets are those of this host alone.
func sockets() map[uint64]decoded {
	local := func(p place, c *Call) bool { return p.opened(0, c) && !c.Stream() }
	return map[uint64]decoded{
		unix.SYS_CONNECT: {"connect", local}, unix.SYS_SENDTO: {"sendto", local}, unix.SYS_SENDMSG: {"sendmsg", local},
	}
}
