//go:build faults && linux && amd64

package powercut

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// Kind is what an entry leads to.
type Kind int

// The kinds.
const (
	File Kind = iota
	Folder
	Link
)

// Meta is what is known about a file besides its content.
type Meta struct {
	Mode     uint32 // permissions, set-ID bits and the sticky bit
	UID, GID int
	Modified time.Time         // zero where it is the time of a write
	Attrs    map[string]string // the extended ones of a user
}

func (m Meta) equal(other Meta) bool {
	return m.Mode == other.Mode && m.UID == other.UID && m.GID == other.GID &&
		m.Modified.Equal(other.Modified) && maps.Equal(m.Attrs, other.Attrs)
}

// Node is a file, a folder or a link.
type Node struct {
	Kind Kind
	Meta Meta
	Data []byte // of a link where it leads
	Same string // the first of its names, where it has several
}

// State is everything below a folder, by path from there.
type State map[string]Node

// Read reads what is below a folder.
func Read(root string) (State, error) {
	s, first := State{}, map[uint64]string{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || path == root {
			return err
		}
		name := strings.TrimPrefix(path, root+"/")
		node, number, err := read(path, d)
		if err != nil {
			return fmt.Errorf("read %q: %w", path, err)
		}
		if node.Kind == File {
			if node.Same = first[number]; node.Same == "" {
				first[number] = name
			}
		}
		s[name] = node
		return nil
	})
	return s, err
}

// read also returns the number of what is read.
func read(path string, d fs.DirEntry) (n Node, number uint64, err error) {
	info, err := d.Info()
	if err != nil {
		return n, 0, err
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return n, 0, errors.New("it has no owner")
	}
	n.Meta = Meta{Mode: stat.Mode & 0o7777, UID: int(stat.Uid), GID: int(stat.Gid)}
	switch {
	case d.IsDir():
		n.Kind = Folder
	case d.Type() == fs.ModeSymlink:
		var to string
		n.Kind = Link
		to, err = os.Readlink(path)
		n.Data = []byte(to)
	case d.Type().IsRegular():
		n.Meta.Modified = info.ModTime()
		n.Meta.Attrs = attributes(path)
		n.Data, err = os.ReadFile(path)
	default:
		err = errors.New("neither file nor folder nor link")
	}
	return n, stat.Ino, err
}

// attributes are those of a user; the system's own come with a file.
func attributes(path string) map[string]string {
	names := make([]byte, 4096)
	n, err := syscall.Listxattr(path, names)
	if err != nil {
		return nil // a file system that has none
	}
	all := map[string]string{}
	for name := range strings.SplitSeq(string(names[:n]), "\x00") {
		value := make([]byte, 4096)
		if !strings.HasPrefix(name, "user.") {
			continue
		}
		if n, err := syscall.Getxattr(path, name, value); err == nil {
			all[name] = string(value[:n])
		}
	}
	if len(all) == 0 {
		return nil
	}
	return all
}

// Write makes a folder hold this and nothing else.
func (s State) Write(root string) error {
	if err := os.RemoveAll(root); err != nil {
		return err
	}
	if err := os.Mkdir(root, 0o755); err != nil { //nolint:gosec // what is below has modes of its own
		return err
	}
	for _, name := range s.names() {
		if err := s.write(root, name); err != nil {
			return err
		}
	}
	return nil
}

// names are sorted, so that a folder comes before what is in it, and the first
// name of a file before its others.
func (s State) names() []string { return slices.Sorted(maps.Keys(s)) }

func (s State) write(root, name string) error {
	n, path := s[name], filepath.Join(root, name)
	var err error
	switch {
	case n.Same != "":
		return os.Link(filepath.Join(root, n.Same), path)
	case n.Kind == Link:
		return os.Symlink(string(n.Data), path)
	case n.Kind == Folder:
		err = os.Mkdir(path, 0o700)
	default:
		err = os.WriteFile(path, n.Data, 0o600)
	}
	for name, value := range n.Meta.Attrs {
		err = errors.Join(err, syscall.Setxattr(path, name, []byte(value), 0))
	}
	if n.Meta.UID != os.Geteuid() || n.Meta.GID != os.Getegid() {
		err = errors.Join(err, os.Chown(path, n.Meta.UID, n.Meta.GID))
	}
	err = errors.Join(err, syscall.Chmod(path, n.Meta.Mode))
	if !n.Meta.Modified.IsZero() {
		err = errors.Join(err, os.Chtimes(path, n.Meta.Modified, n.Meta.Modified))
	}
	return err
}
