package syntax

import (
	"bytes"
	"fmt"
	"slices"
	"sync"
)

// Grammar reads and writes a format whose files are a list of values.
type Grammar interface {
	// Address is the path of the place that at names, as Values writes it.
	Address(at string) (string, error)
	// Values reads a body to its end and returns every value in the order of
	// the file, those that cannot be changed with a Refusal, which is taken to be
	// of the value's Start where it has no Line. A path may occur more than once.
	// Ordinal need not be set.
	Values(body []byte) ([]Value, error)
	// Encode is what to write in the place of v so that it means text.
	Encode(body []byte, v Value, text string) (string, error)
	// Insert says what to write where so that a path that is missing means text.
	Insert(body []byte, path, text string) ([]Splice, error)
}

// Listed is a File of a Grammar.
type Listed struct {
	t       Text
	grammar Grammar
	values  []Value
	facts   func() ([]Fact, error) // of the second parser, which reads once; nil where there is none
}

// Open reads a text to its end.
func Open(t Text, g Grammar) (*Listed, error) {
	values, err := read(g, t.Body)
	l := &Listed{t: t, grammar: g, values: values}
	if w, ok := g.(Witness); ok {
		l.facts = sync.OnceValues(func() ([]Fact, error) { return w.Facts(t.Body) })
	}
	return l, err
}

func read(g Grammar, body []byte) ([]Value, error) {
	values, err := g.Values(body)
	for i := range values {
		values[i].Ordinal = i
	}
	return values, err
}

// Text is what was opened.
func (l *Listed) Text() Text { return l.t }

// Find implements File.
func (l *Listed) Find(at string) (Value, error) {
	path, err := l.grammar.Address(at)
	if err != nil {
		return Value{}, err
	}
	var found []Value
	for _, v := range l.values {
		if v.Path == path {
			found = append(found, v)
		}
	}
	switch {
	case len(found) == 0:
		return Value{}, Refuse(NotFound, l.t.Body, l.nearest(path), "no "+at)
	case len(found) > 1:
		line, _ := Place(l.t.Body, found[0].Start)
		return Value{}, Refuse(Ambiguous, l.t.Body, found[1].Start, fmt.Sprintf("%s is there %d times, first in line %d", at, len(found), line))
	case found[0].Refusal != nil:
		return Value{}, found[0].Refusal.At(l.t.Body, found[0].Start) // a Grammar need not count lines
	}
	return found[0], l.witnessed(found[0])
}

// nearest is where the value begins whose path has the most names in common with
// that of a missing one; the end of the file where none has any.
func (l *Listed) nearest(path string) int {
	most, at := 0, len(l.t.Body)
	for _, v := range l.values {
		if n := shared(v.Path, path); n > most {
			most, at = n, v.Start
		}
	}
	return at
}

// shared is how much of two paths is the same, in whole names.
func shared(a, b string) int {
	n := 0
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return n
		}
		if a[i] == '/' {
			n = i
		}
	}
	if len(a) < len(b) && b[len(a)] == '/' {
		return len(a)
	}
	return n
}

// Replace implements File.
func (l *Listed) Replace(v Value, text string) (Edit, error) {
	if err := Representable(text); err != nil {
		return Edit{}, err
	}
	written, err := l.grammar.Encode(l.t.Body, v, text)
	return Replacement(v, written, text), err
}

// Add implements File.
func (l *Listed) Add(at, text string) (Edit, error) {
	path, err := l.grammar.Address(at)
	if err != nil {
		return Edit{}, err
	}
	if i := slices.IndexFunc(l.values, func(v Value) bool { return v.Path == path }); i >= 0 {
		return Edit{}, Refuse(Present, l.t.Body, l.values[i].Start, at+" is there")
	}
	if err := Representable(text); err != nil {
		return Edit{}, err
	}
	splices, err := l.grammar.Insert(l.t.Body, path, text)
	return Edit{Splices: splices, Old: Value{Path: path}, Text: text, Added: true}, err
}

// Verify implements File.
func (l *Listed) Verify(after []byte, edits []Edit) error {
	now, err := read(l.grammar, after)
	if err != nil || bytes.IndexByte(after, 0) >= 0 { // Decode would not take it
		return Broken("it cannot be read any more")
	}
	if err := sameValues(l.values, now, edits); err != nil {
		return err
	}
	if w, ok := l.grammar.(Witness); ok {
		return l.testify(w, after, edits)
	}
	return nil
}

// comparison is of the values of two bodies, in the order of the file.
type comparison struct {
	before  []Value // what is left of them
	edits   []Edit  // what is left of them
	splices []Splice
}

// sameValues: what was not edited is the same and moved with the text before it
// only.
func sameValues(before, now []Value, edits []Edit) error {
	c := comparison{before, edits, Splices(edits)}
	for _, v := range now {
		if err := c.next(v); err != nil {
			return err
		}
	}
	if len(c.before) > 0 || len(c.edits) > 0 {
		return Broken("it has fewer values")
	}
	return nil
}

func (c *comparison) next(now Value) error {
	if len(c.edits) > 0 && c.edits[0].Added && c.edits[0].holds(now, c.splices) {
		c.edits = c.edits[1:]
		return nil
	}
	if len(c.before) == 0 {
		return Broken("it has more values")
	}
	old := c.before[0]
	c.before = c.before[1:]
	if len(c.edits) > 0 && !c.edits[0].Added && c.edits[0].Old.Ordinal == old.Ordinal {
		if !c.edits[0].holds(now, c.splices) {
			return Broken("the value reads differently")
		}
		c.edits = c.edits[1:]
		return nil
	}
	if !old.same(now) {
		return Broken("another value changed")
	}
	if c.moved(old, now) {
		return Broken("another value moved")
	}
	return nil
}

// moved reports whether a value is elsewhere than the edits put it.
func (c *comparison) moved(old, now Value) bool {
	return now.End-now.Start != old.End-old.Start || now.Start != Shift(old.Start, c.splices) && !c.precedes(old, now.Start)
}

// precedes reports whether a value is empty and lies where the next addition
// begins, and start is before the text of that.
func (c *comparison) precedes(old Value, start int) bool {
	if len(c.edits) == 0 || !c.edits[0].Added {
		return false
	}
	s := c.edits[0].Splices[0]
	behind := slices.Index(c.splices, s)
	return old.Start == old.End && old.End == s.Start && start == Shift(s.Start, c.splices[:behind])
}

// same compares all but the place.
func (v Value) same(w Value) bool {
	return v.Path == w.Path && v.Text == w.Text && v.Style == w.Style && (v.Refusal == nil) == (w.Refusal == nil)
}

// holds reports whether a value of the new body lies within the new text of an
// edit and means what it should.
func (e Edit) holds(v Value, splices []Splice) bool {
	if v.Path != e.Old.Path || v.Text != e.Text || v.Refusal != nil {
		return false
	}
	moved := 0
	for _, s := range splices {
		start := s.Start + moved
		if slices.Contains(e.Splices, s) && v.Start >= start && v.End <= start+len(s.Text) {
			return true
		}
		moved += len(s.Text) - (s.End - s.Start)
	}
	return false
}
