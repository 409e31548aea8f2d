package document

import (
	"bytes"
	"strings"
)

// raw is a file whose whole content is the value.
type raw struct{ t text }

func openRaw(src []byte) (raw, error) {
	for _, mark := range []string{markUTF8, markUTF16LE, markUTF16BE} {
		if bytes.HasPrefix(src, []byte(mark)) {
			return raw{}, &Error{
				Kind: Encoding, Line: 1, Column: 1,
				Reason: "a byte order mark at the start: whether it is part of the value cannot be known, save the file without it",
			}
		}
	}
	return raw{text{body: src}}, checkUTF8(src)
}

func (r raw) text() text { return r.t }

func (r raw) find(s Slot) (leaf, error) {
	if s.At != "" {
		return leaf{}, &Error{Kind: BadPointer, Reason: "a raw file is one value: it has no place " + s.At}
	}
	end := len(r.t.body)
	if s.FinalNewline {
		end -= len(finalNewline(r.t.body))
	}
	l := leaf{end: end, value: string(r.t.body[:end])}
	if s.FinalNewline && end == len(r.t.body) {
		l.style = needsNewline
	}
	return l, encrypted(r.t.body, l)
}

// encode adds the final newline that the description wants and the file lacks.
func (r raw) encode(l leaf, value string) (string, error) {
	switch {
	case strings.Contains(value, "\x00"):
		return "", &Error{Kind: Unrepresent, Reason: "a raw file cannot hold a NUL"}
	case strings.HasPrefix(value, "\ufeff"):
		return "", &Error{Kind: Unrepresent, Reason: "a raw file cannot start with a byte order mark"}
	case l.style == needsNewline:
		return value + "\n", nil
	default:
		return value, nil
	}
}

func (r raw) verify(after []byte, edits []splice) error {
	again, err := openRaw(after)
	if err != nil {
		return broken("it is not a text any more")
	}
	l, err := again.find(edits[0].slot)
	if err != nil {
		return &Error{Kind: Unrepresent, Reason: "a raw file cannot hold the value so that it reads back"}
	}
	if l.value != edits[0].value {
		// A value that ends in CR merges with the final newline.
		return &Error{Kind: Unrepresent, Reason: "a raw file with a final newline cannot hold the value"}
	}
	return nil
}

func finalNewline(body []byte) string {
	switch {
	case bytes.HasSuffix(body, []byte("\r\n")):
		return "\r\n"
	case bytes.HasSuffix(body, []byte("\n")):
		return "\n"
	default:
		return ""
	}
}
