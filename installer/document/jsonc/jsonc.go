package jsonc

import (
	"fmt"
	"io"
	"unicode/utf16"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
)

// file is a body that is read anew for every question, as a stream: a tree of
// it would take many times its size.
type file struct {
	t       syntax.Text
	dialect dialect
	show    func(body []byte) io.Reader // what the second parser sees of a body
}

// Open reads JSON as .NET's configuration does.
func Open(src []byte) (syntax.File, error) { return open(src, dotNET) }

// OpenStrict reads JSON of RFC 8259.
func OpenStrict(src []byte) (syntax.File, error) { return open(src, rfc8259) }

func open(src []byte, d dialect) (file, error) {
	t, err := syntax.Decode(src)
	return file{t, d, d.show}, err
}

func (f file) Text() syntax.Text { return f.t }

func (f file) scanner(body []byte) scanner { return scanner{src: body, strict: f.dialect == rfc8259} }

// Find reads the whole file, so that a second place and a mistake behind the
// first are seen.
func (f file) Find(at string) (syntax.Value, error) {
	w, tokens, err := f.walk(f.t.Body, at)
	switch {
	case err != nil:
		return syntax.Value{}, err
	case !w.hit:
		return syntax.Value{}, w.missing(tokens)
	case w.found.kind != tokString:
		return syntax.Value{}, syntax.Refuse(syntax.NotString, f.t.Body, w.found.start, w.pointer(len(w.target))+" is no string")
	}
	v := syntax.Value{Path: at, Start: w.found.start, End: w.found.end, Ordinal: w.ordinal}
	var ok bool
	if v.Text, ok = unquote(f.t.Body[v.Start:v.End]); !ok {
		return v, syntax.Refuse(syntax.Encoding, f.t.Body, v.Start, "the value holds half of a surrogate pair, which is no text")
	}
	if e := syntax.Decrypted(v.Text); e != nil {
		return v, e.At(f.t.Body, v.Start)
	}
	return v, nil
}

// walk looks for a place in a whole body.
func (f file) walk(body []byte, at string) (*walk, []string, error) {
	tokens, err := syntax.ParsePointer(at)
	if err != nil {
		return nil, nil, err
	}
	w := &walk{scan: f.scanner(body), dialect: f.dialect, target: f.dialect.path(tokens), seen: map[int]int{}}
	if err := w.run(); err != nil {
		return nil, nil, err
	}
	if w.signed > 0 {
		return nil, nil, syntax.Signed(body, w.signed)
	}
	return w, tokens, nil
}

func (f file) Replace(v syntax.Value, text string) (syntax.Edit, error) {
	return syntax.Replacement(v, quoteJSON(text), text), syntax.Representable(text)
}

// quoteJSON writes a string of JSON in ASCII.
func quoteJSON(text string) string {
	return syntax.Quote(text, func(r rune) string {
		if r <= 0xffff {
			return fmt.Sprintf(`\u%04x`, r)
		}
		high, low := utf16.EncodeRune(r)
		return fmt.Sprintf(`\u%04x\u%04x`, high, low)
	})
}
