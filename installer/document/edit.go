package document

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/empowersuite/backend-installer/installer/secret"
)

// Find returns the value that a slot holds. It refuses what Edit would refuse
// for reasons of the file's own; see Kind.
func Find(src []byte, f Format, s Slot) (Match, error) {
	d, err := open(src, f)
	if err != nil {
		return Match{}, err
	}
	l, err := d.find(s)
	if err != nil {
		return Match{}, err
	}
	line, column := place(d.text().body, l.start)
	return Match{Value: secret.New(l.value), Line: line, Column: column}, nil
}

// Edit returns a copy of src in which every change is made, or an error and
// nothing. It returns only what was read again and found right.
func Edit(src []byte, f Format, changes []Change) ([]byte, error) {
	d, err := open(src, f)
	if err != nil {
		return nil, err
	}
	return edit(src, d, changes)
}

// reader is a file that was parsed.
type reader interface {
	text() text
	find(s Slot) (leaf, error)
	// encode is the text that stands for value in the place of l.
	encode(l leaf, value string) (string, error)
	// verify reads the body anew and reports whether exactly the edits were made.
	verify(after []byte, edits []splice) error
}

// leaf is a string in a file's body.
type leaf struct {
	start, end int // offsets in the body
	value      string
	ordinal    int // which token of the file it is, as its format counts
	style      style
	indent     int // of a YAML block scalar's lines
}

// style is how a leaf is written.
type style byte

const (
	ordinary style = iota
	needsNewline
	doubleQuoted
	singleQuoted
	plain
	block // literal and folded
	empty
)

// splice is a leaf and what takes its place.
type splice struct {
	leaf
	text  string
	value string // what text must read back as
	slot  Slot
}

func open(src []byte, f Format) (reader, error) {
	switch f {
	case JSONC:
		return openJSON(src)
	case YAML:
		return openYAML(src)
	case Raw:
		return openRaw(src)
	default:
		return nil, &Error{Kind: Unsupported, Reason: fmt.Sprintf("%q is not a format", string(f))}
	}
}

func edit(src []byte, d reader, changes []Change) ([]byte, error) {
	edits, err := plan(d, changes)
	if err != nil {
		return nil, err
	}
	if len(edits) == 0 {
		return bytes.Clone(src), nil
	}
	before := d.text()
	after := apply(before.body, edits)
	if err := d.verify(after, edits); err != nil {
		return nil, err
	}
	out := before.wrap(after)
	if !sameOutside(src, out, before, edits) {
		return nil, broken("a byte outside the value changed")
	}
	return out, nil
}

// plan finds the slots and writes the texts, in the order of the file. Changes
// that change nothing are left out.
func plan(d reader, changes []Change) ([]splice, error) {
	var edits []splice
	for _, c := range changes {
		l, err := d.find(c.Slot)
		if err != nil {
			return nil, err
		}
		value := c.Value.Reveal()
		if !utf8.ValidString(value) {
			return nil, &Error{Kind: Unrepresent, Reason: "the value is not valid UTF-8"}
		}
		edits = append(edits, splice{leaf: l, value: value, slot: c.Slot})
	}
	slices.SortFunc(edits, func(a, b splice) int { return cmp.Compare(a.start, b.start) })
	for i := 1; i < len(edits); i++ {
		if edits[i].start < edits[i-1].end || edits[i].start == edits[i-1].start {
			line, column := place(d.text().body, edits[i].start)
			return nil, &Error{Kind: Ambiguous, Line: line, Column: column, Reason: "two changes are for this one place"}
		}
	}
	edits = slices.DeleteFunc(edits, func(e splice) bool { return e.value == e.leaf.value })
	for i := range edits {
		var err error
		if edits[i].text, err = d.encode(edits[i].leaf, edits[i].value); err != nil {
			return nil, err
		}
	}
	return edits, nil
}

func apply(body []byte, edits []splice) []byte {
	size := len(body)
	for _, e := range edits {
		size += len(e.text) - (e.end - e.start)
	}
	out := make([]byte, 0, size)
	from := 0
	for _, e := range edits {
		out = append(out, body[from:e.start]...)
		out = append(out, e.text...)
		from = e.end
	}
	return append(out, body[from:]...)
}

// sameOutside compares the files themselves, in the encoding they have on disk.
func sameOutside(src, out []byte, t text, edits []splice) bool {
	from, to := 0, 0
	for _, e := range edits {
		start, end := t.offset(e.start), t.offset(e.end)
		n := start - from
		if to+n > len(out) || !bytes.Equal(src[from:start], out[to:to+n]) {
			return false
		}
		from, to = end, to+n+t.size(e.text)
	}
	return to <= len(out) && bytes.Equal(src[from:], out[to:])
}

// shift is where an offset of the old body lies in the new one.
func shift(offset int, edits []splice) int {
	moved := offset
	for _, e := range edits {
		if e.end > offset {
			break
		}
		moved += len(e.text) - (e.end - e.start)
	}
	return moved
}

func broken(what string) *Error {
	return &Error{Kind: Verify, Reason: "the edited file did not read back as wanted, nothing was changed: " + what}
}

// encrypted refuses values that another program will decrypt.
func encrypted(body []byte, l leaf) error {
	if strings.Contains(l.value, "ENC[AES256_GCM") || strings.HasPrefix(l.value, "$ANSIBLE_VAULT;") {
		return refuse(Encrypted, body, l.start, "the value is encrypted: change it with the program that encrypted it")
	}
	return nil
}
