package document

import (
	"bytes"
	"encoding/binary"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// text is a file's content as UTF-8 without byte order mark, and what is needed
// to put it back as it was.
type text struct {
	body  []byte
	mark  []byte           // the byte order mark, as it was
	order binary.ByteOrder // nil for UTF-8
}

const (
	markUTF8    = "\xef\xbb\xbf"
	markUTF16LE = "\xff\xfe"
	markUTF16BE = "\xfe\xff"
	markUTF32LE = "\xff\xfe\x00\x00"
	markUTF32BE = "\x00\x00\xfe\xff"
)

// decode finds out the encoding. Every text that it accepts is one that wrap
// turns into the same bytes again.
func decode(src []byte) (text, error) {
	switch {
	case bytes.HasPrefix(src, []byte(markUTF32LE)), bytes.HasPrefix(src, []byte(markUTF32BE)):
		return text{}, &Error{Kind: Encoding, Line: 1, Column: 1, Reason: "UTF-32 is not supported: save the file as UTF-8"}
	case bytes.HasPrefix(src, []byte(markUTF16LE)):
		return decode16(src, binary.LittleEndian)
	case bytes.HasPrefix(src, []byte(markUTF16BE)):
		return decode16(src, binary.BigEndian)
	}
	t := text{body: src}
	if bytes.HasPrefix(src, []byte(markUTF8)) {
		t.body, t.mark = src[len(markUTF8):], src[:len(markUTF8)]
	}
	return t, checkUTF8(t.body)
}

func checkUTF8(body []byte) error {
	if i := bytes.IndexByte(body, 0); i >= 0 {
		return refuse(Encoding, body, i, "a NUL: binary, or UTF-16 without a byte order mark")
	}
	if utf8.Valid(body) {
		return nil
	}
	for i := 0; i < len(body); {
		r, n := utf8.DecodeRune(body[i:])
		if r == utf8.RuneError && n == 1 {
			return refuse(Encoding, body, i, "not valid UTF-8")
		}
		i += n
	}
	return nil
}

func decode16(src []byte, order binary.ByteOrder) (text, error) {
	t := text{mark: src[:2], order: order}
	units := src[2:]
	if len(units)%2 != 0 {
		return text{}, &Error{Kind: Encoding, Reason: "UTF-16 with an odd number of bytes: the file is cut off"}
	}
	t.body = make([]byte, 0, len(units)/2+len(units)/8)
	for i := 0; i < len(units); i += 2 {
		r := rune(order.Uint16(units[i:]))
		if utf16.IsSurrogate(r) {
			low := rune(utf8.RuneError)
			if i+4 <= len(units) {
				low = rune(order.Uint16(units[i+2:]))
			}
			if r = utf16.DecodeRune(r, low); r == utf8.RuneError {
				return text{}, refuse(Encoding, t.body, len(t.body), "not valid UTF-16: half a surrogate pair")
			}
			i += 2
		}
		if r == 0 {
			return text{}, refuse(Encoding, t.body, len(t.body), "a NUL")
		}
		t.body = utf8.AppendRune(t.body, r)
	}
	return t, nil
}

// wrap is a body in the file's encoding.
func (t text) wrap(body []byte) []byte {
	if t.order == nil {
		return append(bytes.Clone(t.mark), body...)
	}
	out := make([]byte, 0, len(t.mark)+2*len(body))
	out = append(out, t.mark...)
	for i := 0; i < len(body); {
		r, n := utf8.DecodeRune(body[i:])
		i += n
		if high, low := utf16.EncodeRune(r); high != utf8.RuneError {
			out = t.unit(t.unit(out, high), low)
			continue
		}
		out = t.unit(out, r)
	}
	return out
}

func (t text) unit(out []byte, u rune) []byte {
	var b [2]byte
	t.order.PutUint16(b[:], uint16(u)) //nolint:gosec // wrap splits what is wider
	return append(out, b[:]...)
}

// offset is where a byte of the body lies in the file.
func (t text) offset(n int) int {
	if t.order == nil {
		return len(t.mark) + n
	}
	return len(t.mark) + t.size(string(t.body[:n]))
}

// size is how many bytes a text takes in the file.
func (t text) size(s string) int {
	if t.order == nil {
		return len(s)
	}
	units := 0
	for _, r := range s {
		units += utf16.RuneLen(r)
	}
	return 2 * units
}

// place is the line and column of an offset. Lines end at LF, CRLF and CR.
func place(body []byte, offset int) (line, column int) {
	line = 1
	from := 0
	for i, c := range body[:offset] {
		if c == '\n' || c == '\r' && (i+1 >= len(body) || body[i+1] != '\n') {
			line, from = line+1, i+1
		}
	}
	return line, utf8.RuneCount(body[from:offset]) + 1
}

func refuse(kind Kind, body []byte, offset int, reason string) *Error {
	line, column := place(body, offset)
	return &Error{Kind: kind, Line: line, Column: column, Reason: reason}
}

// quote writes a text in double quotes and in ASCII, as JSON and YAML agree on
// it; escape is for the characters on which they do not.
func quote(value string, escape func(r rune) string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range value {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case r >= ' ' && r < 0x7f:
			b.WriteRune(r)
		default:
			b.WriteString(escape(r))
		}
	}
	b.WriteByte('"')
	return b.String()
}
