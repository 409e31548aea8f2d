package access

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// ErrList says that a text is no access list in SDDL.
var ErrList = errors.New("not an access list")

// Rights are what a trustee gets besides the system and administrators, who get
// everything.
type Rights string

// The rights: to read, to write, make and remove besides, and everything.
const (
	Read   Rights = "FRFX"
	Change Rights = "0x1301bf"
	Full   Rights = "FA"
)

// Trustees that a Grant can name besides the SIDs of accounts.
const (
	Owner = "OW" // whoever owns the thing
	Users = "BU" // everybody with an account
)

// Grant gives a trustee rights.
type Grant struct {
	SID    string
	Rights Rights
}

// List is the access list of a file, or of a folder and all that will be made in
// it, which is for the system, administrators and those that are named, and for
// nobody else. A Grant without a SID is none.
func List(folder bool, grants ...Grant) string {
	inherit := ""
	if folder {
		inherit = "OICI"
	}
	text := "D:P(A;" + inherit + ";FA;;;SY)(A;" + inherit + ";FA;;;BA)"
	for _, g := range grants {
		if g.SID != "" {
			text += fmt.Sprintf("(A;%s;%s;;;%s)", inherit, g.Rights, g.SID)
		}
	}
	return text
}

// Descriptor is an access list that is there.
type Descriptor struct {
	open    bool // without a list everybody may do everything
	entries []entry
}

// entry is one access control entry.
type entry struct {
	fields  []string // as they are written
	denies  bool
	applies bool // to the thing itself, not only to what will be made in it
	mask    uint32
	sid     string // an alias of SDDL or S-1-…
}

// maxListBytes is more than the 64 KiB of a list become as text.
const maxListBytes = 1 << 20

// Parse reads the list of a security descriptor as Windows writes it. Entries
// that depend on a condition count as if it were met.
func Parse(sddl string) (Descriptor, error) {
	if len(sddl) > maxListBytes {
		return Descriptor{}, fmt.Errorf("%w: %d bytes", ErrList, len(sddl))
	}
	list, ok := discretionary(sddl)
	if !ok || strings.Contains(list[:flagsEnd(list)], "NO_ACCESS_CONTROL") {
		return Descriptor{open: true}, nil
	}
	var d Descriptor
	for rest := list[flagsEnd(list):]; rest != ""; {
		end := closing(rest)
		if rest[0] != '(' || end < 0 {
			return Descriptor{}, fmt.Errorf("%w: %q", ErrList, rest[:min(len(rest), 80)])
		}
		e, err := parseEntry(rest[1:end])
		if err != nil {
			return Descriptor{}, err
		}
		d.entries = append(d.entries, e)
		rest = rest[end+1:]
	}
	return d, nil
}

// discretionary is what follows D: up to the next part of the descriptor.
func discretionary(sddl string) (string, bool) {
	depth := 0
	from := -1
	for i := range len(sddl) {
		switch sddl[i] {
		case '(':
			depth++
		case ')':
			depth--
		case ':':
			switch {
			case depth != 0 || i == 0:
			case from >= 0:
				return sddl[from:max(from, i-1)], true
			case sddl[i-1] == 'D':
				from = i + 1
			}
		}
	}
	if from < 0 {
		return "", false
	}
	return sddl[from:], true
}

func flagsEnd(list string) int {
	if i := strings.IndexByte(list, '('); i >= 0 {
		return i
	}
	return len(list)
}

// closing is where the bracket that a text begins with is closed.
func closing(text string) int {
	depth := 0
	for i := range len(text) {
		switch text[i] {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

func parseEntry(text string) (entry, error) {
	fields := strings.SplitN(text, ";", 7) // a seventh is a condition
	if len(fields) < 6 || fields[5] == "" || strings.ContainsAny(strings.Join(fields[:6], ""), "()") {
		return entry{}, fmt.Errorf("%w: the entry %q", ErrList, text)
	}
	e := entry{
		fields: fields, denies: slices.Contains([]string{"D", "OD", "XD"}, fields[0]), sid: strings.ToUpper(fields[5]),
	}
	allows := slices.Contains([]string{"A", "OA", "XA", "ZA"}, fields[0])
	e.applies = (allows || e.denies) && !hasFlag(fields[1], "IO")
	var err error
	if e.applies {
		e.mask, err = parseRights(fields[2])
	}
	return e, err
}

// hasFlag looks for one of the flags, which are two letters each.
func hasFlag(flags, one string) bool {
	for ; len(flags) >= 2; flags = flags[2:] {
		if flags[:2] == one {
			return true
		}
	}
	return false
}
