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
		v, err := file{syntax.Text{Body: after}, f.dialect}.Find(e.Old.Path)
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
		now, err := b.next()
		if err == nil && due(edits, ordinal) && edits[0].Added {
			now, err = added(&b, now, edits[0])
			edits = edits[1:]
		}
		if err != nil {
			return syntax.Broken("it is no JSON any more")
		}
		if now.kind != old.kind || now.start != syntax.Shift(old.start, splices) {
			return syntax.Broken("another value moved or changed its type")
		}
		switch {
		case due(edits, ordinal):
			if text, ok := unquote(after[now.start:now.end]); !ok || text != edits[0].Text {
				return syntax.Broken("the value reads differently")
			}
			edits = edits[1:]
		case !bytes.Equal(f.t.Body[old.start:old.end], after[now.start:now.end]):
			return syntax.Broken("another value changed")
		}
		if old.kind == tokEnd {
			return reached(edits)
		}
	}
}

// added passes a member that an edit added, the scanner being behind its name,
// and returns what follows.
func added(s *scanner, name token, e syntax.Edit) (token, error) {
	key, ok := unquote(s.src[name.start:max(name.end, name.start+2)])
	value, err := s.next()
	if err != nil || !ok || name.kind != tokKey || key != lastToken(e) || value.kind != tokString {
		return token{}, syntax.Broken("something else was added")
	}
	if text, ok := unquote(s.src[value.start:value.end]); !ok || text != e.Text {
		return token{}, syntax.Broken("the value reads differently")
	}
	return s.next()
}

// lastToken is the name of a member that an edit adds.
func lastToken(e syntax.Edit) string {
	tokens, _ := syntax.ParsePointer(e.Old.Path) // Add has parsed it before
	return tokens[len(tokens)-1]
}

// due reports whether the next edit is of this token.
func due(edits []syntax.Edit, ordinal int) bool {
	return len(edits) > 0 && edits[0].Old.Ordinal == ordinal
}

// reached is an error where edits are left at the end.
func reached(edits []syntax.Edit) error {
	if len(edits) > 0 {
		return syntax.Broken("a value was not reached")
	}
	return nil
}

// sameToOther asks jsontext, to which the body is shown without comments and
// trailing commas.
func (f file) sameToOther(after []byte, edits []syntax.Edit) error {
	a, b := f.other(f.t.Body), f.other(after)
	for ordinal := 0; ; ordinal++ {
		old, oldErr := a.ReadToken()
		now, nowErr := b.ReadToken()
		if nowErr == nil && due(edits, ordinal) && edits[0].Added {
			now, nowErr = otherAdded(b, now, edits[0])
			edits = edits[1:]
		}
		switch {
		case errors.Is(oldErr, io.EOF) && errors.Is(nowErr, io.EOF):
			return reached(edits)
		case oldErr != nil:
			return &syntax.Error{Kind: syntax.ParserDiffer, Reason: "a second parser does not accept the file: it cannot be edited safely"}
		case nowErr != nil:
			return syntax.Broken("a second parser does not accept it")
		case due(edits, ordinal):
			if old.String() != edits[0].Old.Text || a.InputOffset() != int64(edits[0].End()) {
				return &syntax.Error{Kind: syntax.ParserDiffer, Reason: "a second parser reads another value in this place: it cannot be edited safely"}
			}
			if !sameString(now, edits[0].Text) {
				return syntax.Broken("a second parser reads the value differently")
			}
			edits = edits[1:]
		case old.Kind() != now.Kind() || old.String() != now.String():
			return syntax.Broken("a second parser sees another value changed")
		}
	}
}

// otherAdded is added for the second parser.
func otherAdded(d *jsontext.Decoder, name jsontext.Token, e syntax.Edit) (jsontext.Token, error) {
	isName := sameString(name, lastToken(e))
	value, err := d.ReadToken()
	if err != nil || !isName || !sameString(value, e.Text) {
		return jsontext.Token{}, syntax.Broken("something else was added")
	}
	return d.ReadToken()
}

func sameString(t jsontext.Token, text string) bool {
	return t.Kind() == jsontext.KindString && t.String() == text
}

func (f file) other(body []byte) *jsontext.Decoder {
	var r io.Reader = bytes.NewBuffer(body)
	if f.dialect == dotNET {
		r = &plainReader{body: body}
	}
	// Texts that are none (half of a surrogate pair) and names that occur twice
	// are not its business.
	return jsontext.NewDecoder(r, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
}
