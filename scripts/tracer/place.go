//go:build faults && linux && amd64

package tracer

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// place is where a call was made: a thread and the call's arguments.
type place struct {
	pid, tid int
	args     [6]uint64
	families map[string]bool // socket to whether it is a local one
}

// number is an argument that is a signed 32-bit number, such as a descriptor.
func (p place) number(arg int) int { return int(int32(uint32(p.args[arg]))) }

// bytes reads the program's memory, as far as it can be read.
func (p place) bytes(address, size uint64) []byte {
	if size == 0 {
		return nil
	}
	data := make([]byte, size)
	local := []unix.Iovec{{Base: &data[0], Len: size}}
	remote := []unix.RemoteIovec{{Base: uintptr(address), Len: int(size)}}
	n, err := unix.ProcessVMReadv(p.tid, local, remote, 0)
	if err != nil {
		return nil
	}
	return data[:n]
}

// chunk is how much of a text is read at a time; one never crosses a page.
const chunk = 256

func (p place) text(arg int) string {
	var text []byte
	for at := p.args[arg]; len(text) < unix.PathMax; {
		part := p.bytes(at, chunk-at%chunk)
		if end := bytes.IndexByte(part, 0); end >= 0 {
			return string(append(text, part[:end]...))
		}
		if len(part) == 0 {
			break
		}
		text, at = append(text, part...), at+uint64(len(part))
	}
	return string(text)
}

// word reads a number of the program's memory.
func (p place) word(address uint64) uint64 {
	data := p.bytes(address, 8)
	if len(data) < 8 {
		return 0
	}
	return binary.LittleEndian.Uint64(data)
}

func (p place) proc(name string) string { return fmt.Sprintf("/proc/%d/%s", p.pid, name) }

func (p place) link(name string) string {
	target, err := os.Readlink(p.proc(name))
	if err != nil {
		return ""
	}
	return target
}

// path is an argument that names a file, from a folder's descriptor.
func (p place) path(folder, arg int) string { return p.under(p.number(folder), arg) }

func (p place) under(folder, arg int) string {
	name := p.text(arg)
	switch {
	case filepath.IsAbs(name):
		return filepath.Clean(name)
	case folder == unix.AT_FDCWD:
		return filepath.Join(p.link("cwd"), name)
	}
	return filepath.Join(p.link("fd/"+strconv.Itoa(folder)), name)
}

// named is an argument that names a file from the working folder.
func (p place) named(arg int) string { return p.under(unix.AT_FDCWD, arg) }

// opened fills in the descriptor that an argument is. It is false for what does
// not last: pipes, sockets of the network, event descriptors.
func (p place) opened(arg int, c *Call) bool {
	c.FD = p.number(arg)
	c.Path = p.link("fd/" + strconv.Itoa(c.FD))
	c.Inode = inode(p.proc("fd/"+strconv.Itoa(c.FD)), true)
	switch {
	case c.Stream():
		return true
	case strings.HasPrefix(c.Path, "socket:"):
		return p.local(c.Path)
	}
	return filepath.IsAbs(c.Path)
}

// local reports whether a socket is one of this host (AF_UNIX).
func (p place) local(socket string) bool {
	known, ok := p.families[socket]
	if ok {
		return known
	}
	number := strings.Trim(strings.TrimPrefix(socket, "socket:"), "[]")
	table, err := os.ReadFile(p.proc("net/unix"))
	if err != nil {
		return false
	}
	for line := range bytes.Lines(table) {
		fields := strings.Fields(string(line))
		known = known || len(fields) > 6 && fields[6] == number
	}
	p.families[socket] = known
	return known
}

// position is where the next write through a descriptor goes.
func (p place) position(fd int) int64 {
	text, err := os.ReadFile(p.proc("fdinfo/" + strconv.Itoa(fd)))
	if err != nil {
		return -1
	}
	var at, flags int64
	for line := range strings.Lines(string(text)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		switch name {
		case "pos":
			at, _ = strconv.ParseInt(strings.TrimSpace(value), 10, 64)
		case "flags":
			flags, _ = strconv.ParseInt(strings.TrimSpace(value), 8, 64)
		}
	}
	if flags&unix.O_APPEND == 0 {
		return at
	}
	info, err := os.Stat(p.proc("fd/" + strconv.Itoa(fd)))
	if err != nil {
		return -1
	}
	return info.Size()
}

// inode is the number of what a path names; 0 where it names nothing.
func inode(path string, follow bool) uint64 {
	look := os.Lstat
	if follow {
		look = os.Stat
	}
	info, err := look(path)
	if err != nil {
		return 0
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0
	}
	return stat.Ino
}

// ahead is what a descriptor has from its position on.
func (p place) ahead(fd int, size int64) []byte {
	file, err := os.Open(p.proc("fd/" + strconv.Itoa(fd)))
	if err != nil {
		return nil
	}
	defer file.Close() //nolint:errcheck // read-only
	info, err := file.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return nil
	}
	at := p.position(fd)
	data := make([]byte, max(0, min(size, info.Size()-at)))
	n, _ := file.ReadAt(data, at) // what can be read is what is copied
	return data[:n]
}
