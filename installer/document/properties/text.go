package properties

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// charset is how the bytes of a file are characters.
type charset struct{ latin bool }

// char is the character at the start of b, and its length.
func (c charset) char(b []byte) (rune, int) {
	if c.latin {
		return rune(b[0]), 1
	}
	return utf8.DecodeRune(b)
}

// meaning is the text of a key or value. It is not ok where an escape is half a
// surrogate pair, which is no text.
func (c charset) meaning(raw []byte) (text string, ok bool) {
	var b strings.Builder
	b.Grow(len(raw))
	for i := 0; i < len(raw); {
		if raw[i] != '\\' {
			r, n := c.char(raw[i:])
			b.WriteRune(r)
			i += n
			continue
		}
		if n := endLength(raw[i+1:]); n > 0 {
			i += 1 + n
			for i < len(raw) && isBlank(raw[i]) {
				i++
			}
			continue
		}
		r, n := c.escape(raw[i:])
		if utf16.IsSurrogate(r) {
			return "", false
		}
		b.WriteRune(r)
		i += n
	}
	return b.String(), true
}

// escape is what the escape at the start of b means, and its length. Two that are
// a surrogate pair are one.
func (c charset) escape(b []byte) (rune, int) {
	if b[1] != 'u' {
		if i := strings.IndexByte("tnrf", b[1]); i >= 0 {
			return rune("\t\n\r\f"[i]), 2
		}
		r, n := c.char(b[1:])
		return r, 1 + n
	}
	r, _ := unit(b[2:])
	if len(b) >= 8 && b[6] == '\\' && b[7] == 'u' {
		low, _ := unit(b[8:])
		if pair := utf16.DecodeRune(r, low); pair != utf8.RuneError {
			return pair, 12
		}
	}
	return r, 6
}

// unit is the UTF-16 unit whose four digits b begins with.
func unit(b []byte) (rune, bool) {
	if len(b) < 4 {
		return 0, false
	}
	n, err := strconv.ParseUint(string(b[:4]), 16, 16)
	return rune(n), err == nil
}

// writeKey is a key as it is written.
func writeKey(key string) string {
	var b strings.Builder
	for i, r := range key {
		if strings.ContainsRune(" =:", r) || i == 0 && (r == '#' || r == '!') {
			b.WriteByte('\\')
		}
		b.WriteString(escaped(r))
	}
	return b.String()
}

// writeValue is a value as it is written. Behind blanks alone, = and : would
// belong to them.
func writeValue(value string, signed bool) string {
	var b strings.Builder
	for i, r := range value {
		edge := i == 0 || i+1 == len(value)
		if r == ' ' && edge || i == 0 && !signed && (r == '=' || r == ':') {
			b.WriteByte('\\')
		}
		b.WriteString(escaped(r))
	}
	return b.String()
}

// escaped is a character where nothing around it matters.
func escaped(r rune) string {
	switch {
	case r == '\\':
		return `\\`
	case r >= ' ' && r < 0x7f:
		return string(r)
	}
	if i := strings.IndexRune("\t\n\r\f", r); i >= 0 {
		return `\` + "tnrf"[i:i+1]
	}
	text := ""
	for _, unit := range utf16.Encode([]rune{r}) {
		text += fmt.Sprintf(`\u%04x`, unit)
	}
	return text
}
