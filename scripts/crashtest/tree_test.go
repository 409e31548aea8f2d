//go:build faults && linux && amd64

package crashtest_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
)

// marker is an extended attribute that a file keeps, where the file system has
// any.
const marker = "user.crashtest"

// entry is a file, a folder or a link, without its content.
type entry struct {
	Mode     fs.FileMode
	UID, GID uint32
	Marked   string
	Link     string // the first of its names, where it has several
}

// tree is everything below a folder, by path from there.
type tree struct {
	entries map[string]entry
	content map[string][]byte // of a link, where it leads
}

func readTree(root string) (tree, error) {
	t := tree{entries: map[string]entry{}, content: map[string][]byte{}}
	first := map[uint64]string{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || path == root {
			return err
		}
		name := strings.TrimPrefix(path, root+"/")
		e, number, err := entryOf(path, d)
		if err != nil {
			return err
		}
		if e.Link = first[number]; e.Link == "" {
			first[number] = name
		}
		t.entries[name] = e
		switch {
		case d.Type().IsRegular():
			t.content[name], err = os.ReadFile(path)
		case d.Type() == fs.ModeSymlink:
			var to string
			to, err = os.Readlink(path)
			t.content[name] = []byte(to)
		}
		return err
	})
	return t, err
}

// entryOf also returns the file's number.
func entryOf(path string, d fs.DirEntry) (e entry, number uint64, err error) {
	info, err := d.Info()
	if err != nil {
		return e, 0, err
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return e, 0, fmt.Errorf("no owner of %q", path)
	}
	e = entry{Mode: info.Mode(), UID: stat.Uid, GID: stat.Gid}
	if info.Mode().IsRegular() {
		value := make([]byte, 256)
		if n, err := syscall.Getxattr(path, marker, value); err == nil {
			e.Marked = string(value[:n])
		}
	}
	return e, stat.Ino, nil
}

// write makes a tree below a folder, which is emptied before.
func (t tree) write(root string) error {
	if err := os.RemoveAll(root); err != nil {
		return err
	}
	if err := os.Mkdir(root, 0o755); err != nil {
		return err
	}
	for _, name := range t.names() {
		var err error
		if first := t.entries[name].Link; first != "" {
			err = os.Link(filepath.Join(root, first), filepath.Join(root, name))
		} else {
			err = t.writeOne(filepath.Join(root, name), name)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (t tree) writeOne(path, name string) error {
	e := t.entries[name]
	var err error
	switch {
	case e.Mode.IsDir():
		err = os.Mkdir(path, 0o700)
	case e.Mode.Type() == fs.ModeSymlink:
		return os.Symlink(string(t.content[name]), path)
	default:
		err = os.WriteFile(path, t.content[name], 0o600)
	}
	if err == nil && e.Marked != "" {
		err = syscall.Setxattr(path, marker, []byte(e.Marked), 0)
	}
	if err == nil && (int(e.UID) != os.Geteuid() || int(e.GID) != os.Getegid()) {
		err = os.Chown(path, int(e.UID), int(e.GID))
	}
	if err == nil {
		err = os.Chmod(path, e.Mode)
	}
	return err
}

// names are sorted, so that a folder comes before what is in it.
func (t tree) names() []string {
	var names []string
	for name := range t.entries {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// varies tells files whose content holds the time of a run, or chance.
func varies(name string) bool {
	return slices.Contains([]string{"record.json", "fingerprint.key", "lock", "installer.log"}, filepath.Base(name))
}

// comesAndGoes tells what may be there or not, whatever stands: the lock's file,
// the log, and the empty folders of the program's own state.
func comesAndGoes(name string) bool {
	return slices.Contains([]string{
		"state", "state/PROD", "state/PROD/lock", "state/PROD/journal", "state/PROD/log", "state/PROD/log/installer.log",
	}, name)
}

// differs tells how a tree is not the one that is wanted. What is there besides
// counts only where nothing may be left.
func (t tree) differs(want tree, nothingLeft bool) []string {
	var how []string
	for _, name := range want.names() {
		if what := t.differsAt(name, want); what != "" {
			how = append(how, name+" "+what)
		}
	}
	for _, name := range t.names() {
		_, wanted := want.entries[name]
		if !wanted && !comesAndGoes(name) && (nothingLeft || !beside(name)) {
			how = append(how, name+" is left")
		}
	}
	return how
}

func (t tree) differsAt(name string, want tree) string {
	got, there := t.entries[name]
	switch {
	case !there && comesAndGoes(name):
	case !there:
		return "is missing"
	case got != want.entries[name]:
		return fmt.Sprintf("is %+v, was %+v", got, want.entries[name])
	case !varies(name) && !bytes.Equal(t.content[name], want.content[name]):
		return "holds other content: " + brief(t.content[name])
	}
	return ""
}

// fingerprint is the same for trees that differ in times and chance alone.
func (t tree) fingerprint() string {
	sum := sha256.New()
	for _, name := range t.names() {
		content := t.content[name]
		switch filepath.Base(name) {
		case "installer.log", "fingerprint.key":
			content = nil
		case "record.json":
			content = regexp.MustCompile(`"[^"]*\d\d:?\d\d:?\d\d[^"]*Z"`).ReplaceAll(content, nil)
			content = regexp.MustCompile(`"fingerprint": "[^"]*"`).ReplaceAll(content, nil)
		case "lock":
			content = content[:min(1, len(content))]
		}
		_, _ = fmt.Fprintf(sum, "%s %+v %d %s\n", name, t.entries[name], len(content), content) // never fails
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// beside tells what a run keeps beside the files until it has cleared away.
func beside(name string) bool {
	base := filepath.Base(name)
	return strings.HasPrefix(base, ".") || strings.HasSuffix(base, ".journal")
}

// brief names the secrets of a content rather than the content.
func brief(content []byte) string {
	var held []string
	for name, value := range map[string]string{"old": oldSecret, "new": newSecret, "sick": sickSecret} {
		if n := bytes.Count(content, []byte(value)); n > 0 {
			held = append(held, fmt.Sprintf("%d times the %s secret", n, name))
		}
	}
	slices.Sort(held)
	return fmt.Sprintf("%d bytes, %s", len(content), strings.Join(held, ", "))
}
