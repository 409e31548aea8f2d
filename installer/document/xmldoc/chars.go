package xmldoc

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
)

// isChar reports whether XML 1.0 has a character.
func isChar(r rune) bool {
	return r >= ' ' && r != 0xfffe && r != 0xffff && r <= utf8.MaxRune && (r < 0xd800 || r > 0xdfff) || r == '\t' || r == '\n' || r == '\r'
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

func isName(c byte) bool {
	return isNameStart(c) || c >= '0' && c <= '9' || c == '-' || c == '.'
}

// isNameStart leaves what is not ASCII to the second parser.
func isNameStart(c byte) bool {
	return c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' || c == ':' || c >= utf8.RuneSelf
}

// reference is the character that the reference at the start of b stands for, and
// its length, 0 where it is none that needs no DTD.
func reference(b []byte) (r rune, length int) {
	end := bytes.IndexByte(b[:min(len(b), maxReference)], ';')
	if end < 2 {
		return 0, 0
	}
	name := string(b[1:end])
	if digits, ok := strings.CutPrefix(name, "#"); ok {
		if r = number(digits); !isChar(r) {
			return 0, 0
		}
		return r, end + 1
	}
	switch name {
	case "amp":
		r = '&'
	case "lt":
		r = '<'
	case "gt":
		r = '>'
	case "quot":
		r = '"'
	case "apos":
		r = '\''
	default:
		return 0, 0
	}
	return r, end + 1
}

// maxReference is more than a reference needs: some fill it with zeros.
const maxReference = 32

// number is -1 where digits are none.
func number(digits string) rune {
	base := 10
	if rest, ok := strings.CutPrefix(digits, "x"); ok {
		digits, base = rest, 16
	}
	n, err := strconv.ParseUint(digits, base, 31)
	if err != nil {
		return -1
	}
	return rune(n)
}

// meaning is what raw text stands for. In an attribute a blank of any kind is a
// space, elsewhere every line end is LF; what is written as a reference is
// neither.
func (c charset) meaning(raw []byte, attribute bool) string {
	if c.single == nil && !bytes.ContainsAny(raw, "&\r\n\t") {
		return string(raw)
	}
	var b strings.Builder
	b.Grow(len(raw))
	from := 0
	for i := 0; i < len(raw); {
		r, n := special(raw[i:], attribute)
		if n == 0 {
			i++
			continue
		}
		b.WriteString(c.text(raw[from:i]))
		b.WriteRune(r)
		i += n
		from = i
	}
	b.WriteString(c.text(raw[from:]))
	return b.String()
}

// meaning is the text of an event, "" where it has none.
func (s *scanner) meaning(e event) string {
	switch e.kind {
	case evAttribute:
		return s.charset.meaning(e.value.of(s.body), true)
	case evText:
		return s.charset.meaning(e.all.of(s.body), false)
	case evCData:
		return s.charset.lines(e.value.of(s.body))
	default:
		return ""
	}
}

func (e event) isText() bool { return e.kind == evText || e.kind == evCData }

// special is what the start of b stands for if not for itself, and the length of
// that.
func special(b []byte, attribute bool) (r rune, length int) {
	switch {
	case b[0] == '&':
		return reference(b)
	case b[0] > '\r':
		return 0, 0
	case b[0] == '\r':
		r, length = '\n', endLength(b)
	case attribute && (b[0] == '\n' || b[0] == '\t'):
		length = 1
	}
	if attribute {
		r = ' '
	}
	return r, length
}

// endLength is the length of CR or CRLF.
func endLength(b []byte) int {
	if len(b) > 1 && b[1] == '\n' {
		return 2
	}
	return 1
}

// lines is what a CDATA section stands for.
func (c charset) lines(raw []byte) string {
	return strings.ReplaceAll(strings.ReplaceAll(c.text(raw), "\r\n", "\n"), "\r", "\n")
}

// representable refuses what XML 1.0 cannot hold, not even as a reference, and
// what no format may.
func representable(text string) error {
	if err := syntax.Representable(text); err != nil {
		return err
	}
	if !utf8.ValidString(text) {
		return &syntax.Error{Kind: syntax.Unrepresent, Reason: "the value is no valid text"}
	}
	for _, r := range text {
		if !isChar(r) {
			return &syntax.Error{Kind: syntax.Unrepresent, Reason: fmt.Sprintf("the value holds U+%04X, which XML 1.0 cannot", r)}
		}
	}
	return nil
}

// escaped is a text between quotes, or outside of tags where quote is 0.
func escaped(text string, quote byte) string {
	var b strings.Builder
	for _, r := range text {
		switch {
		case r == '&':
			b.WriteString("&amp;")
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case r == '"' && quote == '"':
			b.WriteString("&quot;")
		case r == '\'' && quote == '\'':
			b.WriteString("&apos;")
		case r >= ' ' && r < 0x7f:
			b.WriteRune(r)
		default:
			fmt.Fprintf(&b, "&#x%X;", r)
		}
	}
	return b.String()
}

// plain reports whether a text can stand in a CDATA section as it is, in one line
// of ASCII.
func plain(text string) bool {
	return !strings.Contains(text, "]]>") && !strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r >= 0x7f })
}
