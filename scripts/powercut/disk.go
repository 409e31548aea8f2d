//go:build faults && linux && amd64

package powercut

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Disk is a file system below a folder.
type Disk struct {
	root  string
	top   *inode
	umask uint32
}

// inode is a file, a folder or a link.
type inode struct {
	kind      Kind
	now, disk held
	pending   []entry // of a folder: on their way to the disk, in order
}

// held is what an inode holds. What is in it is never changed, but replaced.
type held struct {
	meta    Meta
	data    []byte
	entries map[string]*inode
}

// entry is a change of a folder, all of it at once: where names lead then, nil for
// nowhere.
type entry map[string]*inode

// with are entries after a change.
func (e entry) with(entries map[string]*inode) map[string]*inode {
	entries = maps.Clone(entries)
	for name, to := range e {
		if entries[name] = to; to == nil {
			delete(entries, name)
		}
	}
	return entries
}

// New is a file system that holds a state, all of it on the disk.
func New(root string, s State, umask uint32) *Disk {
	d := &Disk{root: root, umask: umask, top: newInode(Folder, Meta{Mode: 0o755}, nil)}
	made := map[string]*inode{".": d.top}
	for _, name := range s.names() {
		n := s[name]
		made[name] = made[n.Same]
		if n.Same == "" {
			made[name] = newInode(n.Kind, n.Meta, n.Data)
		}
		folder := made[filepath.Dir(name)]
		folder.change(entry{filepath.Base(name): made[name]})
		folder.flush()
	}
	return d
}

func newInode(kind Kind, meta Meta, data []byte) *inode {
	h := held{meta: meta, data: data, entries: map[string]*inode{}}
	return &inode{kind: kind, now: h, disk: h}
}

// made is a new inode of this process, which is on the disk with its mode and
// without its content.
func (d *Disk) made(kind Kind, mode uint32) *inode {
	return newInode(kind, Meta{Mode: mode &^ d.umask & 0o7777, UID: os.Geteuid(), GID: os.Getegid()}, nil)
}

// flush puts everything about an inode on the disk.
func (n *inode) flush() { n.disk, n.pending = n.now, nil }

// change changes a folder.
func (n *inode) change(e entry) {
	n.now.entries = e.with(n.now.entries)
	n.pending = append(n.pending, e)
}

// put writes into a file.
func (n *inode) put(at int64, data []byte) {
	end := int(at) + len(data)
	fresh := append(bytes.Clone(n.now.data), make([]byte, max(0, end-len(n.now.data)))...)
	copy(fresh[at:], data)
	n.now.data, n.now.meta.Modified = fresh, time.Time{}
}

func (n *inode) resize(size int64) {
	fresh := make([]byte, size)
	copy(fresh, n.now.data)
	n.now.data, n.now.meta.Modified = fresh, time.Time{}
}

// entriesAfter are those of a folder when so many of the pending ones reached the
// disk.
func (n *inode) entriesAfter(reached int) map[string]*inode {
	entries := n.disk.entries
	for _, e := range n.pending[:reached] {
		entries = e.with(entries)
	}
	return entries
}

// find is what a path leads to, nil where it leads nowhere, and whether it is
// below the folder at all. Links on the way are followed, one at the end is not.
func (d *Disk) find(path string) (at *inode, inside bool) {
	const most = 40 // links, as the kernel
	for range most {
		rest, below := strings.CutPrefix(filepath.Clean(path)+"/", d.root+"/")
		if !below {
			return nil, false
		}
		var onwards string
		if at, onwards = d.walk(strings.Split(strings.TrimSuffix(rest, "/"), "/")); onwards == "" {
			return at, true
		}
		path = onwards
	}
	return nil, true
}

// walk follows names from the top. Where one before the last is a link it returns
// the path from there on.
func (d *Disk) walk(names []string) (at *inode, onwards string) {
	at = d.top
	for i, name := range names {
		if name == "" {
			break // the folder itself
		}
		if at = at.now.entries[name]; at == nil {
			return nil, ""
		}
		if at.kind == Link && i < len(names)-1 {
			to := string(at.now.data)
			if !filepath.IsAbs(to) {
				to = filepath.Join(append([]string{d.root}, append(names[:i:i], to)...)...)
			}
			return nil, filepath.Join(append([]string{to}, names[i+1:]...)...)
		}
	}
	return at, ""
}
