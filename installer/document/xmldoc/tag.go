package xmldoc

import (
	"bytes"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
)

// name passes a name, and is empty where there is none.
func (s *scanner) name() span {
	n := span{s.pos, s.pos}
	if s.pos >= len(s.body) || !isNameStart(s.body[s.pos]) {
		return n
	}
	for s.pos < len(s.body) && isName(s.body[s.pos]) {
		s.pos++
	}
	n.end = s.pos
	return n
}

func (s *scanner) blanks() {
	for s.pos < len(s.body) && isBlank(s.body[s.pos]) {
		s.pos++
	}
}

func (s *scanner) element() (event, error) {
	e := event{kind: evOpen, all: span{start: s.pos}}
	s.pos++
	e.name = s.name()
	e.all.end = s.pos
	switch {
	case e.name.start == e.name.end:
		return s.wrong(e.all.start, "a < that begins nothing")
	case len(s.open) == 0 && s.rooted:
		return s.wrong(e.all.start, "a second root element")
	case len(s.open) >= syntax.MaxDepth:
		return event{}, s.refuse(syntax.Unsupported, e.all.start, "nested too deep")
	}
	s.rooted, s.inTag = true, true
	s.seen, s.many = s.seen[:0], nil
	s.open = append(s.open, e.name)
	return e, s.check(e.name, false)
}

// tag reads an attribute or the end of a start tag.
func (s *scanner) tag() (event, error) {
	from := s.pos
	s.blanks()
	switch {
	case s.has(">"):
		s.pos++
		s.inTag = false
		return event{kind: evTag, all: span{from, s.pos}}, nil
	case s.has("/>"):
		s.pos += 2
		s.inTag, s.closing = false, true
		return event{kind: evTag, all: span{from, s.pos}, short: true}, nil
	case s.pos >= len(s.body):
		return s.wrong(s.open[len(s.open)-1].start-1, "a tag that does not end")
	case s.pos == from:
		return s.wrong(s.pos, "neither a blank nor the end of the tag")
	default:
		return s.attribute()
	}
}

func (s *scanner) attribute() (event, error) {
	e := event{kind: evAttribute, all: span{start: s.pos}}
	e.name = s.name()
	if e.name.start == e.name.end {
		return s.wrong(s.pos, "not the name of an attribute")
	}
	s.blanks()
	if !s.has("=") {
		return s.wrong(s.pos, "an attribute without a value")
	}
	s.pos++
	s.blanks()
	if !s.has(`"`) && !s.has(`'`) {
		return s.wrong(s.pos, "the value of an attribute without quotes")
	}
	quote := s.body[s.pos]
	e.value.start = s.pos + 1
	n := bytes.IndexByte(s.body[e.value.start:], quote)
	if n < 0 {
		return s.wrong(s.pos, "the value of an attribute that does not end")
	}
	e.value.end = e.value.start + n
	if n := bytes.IndexByte(e.value.of(s.body), '<'); n >= 0 {
		return s.wrong(e.value.start+n, "a < within the value of an attribute: has the one before it no end?")
	}
	s.pos = e.value.end + 1
	e.all.end = s.pos
	if s.again(e.name.of(s.body)) {
		return s.wrong(e.all.start, "an attribute that is there twice")
	}
	if err := s.check(e.name, false); err != nil {
		return e, err
	}
	return e, s.check(e.value, true)
}

// fewAttributes is how many are compared one by one.
const fewAttributes = 16

// again reports whether this tag has an attribute of this name already.
func (s *scanner) again(name []byte) bool {
	if len(s.seen) < fewAttributes {
		for _, n := range s.seen {
			if bytes.Equal(n, name) {
				return true
			}
		}
		s.seen = append(s.seen, name)
		return false
	}
	if s.many == nil {
		s.many = map[string]bool{}
		for _, n := range s.seen {
			s.many[string(n)] = true
		}
	}
	twice := s.many[string(name)]
	s.many[string(name)] = true
	return twice
}

func (s *scanner) close() (event, error) {
	e := event{kind: evClose, all: span{start: s.pos}}
	s.pos += 2
	name := s.name()
	s.blanks()
	switch {
	case len(s.open) == 0:
		return s.wrong(e.all.start, "an end tag that ends nothing")
	case !bytes.Equal(name.of(s.body), s.open[len(s.open)-1].of(s.body)):
		return s.wrong(e.all.start, "an end tag of another name than the element that is open")
	case !s.has(">"):
		return s.wrong(s.pos, "an end tag that does not end")
	}
	s.pos++
	e.all.end = s.pos
	return s.pop(e), nil
}
