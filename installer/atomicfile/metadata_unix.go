//go:build unix

package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/empowersuite/backend-installer/installer/fault"
)

// metadataOf a path that is not followed.
func metadataOf(path string) (metadata, error) {
	file, _, err := openRegular(path)
	if err != nil {
		return nil, err
	}
	m, err := metadataOfOpen(file)
	return m, errors.Join(err, file.Close())
}

// metadataOfOpen asks nothing of a name, which may lead elsewhere by now.
func metadataOfOpen(file *os.File) (metadata, error) {
	id, err := identifyOpen(file)
	if err != nil {
		return nil, err
	}
	attributes, err := attributesOf(file)
	if err != nil {
		return nil, fmt.Errorf("read the attributes of %s: %w", fault.Path(file.Name()), err)
	}
	m := metadata{ownerKey: fmt.Sprintf("%d:%d", id.UID, id.GID), modeKey: id.Mode.String(), flagsKey: flagsOf(file)}
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
	now, err := identifyOpen(file)
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

// Writing a file takes these from it, unless root writes.
const (
	setIDs        = fs.ModeSetuid | fs.ModeSetgid
	capabilityKey = attributePrefix + capability
	capability    = "security.capability"
)

// redressable fails where this account could not give a file back what writing
// it would take: it gives what is there once more.
func redressable(file *os.File, before metadata) error {
	mode := modeOf(before[modeKey])
	value, capable := before[capabilityKey]
	var err error
	if mode&fs.ModeSetgid != 0 {
		err = ofThisGroup(file) // of a group of others, setting the bit would clear it
	}
	if err == nil && mode&setIDs != 0 {
		err = file.Chmod(mode)
	}
	if err == nil && capable {
		err = setAttribute(file, capability, value)
	}
	if err != nil {
		return fmt.Errorf("keep the set-ID bits and capabilities that writing takes: %w", err)
	}
	return nil
}

func ofThisGroup(file *os.File) error {
	id, err := identifyOpen(file)
	if err != nil || os.Geteuid() == 0 || os.Getegid() == id.GID {
		return err
	}
	groups, err := os.Getgroups()
	if err == nil && !slices.Contains(groups, id.GID) {
		err = fs.ErrPermission
	}
	return err
}

// redress gives an open file back what writing it took, and nothing else: what
// somebody else gave it or took from it stays.
func redress(file *os.File, before metadata) error {
	now, err := metadataOfOpen(file)
	if err != nil {
		return err
	}
	value, had := before[capabilityKey]
	if _, has := now[capabilityKey]; had && !has {
		err = setAttribute(file, capability, value)
	}
	was, is := modeOf(before[modeKey]), modeOf(now[modeKey])
	if was != is && was|setIDs == is|setIDs {
		err = errors.Join(err, file.Chmod(was))
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
