package xmldoc

import (
	"bytes"
	"unicode/utf8"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
)

// kind is what the scanner saw.
type kind uint8

const (
	evEnd         kind = iota
	evOpen             // <name
	evAttribute        // name="value"
	evTag              // > or />, and blanks before it
	evClose            // </name>; behind /> of no length
	evText             // between tags
	evCData            // <![CDATA[…]]>
	evComment          // <!--…-->
	evInstruction      // <?…?>, the declaration too
)

type span struct{ start, end int }

func (s span) of(b []byte) []byte { return b[s.start:s.end] }

// event is a piece of a body. Pieces follow each other without gaps, but for
// blanks before attributes.
type event struct {
	kind  kind
	all   span
	name  span // of evOpen, evAttribute, evClose
	value span // of evAttribute, evCData
	short bool // evTag: />; evClose: the one behind it
}

// scanner splits a body into events and checks on the way what encoding/xml does
// not. It never recurses.
type scanner struct {
	body    []byte
	charset charset
	pos     int
	open    []span   // names of the elements that are open
	inTag   bool     // behind evOpen
	closing bool     // behind evTag of />
	seen    [][]byte // names of the attributes of this tag
	many    map[string]bool
	rooted  bool // the root has begun
}

func (s *scanner) refuse(kind syntax.Kind, at int, reason string) error {
	return syntax.Refuse(kind, s.body, at, reason)
}

func (s *scanner) wrong(at int, reason string) (event, error) {
	return event{}, s.refuse(syntax.Syntax, at, reason)
}

func (s *scanner) has(prefix string) bool {
	return bytes.HasPrefix(s.body[s.pos:], []byte(prefix))
}

// next is evEnd for ever at the end.
func (s *scanner) next() (event, error) {
	switch {
	case s.closing:
		s.closing = false
		return s.pop(event{kind: evClose, all: span{s.pos, s.pos}, short: true}), nil
	case s.inTag:
		return s.tag()
	case s.pos >= len(s.body):
		return s.end()
	case s.body[s.pos] != '<':
		return s.text()
	case s.has("</"):
		return s.close()
	case s.has("<?"):
		return s.instruction()
	case s.has("<!"):
		return s.declared()
	default:
		return s.element()
	}
}

func (s *scanner) end() (event, error) {
	switch {
	case len(s.open) > 0:
		return s.wrong(s.open[len(s.open)-1].start-1, "an element that does not end")
	case !s.rooted:
		return s.wrong(s.pos, "no element: the file ends too early")
	default:
		return event{kind: evEnd, all: span{s.pos, s.pos}}, nil
	}
}

// pop leaves an element, whose name the event gets.
func (s *scanner) pop(e event) event {
	e.name = s.open[len(s.open)-1]
	s.open = s.open[:len(s.open)-1]
	return e
}

func (s *scanner) text() (event, error) {
	e := event{kind: evText, all: span{s.pos, len(s.body)}}
	if n := bytes.IndexByte(s.body[s.pos:], '<'); n >= 0 {
		e.all.end = s.pos + n
	}
	if len(s.open) == 0 {
		for i, c := range e.all.of(s.body) {
			if !isBlank(c) {
				return s.wrong(s.pos+i, "text outside of the root element")
			}
		}
	}
	if n := bytes.Index(e.all.of(s.body), []byte("]]>")); n >= 0 {
		return s.wrong(s.pos+n, "]]> within text")
	}
	s.pos = e.all.end
	return e, s.check(e.all, true)
}

// check refuses characters that XML 1.0 has not and, where references are read,
// those that only a DTD could explain.
func (s *scanner) check(where span, references bool) error {
	for i := where.start; i < where.end; i++ {
		c := s.body[i]
		if c == '&' && references {
			if _, n := reference(s.body[i:where.end]); n == 0 {
				return s.refuse(syntax.Syntax, i, "a reference that is neither to a character nor one of amp, lt, gt, quot, apos")
			}
		}
		if c >= ' ' && c < utf8.RuneSelf || isBlank(c) {
			continue
		}
		switch {
		case c < ' ' || s.charset.single == nil && noncharacter(s.body[i:]):
			return s.refuse(syntax.Syntax, i, "a character that XML has not")
		case s.charset.ascii:
			return s.refuse(syntax.Encoding, i, "declared as US-ASCII, but this is not")
		}
	}
	return nil
}

// noncharacter reports whether b begins with U+FFFE or U+FFFF.
func noncharacter(b []byte) bool {
	return bytes.HasPrefix(b, []byte("\ufffe")) || bytes.HasPrefix(b, []byte("\uffff"))
}

// delimited is what stands between two marks; the scanner is on the first.
func (s *scanner) delimited(kind kind, from, to string) (event, error) {
	e := event{kind: kind, value: span{start: s.pos + len(from)}}
	n := bytes.Index(s.body[e.value.start:], []byte(to))
	if n < 0 {
		return s.wrong(s.pos, "this does not end: "+from)
	}
	e.value.end = e.value.start + n
	e.all = span{s.pos, e.value.end + len(to)}
	s.pos = e.all.end
	return e, s.check(e.value, false)
}

func (s *scanner) instruction() (event, error) {
	from := s.pos
	e, err := s.delimited(evInstruction, "<?", "?>")
	if err != nil {
		return e, err
	}
	ahead := scanner{body: s.body[:e.value.end], pos: e.value.start}
	target := ahead.name().of(s.body)
	switch {
	case len(target) == 0 || ahead.pos < e.value.end && !isBlank(s.body[ahead.pos]):
		return s.wrong(from, "an instruction without a name")
	case !bytes.EqualFold(target, []byte("xml")):
		return e, nil
	case from > 0:
		return s.wrong(from, "an XML declaration that is not at the start of the file")
	default:
		return e, s.version()
	}
}

// version checks the declaration at the start of the file.
func (s *scanner) version() error {
	m := declaration.FindSubmatch(s.body)
	switch {
	case m == nil:
		return s.refuse(syntax.Syntax, 0, "not an XML declaration")
	case string(m[1])+string(m[2]) != "1.0":
		return s.refuse(syntax.Unsupported, 0, "only XML 1.0 is supported")
	default:
		return nil
	}
}

// declared reads what begins with an exclamation mark.
func (s *scanner) declared() (event, error) {
	switch {
	case s.has("<!--"):
		from := s.pos
		e, err := s.delimited(evComment, "<!--", "-->")
		if err == nil && (bytes.Contains(e.value.of(s.body), []byte("--")) || bytes.HasSuffix(e.value.of(s.body), []byte("-"))) {
			return s.wrong(from, "-- within a comment")
		}
		return e, err
	case s.has("<![CDATA[") && len(s.open) > 0:
		return s.delimited(evCData, "<![CDATA[", "]]>")
	case s.has("<!DOCTYPE"):
		return event{}, s.refuse(syntax.Unsupported, s.pos, "a DOCTYPE: it can change what values mean")
	default:
		return s.wrong(s.pos, "neither comment nor element")
	}
}
