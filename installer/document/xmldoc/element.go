package xmldoc

import (
	"strings"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
)

// element is what stands within an element.
type element struct {
	open     event
	tag      []property
	tagEnd   event
	end      event
	text     strings.Builder // directly in it, up to its first child
	pieces   int             // of text and CDATA
	sections int             // of CDATA
	words    int             // where text that is not blank begins; 0 where none is
	other    event           // its first comment or instruction
	aside    event           // the last
	last     child
	kin      child // the last of a name
}

// child is an element directly in another.
type child struct {
	open   event
	tag    []property
	tagEnd event
	end    event
	gap    span // the blanks before it, where there is nothing else
	behind int  // its end, or that of the comments behind it in its line
}

func (f *file) scanner(body []byte) scanner { return scanner{body: body, charset: f.charset} }

// read reads the element that opens here; kin is the name of children to look for.
func (f *file) read(open event, kin string) (*element, error) {
	s := f.scanner(f.t.Body)
	s.pos = open.all.start
	e := &element{}
	var err error
	if e.open, err = s.next(); err != nil {
		return e, err
	}
	if e.tag, e.tagEnd, err = s.properties(); err != nil {
		return e, err
	}
	gap := span{s.pos, s.pos}
	for {
		at, err := s.next()
		if err != nil || at.kind == evClose {
			e.end = at
			return e, err
		}
		switch {
		case at.kind == evOpen:
			err = e.enter(&s, at, gap, kin)
		case at.isText():
			e.chars(&s, at)
		default:
			e.remark(s.body, at)
		}
		if err != nil {
			return e, err
		}
		gap = span{at.all.start, at.all.end}
		if at.kind != evText || !blank(at.all.of(s.body)) {
			gap = span{s.pos, s.pos}
		}
	}
}

func (e *element) parent() bool { return e.last.end.kind == evClose }

func (e *element) chars(s *scanner, at event) {
	e.pieces++
	if at.kind == evCData {
		e.sections++
	}
	if !e.parent() {
		e.text.WriteString(s.meaning(at))
	}
	if e.words == 0 && (at.kind == evCData || !blank(at.all.of(s.body))) {
		e.words = at.all.start
	}
}

// remark sees a comment or an instruction.
func (e *element) remark(body []byte, at event) {
	if e.other.kind == evEnd {
		e.other = at
	}
	e.aside = at
	if e.parent() && sameLine(body[e.last.behind:at.all.start]) {
		e.last.behind = at.all.end
		if e.kin.open.all == e.last.open.all {
			e.kin.behind = at.all.end
		}
	}
}

// enter passes a child.
func (e *element) enter(s *scanner, open event, gap span, kin string) error {
	c := child{open: open, gap: gap}
	var err error
	if c.tag, c.tagEnd, err = s.properties(); err != nil {
		return err
	}
	depth := len(s.open)
	for len(s.open) >= depth {
		if c.end, err = s.next(); err != nil {
			return err
		}
	}
	c.behind = c.end.all.end
	e.last = c
	if s.charset.text(open.name.of(s.body)) == kin {
		e.kin = c
	}
	return nil
}

func blank(text []byte) bool {
	for _, c := range text {
		if !isBlank(c) {
			return false
		}
	}
	return true
}

func sameLine(text []byte) bool { return blank(text) && !strings.ContainsAny(string(text), "\r\n") }

// How a value is written.
const (
	quoted  syntax.Style = iota // an attribute
	written                     // text
	section                     // one CDATA section and nothing else
	none                        // <a/>: its tag has no place for text
)

// value is the text of an element, or an attribute of it.
func (f *file) value(n node, attribute string) (syntax.Value, error) {
	e, err := f.read(n.open, "")
	if err != nil {
		return syntax.Value{}, err
	}
	if attribute != "" {
		p, _ := value(e.tag, attribute)
		return syntax.Value{
			Path: n.path + "/@" + attribute, Start: p.event.value.start, End: p.event.value.end, Text: p.value, Style: quoted,
			Refusal: namespaces(attribute, f.t.Body, p.event.all.start),
		}, nil
	}
	v := syntax.Value{Path: n.path, Start: e.tagEnd.all.end, End: e.end.all.start, Text: e.text.String(), Style: written}
	switch {
	case e.parent():
		v.Refusal = syntax.Refuse(syntax.NotString, f.t.Body, n.open.all.start, "the element holds elements, and no text of its own")
	case e.other.kind != evEnd:
		v.Refusal = syntax.Refuse(syntax.Unsupported, f.t.Body, e.other.all.start, "a comment or an instruction within the text: where it belongs afterwards is not certain")
	case e.tagEnd.short:
		v.Start, v.End, v.Style = e.tagEnd.all.start, e.tagEnd.all.end, none
	case e.sections == 1 && e.pieces == 1:
		v.Style = section
	}
	return v, nil
}
