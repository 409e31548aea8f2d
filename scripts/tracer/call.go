//go:build faults && linux && amd64

package tracer

import (
	"fmt"
	"strings"
	"syscall"
)

// Call is one system call that writes.
type Call struct {
	Number int    // among those of the program, from 1
	Name   string // the kernel's: "openat", "write", "fsync"
	Path   string // what is changed, or flushed: a file or a folder; of a rename the old name
	Target string // of a rename or a link the new name; of a symbolic link what it says

	FD     int    // -1 where the call names a path
	Inode  uint64 // of FD, or of what Path named before the call; 0 where there was nothing
	Flags  uint64 // of an open, a rename, an unlink, an fallocate; the flags of chattr
	Mode   uint32 // of an open, mkdir, chmod
	UID    int    // of a chown; -1 leaves it
	GID    int
	Offset int64  // where Data goes; of a truncation or an allocation where it ends or begins
	Size   int64  // of Data, or of an allocation
	Data   []byte // of a write, whole; of an attribute its value
	Attr   string // of an attribute its name
	Times  [2]syscall.Timespec

	Made   uint64        // the inode of the file or folder that the call made; known to Leave
	Result int64         // what the kernel returned; known to Leave
	Errno  syscall.Errno // 0 where it did not fail; known to Leave
}

// Stream reports whether the call is on standard output or standard error.
func (c *Call) Stream() bool { return c.FD == 1 || c.FD == 2 }

// Writes reports whether the call has data that can be torn.
func (c *Call) Writes() bool { return c.Name == "write" || c.Name == "pwrite64" }

// String is the call on one line, without its data.
func (c *Call) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d %s %s", c.Number, c.Name, c.Path)
	if c.Target != "" {
		fmt.Fprintf(&b, " -> %s", c.Target)
	}
	if c.Attr != "" {
		fmt.Fprintf(&b, " %s", c.Attr)
	}
	if c.Size > 0 {
		fmt.Fprintf(&b, " %d bytes", c.Size)
	}
	if c.FD >= 0 {
		fmt.Fprintf(&b, " (fd %d)", c.FD)
	}
	if c.Errno != 0 {
		return fmt.Sprintf("%s = %v", b.String(), c.Errno)
	}
	return fmt.Sprintf("%s = %d", b.String(), c.Result)
}

// Act is what to do with a call.
type Act int

// The acts.
const (
	Let        Act = iota // the kernel does it
	KillBefore            // SIGKILL, and the call is not made
	KillAfter             // the call is made, then SIGKILL
	Torn                  // the first half of the data is written, then SIGKILL
	Short                 // the first half of the data is written
	Fail                  // the call is not made and returns an error
)

// Fault is an act, and the error of Fail.
type Fault struct {
	Act   Act
	Errno syscall.Errno
}

// Observer sees every call that writes.
type Observer interface {
	// Enter is called before the kernel does anything, and says what to do.
	Enter(c *Call) Fault
	// Leave is called with the result. It is not called after KillBefore.
	Leave(c *Call)
}
