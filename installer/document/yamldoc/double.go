package yamldoc

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"
)

// doubleEnd reads a double-quoted scalar.
func doubleEnd(body []byte, i int, value string) (end int, ok bool) {
	if i >= len(body) || body[i] != '"' {
		return 0, false
	}
	var b strings.Builder
	for i++; i < len(body); {
		switch body[i] {
		case '"':
			return i + 1, b.String() == value
		case '\\':
			n := passEscape(&b, body, i)
			if n == 0 {
				return 0, false
			}
			i += n
		default:
			i += passQuoted(&b, body, i)
		}
	}
	return 0, false
}

// passEscape reads one escape and returns how many bytes it has, 0 where it is
// none.
func passEscape(b *strings.Builder, body []byte, i int) int {
	if i+1 >= len(body) {
		return 0
	}
	c := body[i+1]
	if isBreak(c) {
		return passEscapedBreak(b, body, i)
	}
	if digits := map[byte]int{'x': 2, 'u': 4, 'U': 8}[c]; digits > 0 {
		return passHex(b, body[i:], digits)
	}
	s := yamlEscape(c)
	b.WriteString(s)
	if s == "" {
		return 0
	}
	return 2
}

func passHex(b *strings.Builder, escape []byte, digits int) int {
	if len(escape) < 2+digits {
		return 0
	}
	code, err := strconv.ParseUint(string(escape[2:2+digits]), 16, 32)
	if err != nil || code > utf8.MaxRune {
		return 0
	}
	b.WriteRune(rune(code))
	return 2 + digits
}

// passEscapedBreak reads a line end that is none: only empty lines after it
// count.
func passEscapedBreak(b *strings.Builder, body []byte, i int) int {
	next, _ := fold(body, i+1)
	breaks := bytes.Count(body[i+1:next], []byte("\n"))
	b.WriteString(strings.Repeat("\n", max(0, breaks-1)))
	return next - i
}

func yamlEscape(c byte) string {
	const names = "0abt\tnvfre \"/\\N_LP"
	texts := [...]string{
		"\x00", "\a", "\b", "\t", "\t", "\n", "\v", "\f", "\r", "\x1b", " ", "\"", "/", "\\",
		"\u0085", "\u00a0", "\u2028", "\u2029",
	}
	if i := strings.IndexByte(names, c); i >= 0 {
		return texts[i]
	}
	return ""
}
