//go:build unix

package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// The keys of metadata besides ownerKey.
const (
	modeKey         = "mode"
	flagsKey        = "flags (chattr)"
	attributePrefix = "attribute "
)

// metadataOf a path that is not followed.
func metadataOf(path string) (metadata, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return nil, err
	}
	id, err := identify(nil, info)
	if err != nil {
		return nil, err
	}
	attributes, err := attributesOf(path)
	if err != nil {
		return nil, fmt.Errorf("read the attributes of %q: %w", path, err)
	}
	m := metadata{ownerKey: fmt.Sprintf("%d:%d", id.UID, id.GID), modeKey: id.Mode.String(), flagsKey: flagsOf(path)}
	for name, value := range attributes {
		m[attributePrefix+name] = value
	}
	return m, nil
}

// givenAfter tells what a file gets after a rename and not before: nothing.
func givenAfter(string) bool { return false }

// attributes are the extended ones among the metadata.
func (m metadata) attributes() map[string]string {
	all := map[string]string{}
	for key, value := range m {
		if name, ok := strings.CutPrefix(key, attributePrefix); ok {
			all[name] = value
		}
	}
	return all
}

// dress gives a new file the owner, mode and attributes of another. What the
// new file inherited from its folder goes.
func (p Pending) dress(file *os.File, like metadata) error {
	id := p.Old
	info, err := file.Stat()
	if err != nil {
		return err
	}
	now, err := identify(file, info)
	if err != nil {
		return err
	}
	if now.UID != id.UID || now.GID != id.GID {
		if err := file.Chown(id.UID, id.GID); err != nil {
			return err
		}
	}
	if err := setAttributes(file, like.attributes()); err != nil {
		return err
	}
	if err := file.Chmod(id.Mode); err != nil { // after chown, which clears set-ID bits
		return err
	}
	return setFlags(file, like[flagsKey])
}

// redress gives a file back what writing it took: set-ID bits and capabilities.
func redress(file *os.File, before metadata) error {
	now, err := metadataOf(file.Name())
	if err != nil {
		return err
	}
	if before.unlike(now) == "" {
		return nil
	}
	err = setAttributes(file, before.attributes())
	if before[modeKey] != now[modeKey] {
		err = errors.Join(err, file.Chmod(modeOf(before[modeKey])))
	}
	return err
}

// modeOf reads what FileMode.String writes of a regular file.
func modeOf(text string) fs.FileMode {
	var mode fs.FileMode
	kinds, permissions := text[:len(text)-9], text[len(text)-9:]
	for i, c := range permissions {
		if c != '-' {
			mode |= 1 << (8 - i)
		}
	}
	for c, bit := range map[string]fs.FileMode{"u": fs.ModeSetuid, "g": fs.ModeSetgid, "t": fs.ModeSticky} {
		if strings.Contains(kinds, c) {
			mode |= bit
		}
	}
	return mode
}
