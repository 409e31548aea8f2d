//go:build faults && linux && amd64

package powercut

import (
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/empowersuite/backend-installer/scripts/tracer"
)

// errUnknown is a call that the model does not understand. Nothing is concluded
// from a trace with one.
var errUnknown = errors.New("the model has no such call")

// errLost is a call on something that the model does not have.
var errLost = errors.New("the model has no such file")

// temporaryFile is O_TMPFILE of linux/fcntl.h: the file has no name.
const temporaryFile = 0o20000000 | syscall.O_DIRECTORY

// keepSize is FALLOC_FL_KEEP_SIZE of linux/falloc.h.
const keepSize = 1

// removed is what /proc says behind the path of an open file that has no name any more.
const removed = " (deleted)"

// Apply repeats a call that was made. What is outside the folder is passed over.
func (d *Disk) Apply(c *tracer.Call) error {
	if c.Errno != 0 || c.Stream() || strings.HasSuffix(c.Path, removed) {
		return nil //nolint:nilerr // a call that failed changed nothing
	}
	if err := d.apply(c); err != nil {
		return fmt.Errorf("%s: %w", c, err)
	}
	return nil
}

func (d *Disk) apply(c *tracer.Call) error {
	switch c.Name {
	case "flock", "connect", "sendto", "sendmsg", "ioctl":
		return nil
	case "open", "openat", "openat2", "creat":
		return d.open(c)
	case "mkdir", "mkdirat":
		return d.enter(c.Path, d.made(Folder, c.Mode))
	case "symlink", "symlinkat":
		link := d.made(Link, 0o777)
		link.now.data, link.now.meta.Mode = []byte(c.Target), 0o777
		link.flush()
		return d.enter(c.Path, link)
	case "unlink", "unlinkat", "rmdir":
		return d.enter(c.Path, nil)
	case "link", "linkat":
		return d.link(c)
	case "rename", "renameat", "renameat2":
		return d.rename(c)
	}
	at, inside := d.find(c.Path)
	switch {
	case !inside:
		return nil
	case at == nil:
		return errLost
	}
	return at.apply(c)
}

// apply repeats a call on an inode itself.
func (n *inode) apply(c *tracer.Call) error {
	meta := &n.now.meta
	switch c.Name {
	case "write", "pwrite64", "writev", "copy_file_range", "sendfile":
		n.put(c.Offset, c.Data[:c.Result])
	case "fsync", "fdatasync":
		n.flush()
	case "truncate", "ftruncate":
		n.resize(c.Offset)
	case "fallocate":
		if c.Flags != keepSize {
			return errUnknown
		}
	case "chmod", "fchmod", "fchmodat", "fchmodat2":
		meta.Mode = c.Mode & 0o7777
	case "chown", "fchown", "lchown", "fchownat":
		*meta = meta.owned(c.UID, c.GID)
	case "utimensat":
		if c.Times[1].Nsec >= int64(time.Second) {
			return errUnknown // UTIME_NOW and UTIME_OMIT
		}
		meta.Modified = time.Unix(c.Times[1].Unix())
	case "setxattr", "lsetxattr", "fsetxattr", "removexattr", "lremovexattr", "fremovexattr":
		meta.Attrs = changedAttrs(meta.Attrs, c)
	default:
		return errUnknown
	}
	return nil
}

// changedAttrs is a copy: what is on the disk keeps its own.
func changedAttrs(attrs map[string]string, c *tracer.Call) map[string]string {
	changed := map[string]string{}
	maps.Copy(changed, attrs)
	if strings.Contains(c.Name, "remove") {
		delete(changed, c.Attr)
	} else {
		changed[c.Attr] = string(c.Data)
	}
	return changed
}

// owned is who a file belongs to after a change of the owner; -1 leaves it.
func (m Meta) owned(uid, gid int) Meta {
	if uid >= 0 {
		m.UID = uid
	}
	if gid >= 0 {
		m.GID = gid
	}
	return m
}

func (d *Disk) open(c *tracer.Call) error {
	if c.Flags&temporaryFile == temporaryFile {
		return nil
	}
	at, inside := d.find(c.Path)
	switch {
	case !inside:
	case at == nil && c.Flags&syscall.O_CREAT == 0:
		return errLost
	case at == nil:
		return d.enter(c.Path, d.made(File, c.Mode))
	case at.kind == Link:
		return errUnknown
	case c.Flags&syscall.O_TRUNC != 0:
		at.resize(0)
	}
	return nil
}

// enter makes a name lead to something, or to nothing.
func (d *Disk) enter(path string, to *inode) error {
	folder, inside := d.find(filepath.Dir(path))
	switch {
	case !inside:
	case folder == nil:
		return errLost
	default:
		folder.change(entry{filepath.Base(path): to})
	}
	return nil
}

func (d *Disk) link(c *tracer.Call) error {
	at, inside := d.find(c.Path)
	if inside && at == nil {
		return errLost
	}
	if _, too := d.find(filepath.Dir(c.Target)); too != inside {
		return errUnknown
	}
	return d.enter(c.Target, at)
}

// The flags of renameat2, of linux/fs.h.
const (
	noReplace = 1
	exchange  = 2
)

// rename is one change of a folder, or one of each of two.
func (d *Disk) rename(c *tracer.Call) error {
	at, inside := d.find(c.Path)
	other, too := d.find(c.Target)
	from, _ := d.find(filepath.Dir(c.Path))
	to, _ := d.find(filepath.Dir(c.Target))
	if c.Flags != exchange {
		other = nil
	}
	switch {
	case inside != too, c.Flags&^(noReplace|exchange) != 0:
		return errUnknown
	case !inside:
		return nil
	case at == nil, to == nil, c.Flags == exchange && other == nil:
		return errLost
	case from == to:
		from.change(entry{filepath.Base(c.Path): other, filepath.Base(c.Target): at})
		return nil
	}
	to.change(entry{filepath.Base(c.Target): at})
	from.change(entry{filepath.Base(c.Path): other})
	return nil
}
