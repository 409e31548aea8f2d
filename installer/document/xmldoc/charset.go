package xmldoc

import (
	"bytes"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
)

// declaration is what a file may begin with: version, encoding and standalone, in
// this order.
var declaration = regexp.MustCompile(`^<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*(?:"(1\.[0-9]+)"|'(1\.[0-9]+)')` +
	`(?:[ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*(?:"([A-Za-z][A-Za-z0-9._-]*)"|'([A-Za-z][A-Za-z0-9._-]*)'))?` +
	`(?:[ \t\r\n]+standalone[ \t\r\n]*=[ \t\r\n]*(?:"(?:yes|no)"|'(?:yes|no)'))?[ \t\r\n]*\?>`)

// charset is how the bytes of a body are characters.
type charset struct {
	single *charmap.Charmap // nil for UTF-8
	ascii  bool             // of which nothing else may be there
}

// decode finds out the encoding: by the byte order mark, or by the declaration.
func decode(src []byte) (syntax.Text, charset, error) {
	t, err := syntax.Decode(src)
	if marked(src) {
		if err == nil {
			err = declaredAs(t)
		}
		return t, charset{}, err
	}
	name, at := declared(src)
	single := singleByte(name)
	switch {
	case name == "" || name == "utf-8" || name == "us-ascii":
		return t, charset{ascii: name == "us-ascii"}, err
	case strings.HasPrefix(name, "utf-16"):
		return t, charset{}, syntax.Refuse(syntax.Encoding, src, at, "declared as UTF-16, but there is no byte order mark")
	case single == nil:
		return t, charset{}, syntax.Refuse(syntax.Encoding, src, at, "the declared encoding is not supported: save the file as UTF-8")
	}
	if i := bytes.IndexByte(src, 0); i >= 0 {
		return t, charset{}, syntax.Refuse(syntax.Encoding, src, i, "a NUL")
	}
	return syntax.Text{Body: src}, charset{single: single}, nil
}

// marked reports whether a file has a byte order mark.
func marked(src []byte) bool {
	for _, mark := range []string{syntax.MarkUTF8, "\xff\xfe", "\xfe\xff", "\x00\x00\xfe\xff"} {
		if bytes.HasPrefix(src, []byte(mark)) {
			return true
		}
	}
	return false
}

// declaredAs refuses a declaration that contradicts the byte order mark.
func declaredAs(t syntax.Text) error {
	name, at := declared(t.Body)
	if name == "" || name == "utf-8" && !t.Wide() || name == "utf-16" && t.Wide() {
		return nil
	}
	return syntax.Refuse(syntax.Encoding, t.Body, at, "the declared encoding is not that of the byte order mark")
}

// declared is the declared encoding in small letters, and where it stands.
func declared(body []byte) (name string, at int) {
	m := declaration.FindSubmatchIndex(body)
	for _, group := range []int{6, 8} {
		if m != nil && m[group] >= 0 {
			return strings.ToLower(string(body[m[group]:m[group+1]])), m[group]
		}
	}
	return "", 0
}

// singleByte is nil where the encoding is none of which ASCII is a part.
func singleByte(name string) *charmap.Charmap {
	for _, m := range []*charmap.Charmap{
		charmap.ISO8859_1, charmap.ISO8859_2, charmap.ISO8859_3, charmap.ISO8859_4, charmap.ISO8859_5, charmap.ISO8859_6,
		charmap.ISO8859_7, charmap.ISO8859_8, charmap.ISO8859_9, charmap.ISO8859_10, charmap.ISO8859_13, charmap.ISO8859_14,
		charmap.ISO8859_15, charmap.ISO8859_16, charmap.Windows1250, charmap.Windows1251, charmap.Windows1252,
		charmap.Windows1253, charmap.Windows1254, charmap.Windows1255, charmap.Windows1256, charmap.Windows1257, charmap.Windows1258,
	} {
		if strings.ReplaceAll(strings.ToLower(m.String()), " ", "-") == name {
			return m
		}
	}
	return nil
}

// text is raw bytes as characters.
func (c charset) text(raw []byte) string {
	if c.single == nil {
		return string(raw)
	}
	return string(c.wide(raw))
}

// wide is raw bytes in UTF-8.
func (c charset) wide(raw []byte) []byte {
	if c.single == nil {
		return raw
	}
	out := make([]byte, 0, len(raw)+len(raw)/8)
	for _, b := range raw {
		out = utf8.AppendRune(out, c.single.DecodeByte(b))
	}
	return out
}
