package syntax

import (
	"bytes"
	"encoding/binary"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Text is a file's content as UTF-8 without byte order mark, and what is needed
// to put it back as it was.
type Text struct {
	Body  []byte
	Mark  []byte           // the byte order mark, as it was
	order binary.ByteOrder // nil for UTF-8
}

// MarkUTF8 is the byte order mark in UTF-8.
const MarkUTF8 = "\xef\xbb\xbf"

const (
	markUTF16LE = "\xff\xfe"
	markUTF16BE = "\xfe\xff"
	markUTF32LE = "\xff\xfe\x00\x00"
	markUTF32BE = "\x00\x00\xfe\xff"
)

// Decode finds out the encoding: UTF-8, or UTF-16 with a byte order mark. Every
// file that it accepts is one that Edited turns into the same bytes again. A
// single-byte encoding of which ASCII is a part needs none: Text{Body: src}.
func Decode(src []byte) (Text, error) {
	switch {
	case bytes.HasPrefix(src, []byte(markUTF32LE)), bytes.HasPrefix(src, []byte(markUTF32BE)):
		return Text{}, &Error{Kind: Encoding, Line: 1, Column: 1, Reason: "UTF-32 is not supported: save the file as UTF-8"}
	case bytes.HasPrefix(src, []byte(markUTF16LE)):
		return decode16(src, binary.LittleEndian)
	case bytes.HasPrefix(src, []byte(markUTF16BE)):
		return decode16(src, binary.BigEndian)
	}
	t := Text{Body: src}
	if bytes.HasPrefix(src, []byte(MarkUTF8)) {
		t.Body, t.Mark = src[len(MarkUTF8):], src[:len(MarkUTF8)]
	}
	return t, CheckUTF8(t.Body)
}

// CheckUTF8 refuses what is not UTF-8, and a NUL.
func CheckUTF8(body []byte) error {
	if i := bytes.IndexByte(body, 0); i >= 0 {
		return Refuse(Encoding, body, i, "a NUL: binary, or UTF-16 without a byte order mark")
	}
	if utf8.Valid(body) {
		return nil
	}
	for i := 0; i < len(body); {
		r, n := utf8.DecodeRune(body[i:])
		if r == utf8.RuneError && n == 1 {
			return Refuse(Encoding, body, i, "not valid UTF-8")
		}
		i += n
	}
	return nil
}

func decode16(src []byte, order binary.ByteOrder) (Text, error) {
	t := Text{Mark: src[:2], order: order}
	units := src[2:]
	t.Body = make([]byte, 0, len(units)/2+len(units)/8)
	for i := 0; i < len(units); i += 2 {
		if i+1 == len(units) {
			return Text{}, Refuse(Encoding, t.Body, len(t.Body), "UTF-16 with an odd number of bytes: the file is cut off")
		}
		r := rune(order.Uint16(units[i:]))
		if utf16.IsSurrogate(r) {
			low := rune(utf8.RuneError)
			if i+4 <= len(units) {
				low = rune(order.Uint16(units[i+2:]))
			}
			if r = utf16.DecodeRune(r, low); r == utf8.RuneError {
				return Text{}, Refuse(Encoding, t.Body, len(t.Body), "not valid UTF-16: half a surrogate pair")
			}
			i += 2
		}
		if r == 0 {
			return Text{}, Refuse(Encoding, t.Body, len(t.Body), "a NUL")
		}
		t.Body = utf8.AppendRune(t.Body, r)
	}
	return t, nil
}

// Edited is the body with splices made, and the file that holds it. Where the
// file is UTF-8 both are one piece of memory.
func (t Text) Edited(splices []Splice) (body, file []byte) {
	size := len(t.Body) + Growth(splices)
	if t.order == nil {
		file = append(make([]byte, 0, len(t.Mark)+size), t.Mark...)
		file = Apply(file, t.Body, splices)
		return file[len(t.Mark):], file
	}
	body = Apply(make([]byte, 0, size), t.Body, splices)
	return body, t.wide(body)
}

// wide is a body in UTF-16.
func (t Text) wide(body []byte) []byte {
	out := make([]byte, 0, len(t.Mark)+2*len(body))
	out = append(out, t.Mark...)
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

func (t Text) unit(out []byte, u rune) []byte {
	var b [2]byte
	t.order.PutUint16(b[:], uint16(u)) //nolint:gosec // wide splits what is wider
	return append(out, b[:]...)
}

// Wide reports whether the file is UTF-16.
func (t Text) Wide() bool { return t.order != nil }

// Offset is where a byte of the body lies in the file.
func (t Text) Offset(n int) int { return len(t.Mark) + t.size(t.Body[:n]) }

// Size is how many bytes a text takes in the file.
func (t Text) Size(s string) int { return t.size([]byte(s)) }

func (t Text) size(b []byte) int {
	if t.order == nil {
		return len(b)
	}
	units := 0
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		i += n
		units += utf16.RuneLen(r)
	}
	return 2 * units
}

// Place is the line and column of an offset. Lines end at LF, CRLF and CR.
func Place(body []byte, offset int) (line, column int) {
	line = 1
	from := 0
	for i, c := range body[:offset] {
		if c == '\n' || c == '\r' && (i+1 >= len(body) || body[i+1] != '\n') {
			line, from = line+1, i+1
		}
	}
	return line, utf8.RuneCount(body[from:offset]) + 1
}

// Quote writes a text in double quotes and in ASCII, as JSON and YAML agree on
// it; escape is for the characters on which they do not.
func Quote(value string, escape func(r rune) string) string {
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
