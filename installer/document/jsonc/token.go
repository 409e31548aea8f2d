package jsonc

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
)

// quoted passes a string, the scanner being on its first quote.
func (s *scanner) quoted() error {
	for i := s.pos + 1; i < len(s.src); i++ {
		switch c := s.src[i]; {
		case c == '"':
			s.pos = i + 1
			return nil
		case c < ' ':
			return syntax.Refuse(syntax.Syntax, s.src, i, "a control character within a string")
		case c == '\\':
			n := escapeLength(s.src[i:])
			if n == 0 {
				return syntax.Refuse(syntax.Syntax, s.src, i, "not an escape of JSON")
			}
			i += n - 1
		}
	}
	return s.wrong("a string that does not end")
}

// escapeLength is the length of the escape at the start of b, 0 where there is
// none.
func escapeLength(b []byte) int {
	switch {
	case len(b) < 2:
		return 0
	case strings.IndexByte(`"\/bfnrt`, b[1]) >= 0:
		return 2
	case b[1] == 'u' && len(b) >= 6 && allHex(b[2:6]):
		return 6
	default:
		return 0
	}
}

func allHex(b []byte) bool {
	for _, c := range b {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') && (c < 'A' || c > 'F') {
			return false
		}
	}
	return true
}

func (s *scanner) number() error {
	from := s.pos
	if s.src[s.pos] == '-' {
		s.pos++
	}
	leadingZero := s.pos < len(s.src) && s.src[s.pos] == '0'
	whole := s.digits()
	ok := whole > 0 && (whole == 1 || !leadingZero)
	if s.at(".") {
		s.pos++
		ok = s.digits() > 0 && ok
	}
	if s.at("eE") {
		s.pos++
		if s.at("+-") {
			s.pos++
		}
		ok = s.digits() > 0 && ok
	}
	if !ok || s.inWord() {
		return syntax.Refuse(syntax.Syntax, s.src, from, "not a number of JSON")
	}
	return nil
}

func (s *scanner) digits() int {
	from := s.pos
	for s.pos < len(s.src) && s.src[s.pos] >= '0' && s.src[s.pos] <= '9' {
		s.pos++
	}
	return s.pos - from
}

func (s *scanner) at(set string) bool {
	return s.pos < len(s.src) && strings.IndexByte(set, s.src[s.pos]) >= 0
}

// inWord reports whether a letter or digit follows.
func (s *scanner) inWord() bool {
	if s.pos >= len(s.src) {
		return false
	}
	c := s.src[s.pos]
	return c == '_' || c == '.' || c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' || c >= utf8.RuneSelf
}

func (s *scanner) word() error {
	for _, w := range []string{"true", "false", "null"} {
		if bytes.HasPrefix(s.src[s.pos:], []byte(w)) {
			s.pos += len(w)
			if s.inWord() {
				break
			}
			return nil
		}
	}
	return s.wrong("not a value of JSON")
}

// unquote is the text of a string that the scanner passed. It is not ok where
// the string holds half a surrogate pair, which stands for no text.
func unquote(raw []byte) (value string, ok bool) {
	raw = raw[1 : len(raw)-1]
	if bytes.IndexByte(raw, '\\') < 0 {
		return string(raw), true
	}
	var b strings.Builder
	b.Grow(len(raw))
	for i := 0; i < len(raw); {
		if raw[i] != '\\' {
			b.WriteByte(raw[i])
			i++
			continue
		}
		r, n, ok := unescape(raw[i:])
		if !ok {
			return "", false
		}
		b.WriteRune(r)
		i += n
	}
	return b.String(), true
}

func unescape(b []byte) (r rune, length int, ok bool) {
	if b[1] != 'u' {
		return rune("\"\\/\b\f\n\r\t"[strings.IndexByte(`"\/bfnrt`, b[1])]), 2, true
	}
	r = hexRune(b[2:6])
	if !utf16.IsSurrogate(r) {
		return r, 6, true
	}
	if len(b) < 12 || b[6] != '\\' || b[7] != 'u' {
		return 0, 0, false
	}
	r = utf16.DecodeRune(r, hexRune(b[8:12]))
	return r, 12, r != utf8.RuneError
}

func hexRune(b []byte) rune {
	n, _ := strconv.ParseUint(string(b), 16, 32) // the scanner saw only digits
	return rune(n)                               //nolint:gosec // at most eight digits are given, and the caller checks the range
}
