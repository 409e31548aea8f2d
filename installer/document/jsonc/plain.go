package jsonc

import (
	"bytes"
	"io"
)

// show is a body as JSON of RFC 8259.
func (d dialect) show(body []byte) io.Reader {
	if d == dotNET {
		return &plainReader{body: body}
	}
	return bytes.NewBuffer(body)
}

// plainReader shows JSON as .NET reads it to a parser of RFC 8259: comments and
// trailing commas read as blanks, so that every offset stays. It knows nothing
// of the grammar around them and shares no code with the scanner.
type plainReader struct {
	body    []byte
	pos     int
	quoted  bool
	until   int  // what is not looked at ends here
	comment bool // it is a comment; else what an escape stands before
}

func (r *plainReader) Read(p []byte) (int, error) {
	if r.pos == len(r.body) {
		return 0, io.EOF
	}
	n := copy(p, r.body[r.pos:])
	for i, c := range p[:n] {
		if r.blank(r.pos+i, c) {
			p[i] = ' '
		}
	}
	r.pos += n
	return n, nil
}

func (r *plainReader) blank(at int, c byte) bool {
	switch {
	case at < r.until:
		return r.comment
	case r.quoted && c == '\\':
		r.until, r.comment = at+2, false
	case c == '"':
		r.quoted = !r.quoted
	case r.quoted:
	case c == '/':
		r.until, r.comment = at+commentLength(r.body[at:]), true
		return true
	case c == ',':
		return closes(r.body[at+1:])
	}
	return false
}

// commentLength is how far the comment at the start of b goes.
func commentLength(b []byte) int {
	if block, ok := bytes.CutPrefix(b, []byte("/*")); ok {
		if end := bytes.Index(block, []byte("*/")); end >= 0 {
			return end + len("/**/")
		}
		return len(b)
	}
	if end := bytes.IndexByte(b, '\n'); end >= 0 {
		return end
	}
	return len(b)
}

// closes reports whether a closing bracket is what comes next.
func closes(b []byte) bool {
	for len(b) > 0 {
		switch b[0] {
		case ' ', '\t', '\r', '\n':
			b = b[1:]
		case '/':
			b = b[commentLength(b):]
		default:
			return b[0] == '}' || b[0] == ']'
		}
	}
	return false
}
