package properties

import (
	"strings"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
)

// line is a logical line that holds a key.
type line struct {
	start      int // of its key
	keyEnd     int
	valueStart int // behind separator, blanks and continuations
	end        int // before its line end
	next       int // behind its line end
	style      syntax.Style
	split      bool // the line goes on elsewhere before its value is reached
}

// What stands between a key and its value.
const (
	nothing syntax.Style = iota // the line ends with the key
	blank                       // blanks only: a = or : behind them would be the separator
	sign                        // = or :
)

// scanner splits a body into logical lines.
type scanner struct {
	body []byte
	pos  int
	docs int // where the first line stands that separates documents of Spring; 0 where none
}

// next is false at the end of the body.
func (s *scanner) next() (line, bool, error) {
	for s.pos < len(s.body) {
		switch c := s.body[s.pos]; {
		case isBlank(c) || isEnd(c):
			s.pos++
		case c == '#' || c == '!':
			s.comment()
		default:
			l, err := s.line()
			return l, err == nil, err
		}
	}
	return line{}, false, nil
}

// comment passes a comment: no backslash continues it.
func (s *scanner) comment() {
	from := s.pos
	for s.pos < len(s.body) && !isEnd(s.body[s.pos]) {
		s.pos++
	}
	first := from == 0 || isEnd(s.body[from-1])
	if first && s.docs == 0 && strings.TrimRight(string(s.body[from+1:s.pos]), " \t\f") == "---" {
		s.docs = from + 1
	}
}

func (s *scanner) line() (line, error) {
	l := line{start: s.pos}
	if s.continuation() > 0 {
		return l, s.refuse(syntax.Unsupported, "a line that is empty but for the backslash at its end")
	}
	if err := s.key(&l); err != nil {
		return l, err
	}
	l.keyEnd = s.pos
	if l.keyEnd == l.start {
		return l, s.refuse(syntax.Unsupported, "a line without a key before its separator")
	}
	s.separator(&l)
	l.valueStart = s.pos
	for s.pos < len(s.body) && !isEnd(s.body[s.pos]) {
		if err := s.char(); err != nil {
			return l, err
		}
	}
	l.end = s.pos
	s.pos += endLength(s.body[s.pos:])
	l.next = s.pos
	return l, nil
}

func (s *scanner) refuse(kind syntax.Kind, reason string) error {
	return syntax.Refuse(kind, s.body, s.pos, reason)
}

func (s *scanner) key(l *line) error {
	for s.pos < len(s.body) {
		c := s.body[s.pos]
		if isBlank(c) || isEnd(c) || c == '=' || c == ':' {
			return nil
		}
		l.split = l.split || s.continuation() > 0
		if err := s.char(); err != nil {
			return err
		}
	}
	return nil
}

// separator passes what stands between key and value.
func (s *scanner) separator(l *line) {
	for s.pos < len(s.body) {
		c := s.body[s.pos]
		switch n := s.continuation(); {
		case n > 0:
			l.split = l.split || l.style != sign
			s.pos += n
		case isBlank(c):
			l.style = max(l.style, blank)
			s.pos++
		case l.style != sign && (c == '=' || c == ':'):
			l.style = sign
			s.pos++
		default:
			return
		}
	}
}

// continuation is the length of a backslash with the line end behind it, 0 where
// there is none.
func (s *scanner) continuation() int {
	if s.body[s.pos] != '\\' {
		return 0
	}
	if n := endLength(s.body[s.pos+1:]); n > 0 {
		return 1 + n
	}
	return 0
}

// char passes a character, an escape, or a continuation with the blanks behind it.
func (s *scanner) char() error {
	if s.body[s.pos] != '\\' {
		s.pos++
		return nil
	}
	if n := s.continuation(); n > 0 {
		s.pos += n
		for s.pos < len(s.body) && isBlank(s.body[s.pos]) {
			s.pos++
		}
		return nil
	}
	rest := s.body[s.pos+1:]
	switch {
	case len(rest) == 0:
		return s.refuse(syntax.Unsupported, "a backslash at the end of the file")
	case rest[0] != 'u':
		s.pos += 2
	default:
		if _, ok := unit(rest[1:]); !ok {
			return s.refuse(syntax.Syntax, `not four hexadecimal digits behind \u`)
		}
		s.pos += 6
	}
	return nil
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\f' }

func isEnd(c byte) bool { return c == '\n' || c == '\r' }

// endLength is the length of the line end at the start of b.
func endLength(b []byte) int {
	switch {
	case len(b) == 0 || !isEnd(b[0]):
		return 0
	case len(b) > 1 && b[0] == '\r' && b[1] == '\n':
		return 2
	default:
		return 1
	}
}
