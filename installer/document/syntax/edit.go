package syntax

import "bytes"

// File is a file of one format that was read to its end.
type File interface {
	Text() Text
	// Find is the value of the place that at names. It refuses what could not be
	// changed for reasons of the file's own, a second parser that disagrees
	// included: what it takes can be given a client secret, or is refused for what
	// its notation cannot hold.
	Find(at string) (Value, error)
	// Replace is the edit after which v means text, in v's own notation where
	// that can carry it.
	Replace(v Value, text string) (Edit, error)
	// Add is the edit after which a place that is missing means text. The place
	// around it must be there.
	Add(at, text string) (Edit, error)
	// Verify reads the body anew, into which edits have been applied in the
	// order of their places, and reports whether exactly they were made.
	Verify(after []byte, edits []Edit) error
}

// Value is a place in a body that holds a value.
type Value struct {
	Path       string // its address, in the one form that its format gives it
	Start, End int    // where its text lies in the body
	Text       string // what that means
	Style      Style
	Ordinal    int    // which of the file's values or tokens it is, from 0
	Refusal    *Error // why it cannot be changed; nil where it can
}

// Style is how a value is written; each format has its own.
type Style uint8

// Edit is the change of one place.
type Edit struct {
	Splices []Splice // in the order of the file, at least one
	Old     Value    // only its Path where Added
	Text    string   // what the place must mean afterwards
	Added   bool
}

// Splice puts Text in the place of what lies between Start and End.
type Splice struct {
	Start, End int
	Text       string
}

// Replacement is the edit that gives a value another text.
func Replacement(v Value, written, text string) Edit {
	return Edit{Splices: []Splice{{v.Start, v.End, written}}, Old: v, Text: text}
}

// Start is where an edit begins.
func (e Edit) Start() int { return e.Splices[0].Start }

// End is where what an edit replaces ends.
func (e Edit) End() int { return e.Splices[len(e.Splices)-1].End }

// Splices are those of all edits.
func Splices(edits []Edit) []Splice {
	var all []Splice
	for _, e := range edits {
		all = append(all, e.Splices...)
	}
	return all
}

// Growth is by how many bytes splices lengthen a body.
func Growth(splices []Splice) int {
	n := 0
	for _, s := range splices {
		n += len(s.Text) - (s.End - s.Start)
	}
	return n
}

// Apply appends a body with splices made to dst.
func Apply(dst, body []byte, splices []Splice) []byte {
	from := 0
	for _, s := range splices {
		dst = append(dst, body[from:s.Start]...)
		dst = append(dst, s.Text...)
		from = s.End
	}
	return append(dst, body[from:]...)
}

// Applied is a body with edits made.
func Applied(body []byte, edits []Edit) []byte {
	splices := Splices(edits)
	return Apply(make([]byte, 0, len(body)+Growth(splices)), body, splices)
}

// Shift is where an offset of the old body lies in the new one. What lies at the
// start of a splice comes behind its text.
func Shift(offset int, splices []Splice) int {
	moved := offset
	for _, s := range splices {
		if s.End > offset {
			break
		}
		moved += len(s.Text) - (s.End - s.Start)
	}
	return moved
}

// Make is a copy of the file src, which f was opened from, with edits made in it:
// only what was read again and found right.
func Make(f File, src []byte, edits []Edit) ([]byte, error) {
	splices := Splices(edits)
	if len(splices) == 0 {
		return bytes.Clone(src), nil
	}
	body, out := f.Text().Edited(splices)
	if err := f.Verify(body, edits); err != nil {
		return nil, err
	}
	if !SameOutside(f.Text(), src, out, splices) {
		return nil, Broken("a byte outside the value changed")
	}
	return out, nil
}

// SameOutside reports whether all that lies outside of the splices is the same
// in two files, in the encoding that they have on the disk.
func SameOutside(t Text, src, out []byte, splices []Splice) bool {
	from, to := 0, 0
	for _, s := range splices {
		start, end := t.Offset(s.Start), t.Offset(s.End)
		n := start - from
		if n < 0 || to+n > len(out) || !bytes.Equal(src[from:start], out[to:to+n]) {
			return false
		}
		from, to = end, to+n+t.Size(s.Text)
	}
	return to <= len(out) && bytes.Equal(src[from:], out[to:])
}
