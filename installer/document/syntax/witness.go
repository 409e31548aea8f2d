package syntax

import (
	"cmp"
	"errors"
	"slices"
)

// Witness is a Grammar that has a second parser, which shares no code with the
// first.
type Witness interface {
	// Facts is what the second parser reads, in any order. An error says that it
	// does not accept the body; of a *Error the place is shown, of another one
	// nothing.
	Facts(body []byte) ([]Fact, error)
}

// Fact is a value as a second parser sees it.
type Fact struct {
	Path string // as in Value
	Text string // of a value that is no string: with its type
}

// witnessed refuses what the second parser does not see, too.
func (l *Listed) witnessed(v Value) error {
	if l.facts == nil {
		return nil
	}
	facts, err := l.facts()
	switch {
	case err != nil:
		return unaccepted(err).At(l.t.Body, v.Start)
	case !slices.Contains(facts, Fact{v.Path, v.Text}):
		return Refuse(ParserDiffer, l.t.Body, v.Start, "a second parser reads another value here: it cannot be edited safely")
	}
	return nil
}

// unaccepted says that a second parser refuses a file, and where if it told.
func unaccepted(err error) *Error {
	no := Error{Kind: ParserDiffer, Reason: "a second parser does not accept the file: it cannot be edited safely"}
	var e *Error
	if errors.As(err, &e) {
		no.Line, no.Column = e.Line, e.Column
	}
	return &no
}

// testify compares what the second parser reads before and after.
func (l *Listed) testify(w Witness, after []byte, edits []Edit) error {
	before, err := l.facts()
	if err != nil {
		return unaccepted(err)
	}
	want := slices.Clone(before)
	now, err := w.Facts(after)
	if err != nil {
		return Broken("a second parser does not accept it")
	}
	for _, e := range edits {
		if e.Added {
			want = append(want, Fact{e.Old.Path, e.Text})
			continue
		}
		i := slices.Index(want, Fact{e.Old.Path, e.Old.Text})
		if i < 0 {
			return Refuse(ParserDiffer, l.t.Body, e.Old.Start, "a second parser reads another value here: it cannot be edited safely")
		}
		want[i].Text = e.Text
	}
	order := func(a, b Fact) int { return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Text, b.Text)) }
	slices.SortFunc(want, order)
	slices.SortFunc(now, order)
	if !slices.Equal(want, now) {
		return Broken("a second parser reads it differently")
	}
	return nil
}
