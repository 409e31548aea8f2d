package syntax

import (
	"bytes"
	"unicode"
	"unicode/utf8"
)

// LineAt is where the text of the line ends that begins at start, and where the
// next one begins. Lines end at LF and CRLF.
func LineAt(body []byte, start int) (end, next int) {
	next = len(body)
	if n := bytes.IndexByte(body[start:], '\n'); n >= 0 {
		next = start + n + 1
	}
	return start + len(bytes.TrimSuffix(bytes.TrimSuffix(body[start:next], []byte("\n")), []byte("\r"))), next
}

// Unmarked refuses a file that begins with a byte order mark, for a reason of the
// format's readers.
func Unmarked(src []byte, reason string) error {
	for _, mark := range []string{MarkUTF8, markUTF16LE, markUTF16BE} {
		if bytes.HasPrefix(src, []byte(mark)) {
			return &Error{Kind: Encoding, Line: 1, Column: 1, Reason: "a byte order mark at the start: " + reason + ": save the file without it"}
		}
	}
	return nil
}

// Reserved reports whether Unicode has no such character and never will: systemd
// takes it for invalid UTF-8.
func Reserved(r rune) bool {
	return r >= 0xfdd0 && r <= 0xfdef || r&0xfffe == 0xfffe || r > utf8.MaxRune
}

// Unreadable reports whether a character is none of a variable's to systemd, in any
// version.
func Unreadable(r rune) bool {
	return unicode.IsControl(r) && r != '\t' && r != '\n' || r == '\ufeff' || Reserved(r)
}
