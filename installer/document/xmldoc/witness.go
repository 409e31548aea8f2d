package xmldoc

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
)

// checked is a scanner whose every event encoding/xml sees, too.
type checked struct {
	scanner
	wide    []byte // the body in UTF-8
	decoder *xml.Decoder
	tag     []xml.Attr
}

func (f *file) checked(body []byte) *checked {
	wide := f.show(body)
	d := xml.NewDecoder(bytes.NewReader(wide))
	// The bytes are UTF-8 by now, whatever the declaration says.
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	return &checked{scanner: f.scanner(body), wide: wide, decoder: d}
}

var errDiffer = errors.New("not what the scanner sees")

// next is an error where the second parser sees something else: a *syntax.Error
// of the scanner, else of another type, which is not to be shown: it may quote.
func (c *checked) next() (event, error) {
	e, err := c.scanner.next()
	if err != nil {
		return e, err
	}
	switch e.kind {
	case evAttribute:
		return e, c.attribute(e)
	case evTag:
		if len(c.tag) > 0 {
			return e, errDiffer
		}
		return e, nil
	default:
		return e, c.token(e)
	}
}

func (c *checked) attribute(e event) error {
	if len(c.tag) == 0 {
		return errDiffer
	}
	a := c.tag[0]
	c.tag = c.tag[1:]
	if !c.named(a.Name, e.name) || a.Value != c.meaning(e) {
		return errDiffer
	}
	return nil
}

func (c *checked) named(n xml.Name, at span) bool {
	name := c.charset.text(at.of(c.body))
	if n.Space == "" {
		return n.Local == name
	}
	return len(name) == len(n.Space)+1+len(n.Local) && strings.HasPrefix(name, n.Space+":") && strings.HasSuffix(name, n.Local)
}

func (c *checked) token(e event) error {
	from := c.decoder.InputOffset()
	t, err := c.decoder.RawToken()
	if e.kind == evEnd {
		if !errors.Is(err, io.EOF) {
			return errDiffer
		}
		return nil
	}
	if err != nil {
		return err
	}
	if start, ok := t.(xml.StartElement); ok {
		if c.tag, err = flattened(start.Attr, c.wide[from:c.decoder.InputOffset()]); err != nil {
			return err
		}
	}
	if !c.sees(t, e) {
		return errDiffer
	}
	return nil
}

// sees reports whether a token is an event.
func (c *checked) sees(t xml.Token, e event) bool {
	switch t := t.(type) {
	case xml.StartElement:
		return e.kind == evOpen && c.named(t.Name, e.name)
	case xml.EndElement:
		return e.kind == evClose && c.named(t.Name, e.name)
	case xml.CharData:
		return e.isText() && string(t) == c.meaning(e)
	case xml.Comment:
		return e.kind == evComment
	case xml.ProcInst:
		return e.kind == evInstruction
	default:
		return false
	}
}

// flattened are the attributes of a tag, in which encoding/xml leaves line ends
// and tabs that XML takes for spaces: such a tag is read again without them.
func flattened(tag []xml.Attr, raw []byte) ([]xml.Attr, error) {
	if !slices.ContainsFunc(tag, func(a xml.Attr) bool { return strings.ContainsAny(a.Value, "\r\n\t") }) {
		return tag, nil
	}
	flat := strings.NewReplacer("\r\n", " ", "\r", " ", "\n", " ", "\t", " ").Replace(string(raw))
	t, err := xml.NewDecoder(strings.NewReader(flat)).RawToken()
	if start, ok := t.(xml.StartElement); ok {
		return start.Attr, err
	}
	return nil, err
}

// mistake is what to tell of an error of next. encoding/xml reads a tag as a whole:
// what the scanner finds wrong behind says more than that it does not.
func (c *checked) mistake(at event, err error) error {
	var e *syntax.Error
	for !errors.As(err, &e) {
		next, wrong := c.scanner.next()
		if wrong == nil && next.kind == evEnd {
			return c.refuse(syntax.ParserDiffer, at.all.start, "a second parser does not read this, or reads it differently: the file cannot be edited safely")
		}
		err = wrong
	}
	return e
}
