package jsonc

import (
	"bytes"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
)

// tokenKind is what the scanner of JSONC saw. Commas, colons and comments are
// no tokens.
type tokenKind byte

const (
	tokEnd     tokenKind = 0
	tokOpen    tokenKind = '{'
	tokClose   tokenKind = '}'
	tokArray   tokenKind = '['
	tokUnarray tokenKind = ']'
	tokKey     tokenKind = 'k'
	tokString  tokenKind = 's'
	tokNumber  tokenKind = 'n'
	tokWord    tokenKind = 'w' // true, false, null
)

type token struct {
	kind       tokenKind
	start, end int
}

type scanState byte

const (
	atValue   scanState = iota // the root, or what follows a colon
	atMember                   // after { or a comma in an object: a name or }
	atElement                  // after [ or a comma in an array: a value or ]
	afterValue
	atEnd
)

// scanner splits JSONC into tokens and checks the grammar of .NET on the way.
// It holds one byte for each level of nesting and never recurses.
type scanner struct {
	src    []byte
	strict bool // RFC 8259: no comments, no trailing commas
	pos    int
	state  scanState
	stack  []byte
}

func (s *scanner) next() (token, error) {
	if err := s.skip(); err != nil {
		return token{}, err
	}
	if s.state == afterValue && s.pos < len(s.src) && s.src[s.pos] == ',' {
		s.pos++
		s.state = atElement
		if s.top() == '{' {
			s.state = atMember
		}
		if err := s.skip(); err != nil {
			return token{}, err
		}
		if s.strict && s.at("}]") {
			return token{}, s.wrong("a trailing comma: JSON has none (the format jsonc has)")
		}
	}
	return s.token()
}

func (s *scanner) token() (token, error) {
	if s.pos >= len(s.src) {
		if s.state == atEnd {
			return token{tokEnd, s.pos, s.pos}, nil
		}
		return token{}, s.wrong("the file ends too early")
	}
	switch c := s.src[s.pos]; {
	case s.state == atEnd:
		return token{}, s.wrong("something after the end of the value")
	case c == '}' || c == ']':
		return s.close(c)
	case s.state == afterValue:
		return token{}, s.wrong("a comma is missing")
	case s.state == atMember:
		return s.key(c)
	default:
		return s.value(c)
	}
}

func (s *scanner) close(c byte) (token, error) {
	opener := c - 2 // '[' and ']', '{' and '}' are two apart
	if s.state == atValue || s.top() != opener {
		return token{}, s.wrong("a closing bracket that closes nothing")
	}
	s.stack = s.stack[:len(s.stack)-1]
	s.pos++
	s.valueEnded()
	return token{tokenKind(c), s.pos - 1, s.pos}, nil
}

func (s *scanner) key(c byte) (token, error) {
	if c != '"' {
		return token{}, s.wrong("a name in double quotes is due")
	}
	t := token{kind: tokKey, start: s.pos}
	if err := s.quoted(); err != nil {
		return token{}, err
	}
	t.end = s.pos
	if err := s.skip(); err != nil {
		return token{}, err
	}
	if s.pos >= len(s.src) || s.src[s.pos] != ':' {
		return token{}, s.wrong("a colon is missing")
	}
	s.pos++
	s.state = atValue
	return t, nil
}

func (s *scanner) value(c byte) (token, error) {
	t := token{start: s.pos}
	var err error
	switch {
	case c == '{' || c == '[':
		return s.open(c)
	case c == '"':
		t.kind, err = tokString, s.quoted()
	case c == '-' || c >= '0' && c <= '9':
		t.kind, err = tokNumber, s.number()
	default:
		t.kind, err = tokWord, s.word()
	}
	t.end = s.pos
	s.valueEnded()
	return t, err
}

func (s *scanner) open(c byte) (token, error) {
	if len(s.stack) >= syntax.MaxDepth {
		return token{}, syntax.Refuse(syntax.Unsupported, s.src, s.pos, "nested too deep")
	}
	s.stack = append(s.stack, c)
	s.state = atElement
	if c == '{' {
		s.state = atMember
	}
	s.pos++
	return token{tokenKind(c), s.pos - 1, s.pos}, nil
}

func (s *scanner) top() byte {
	if len(s.stack) == 0 {
		return 0
	}
	return s.stack[len(s.stack)-1]
}

func (s *scanner) valueEnded() {
	s.state = afterValue
	if len(s.stack) == 0 {
		s.state = atEnd
	}
}

func (s *scanner) wrong(reason string) error {
	return syntax.Refuse(syntax.Syntax, s.src, s.pos, reason)
}

// skip passes blanks and comments.
func (s *scanner) skip() error {
	for s.pos < len(s.src) {
		switch s.src[s.pos] {
		case ' ', '\t', '\r', '\n':
			s.pos++
		case '/':
			if err := s.comment(); err != nil {
				return err
			}
		default:
			return nil
		}
	}
	return nil
}

func (s *scanner) comment() error {
	rest := s.src[s.pos:]
	switch {
	case s.strict:
		return s.wrong("a comment: JSON has none (the format jsonc has)")
	case bytes.HasPrefix(rest, []byte("/*")):
		end := bytes.Index(rest[2:], []byte("*/"))
		if end < 0 {
			return s.wrong("a comment that does not end")
		}
		s.pos += end + 4
		return nil
	case bytes.HasPrefix(rest, []byte("//")):
		return s.lineComment(rest)
	default:
		return s.wrong("a slash that starts no comment")
	}
}

// lineComment refuses what ends a comment for one reader and not for another:
// text behind it would be data for one of them.
func (s *scanner) lineComment(rest []byte) error {
	end := bytes.IndexByte(rest, '\n')
	if end < 0 {
		end = len(rest)
	}
	line := bytes.TrimSuffix(rest[:end], []byte("\r"))
	for _, separator := range []string{"\r", "\u2028", "\u2029"} {
		if i := bytes.Index(line, []byte(separator)); i >= 0 {
			return syntax.Refuse(syntax.ParserDiffer, s.src, s.pos+i, "a line separator within a comment: readers differ on where the comment ends")
		}
	}
	s.pos += end
	return nil
}
