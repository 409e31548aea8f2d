package unitfile

import (
	"bytes"
	"io"
	"regexp"
	"strconv"
	"strings"

	"github.com/coreos/go-systemd/v22/unit"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
)

var (
	remark  = regexp.MustCompile(`(?m)^[ \t]*[#;].*\n?`)
	aWord   = regexp.MustCompile(`(?s)(?:[^\s"'\\]|\\.|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')+`)
	aPart   = regexp.MustCompile(`(?s)"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\\.|[^\s"'\\]+`)
	anyCode = regexp.MustCompile(`(?s)\\(?:x..|u.{4}|U.{8}|[0-7]{3}|.)`)
)

// Facts implements syntax.Witness with go-systemd.
func (grammar) Facts(body []byte) ([]syntax.Fact, error) {
	text := remark.ReplaceAll(bytes.ReplaceAll(body, []byte("\r\n"), []byte("\n")), nil)
	options, err := unit.DeserializeOptions(&slow{text})
	if err != nil {
		return nil, err
	}
	var facts []syntax.Fact
	for _, o := range options {
		path := o.Section + "/" + o.Name
		switch value := strings.Trim(strings.ReplaceAll(o.Value, "\\\n", " "), blanks); {
		case o.Name == environment && value != "":
			facts = append(facts, factsOf(path, value)...)
		case literal(o.Name):
			facts = append(facts, syntax.Fact{Path: path, Text: strings.ReplaceAll(value, "%%", "%")})
		default:
			facts = append(facts, syntax.Fact{Path: path, Text: value})
		}
	}
	return facts, nil
}

// slow gives a parser that refuses long lines, where it happens to see one, so
// little at a time that it sees none.
type slow struct{ rest []byte }

// Read implements io.Reader.
func (s *slow) Read(p []byte) (int, error) {
	if len(s.rest) == 0 {
		return 0, io.EOF
	}
	n := copy(p[:min(len(p), 512)], s.rest)
	s.rest = s.rest[n:]
	return n, nil
}

// factsOf takes the words of an Environment= apart.
func factsOf(path, list string) []syntax.Fact {
	var facts []syntax.Fact
	for _, raw := range aWord.FindAllString(list, -1) {
		var text strings.Builder
		for _, part := range aPart.FindAllString(raw, -1) {
			if part[0] == '"' || part[0] == '\'' {
				part = part[1 : len(part)-1]
			}
			text.WriteString(part)
		}
		name, value, ok := strings.Cut(anyCode.ReplaceAllStringFunc(text.String(), decoded), "=")
		if !ok {
			facts = append(facts, syntax.Fact{Path: path, Text: name})
			continue
		}
		facts = append(facts, syntax.Fact{Path: path + "/" + name, Text: strings.ReplaceAll(value, "%%", "%")})
	}
	return facts
}

// decoded is what an escape stands for.
func decoded(code string) string {
	switch code {
	case `\s`:
		return " "
	case `\'`, `\"`:
		return code[1:]
	}
	r, multibyte, _, err := strconv.UnquoteChar(code, 0)
	switch {
	case err != nil:
		return code
	case multibyte:
		return string(r)
	default:
		return string([]byte{byte(r)}) //nolint:gosec // UnquoteChar says that it is one byte
	}
}
