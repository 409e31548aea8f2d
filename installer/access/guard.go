package access

import (
	"fmt"
	"io/fs"
	"strconv"
)

// Guard says who may do what with a file or folder: an access list in SDDL on
// Windows, else the permissions of its mode in octal, such as 0640. It holds no
// secret, and a journal keeps it.
type Guard string

// GuardOf is the guard of a mode.
func GuardOf(mode fs.FileMode) Guard { return Guard(fmt.Sprintf("%04o", mode.Perm())) }

// others is what a mode calls those who are neither owner nor in the group.
const others = "everybody on this host"

// Mode is the mode that the guard stands for; false for an access list.
func (g Guard) Mode() (fs.FileMode, bool) {
	mode, err := strconv.ParseUint(string(g), 8, 32)
	return fs.FileMode(mode).Perm(), err == nil && g != ""
}

// Readers are those whom nobody chose and who can read; the error is ErrList.
func (g Guard) Readers() ([]string, error) {
	if mode, ok := g.Mode(); ok {
		return othersWhere(mode&0o004 != 0), nil
	}
	d, err := Parse(string(g))
	return d.Readers(), err
}

// Changers are those whom nobody chose and who can change or remove; the error is
// ErrList.
func (g Guard) Changers() ([]string, error) {
	if mode, ok := g.Mode(); ok {
		return othersWhere(mode&0o002 != 0), nil
	}
	d, err := Parse(string(g))
	return d.Changers(), err
}

func othersWhere(they bool) []string {
	if they {
		return []string{others}
	}
	return nil
}

// Closed is the guard without them; the error is ErrList. On Windows these SIDs
// get to read besides; a mode keeps its owner and group.
func (g Guard) Closed(readers ...string) (Guard, error) {
	if mode, ok := g.Mode(); ok {
		return GuardOf(mode &^ 0o007), nil
	}
	d, err := Parse(string(g))
	if err != nil {
		return "", err
	}
	return Guard(d.Closed(readers...)), nil
}
