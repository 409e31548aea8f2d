package jsonc

import (
	"bytes"
	"errors"
	"io"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
)

// Verify reads both bodies in step, with the scanner and with a parser that
// shares no code with it.
func (f file) Verify(after []byte, edits []syntax.Edit) error {
	if err := f.sameTokens(after, edits); err != nil {
		return err
	}
	if err := f.sameToOther(after, edits); err != nil {
		return err
	}
	for _, e := range edits {
		if !e.Added {
			continue
		}
		v, err := file{t: syntax.Text{Body: after}, dialect: f.dialect}.Find(e.Old.Path)
		if err != nil || v.Text != e.Text {
			return syntax.Broken("the value is not found in its place")
		}
	}
	return nil
}

// sameTokens: the same tokens in the same order are the same document, names,
// types and order of all values included.
func (f file) sameTokens(after []byte, edits []syntax.Edit) error {
	splices := syntax.Splices(edits)
	a, b := f.scanner(f.t.Body), f.scanner(after)
	for ordinal := 0; ; ordinal++ {
		old, err := a.next()
		if err != nil {
			return err
		}
		var edit *syntax.Edit
		edit, edits = due(edits, ordinal)
		now, err := b.behind(edit)
		if err != nil {
			return syntax.Broken("it is no JSON any more, or something else was added")
		}
		if now.kind != old.kind || now.start != syntax.Shift(old.start, splices) {
			return syntax.Broken("another value moved or changed its type")
		}
		switch {
		case replaces(edit):
			if !b.reads(now, tokString, edit.Text) {
				return syntax.Broken("the value reads differently")
			}
		case !bytes.Equal(f.t.Body[old.start:old.end], after[now.start:now.end]):
			return syntax.Broken("another value changed")
		}
		if old.kind == tokEnd {
			return reached(edits)
		}
	}
}

// behind is the next token, behind the member where one was added.
func (s *scanner) behind(e *syntax.Edit) (token, error) {
	t, err := s.next()
	if err != nil || !adds(e) {
		return t, err
	}
	value, err := s.next()
	if err != nil || !s.reads(t, tokKey, nameOf(e)) || !s.reads(value, tokString, e.Text) {
		return token{}, errAdded
	}
	return s.next()
}

func (s *scanner) reads(t token, kind tokenKind, text string) bool {
	if t.kind != kind {
		return false
	}
	read, ok := unquote(s.src[t.start:t.end])
	return ok && read == text
}

// sameToOther asks jsontext, to which the body is shown without comments and
// trailing commas.
func (f file) sameToOther(after []byte, edits []syntax.Edit) error {
	a, b := f.other(f.t.Body), f.other(after)
	for ordinal := 0; ; ordinal++ {
		var edit *syntax.Edit
		edit, edits = due(edits, ordinal)
		old, oldErr := a.ReadToken()
		now, nowErr := otherBehind(b, edit)
		switch {
		case errors.Is(oldErr, io.EOF) && errors.Is(nowErr, io.EOF):
			return reached(edits)
		case oldErr != nil:
			return &syntax.Error{Kind: syntax.ParserDiffer, Reason: "a second parser does not accept the file: it cannot be edited safely"}
		case nowErr != nil:
			return syntax.Broken("a second parser does not accept it")
		case replaces(edit):
			if !sameString(old, edit.Old.Text) || a.InputOffset() != int64(edit.End()) {
				return &syntax.Error{Kind: syntax.ParserDiffer, Reason: "a second parser reads another value in this place: it cannot be edited safely"}
			}
			if !sameString(now, edit.Text) {
				return syntax.Broken("a second parser reads the value differently")
			}
		case old.Kind() != now.Kind() || old.String() != now.String():
			return syntax.Broken("a second parser sees another value changed")
		}
	}
}

// otherBehind is behind for the second parser.
func otherBehind(d *jsontext.Decoder, e *syntax.Edit) (jsontext.Token, error) {
	t, err := d.ReadToken()
	if err != nil || !adds(e) {
		return t, err
	}
	isName := sameString(t, nameOf(e))
	if t, err = d.ReadToken(); err != nil || !isName || !sameString(t, e.Text) {
		return jsontext.Token{}, errAdded
	}
	return d.ReadToken()
}

var errAdded = errors.New("something else was added")

// due is the edit of this token, nil where there is none, and what is left.
func due(edits []syntax.Edit, ordinal int) (*syntax.Edit, []syntax.Edit) {
	if len(edits) > 0 && edits[0].Old.Ordinal == ordinal {
		return &edits[0], edits[1:]
	}
	return nil, edits
}

func adds(e *syntax.Edit) bool     { return e != nil && e.Added }
func replaces(e *syntax.Edit) bool { return e != nil && !e.Added }

// nameOf is the name of a member that an edit adds.
func nameOf(e *syntax.Edit) string {
	tokens, _ := syntax.ParsePointer(e.Old.Path) // Add has parsed it before
	return tokens[len(tokens)-1]
}

// reached is an error where edits are left at the end.
func reached(edits []syntax.Edit) error {
	if len(edits) > 0 {
		return syntax.Broken("a value was not reached")
	}
	return nil
}

func sameString(t jsontext.Token, text string) bool {
	return t.Kind() == jsontext.KindString && t.String() == text
}

func (f file) other(body []byte) *jsontext.Decoder {
	// Texts that are none (half of a surrogate pair) and names that occur twice
	// are not its business.
	return jsontext.NewDecoder(f.show(body), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
}
