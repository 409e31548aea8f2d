package inifile

import (
	"strings"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
)

// Open reads an INI file to its end.
func Open(src []byte) (syntax.File, error) {
	t, err := syntax.Decode(src)
	if err != nil {
		return nil, err
	}
	f, err := syntax.Open(t, grammar{})
	if err != nil {
		return nil, err
	}
	return f, nil
}

// grammar is INI as syntax.Listed needs it.
type grammar struct{}

// Address implements syntax.Grammar.
func (grammar) Address(at string) (string, error) {
	tokens, err := syntax.ParsePointer("/" + at)
	if err != nil || len(tokens) != 2 || tokens[1] == "" {
		return "", &syntax.Error{Kind: syntax.BadPointer, Reason: "not an address like section/key, with ~1 for a slash within a name: " + strings.ToValidUTF8(at, "�")}
	}
	return join(tokens[0], tokens[1]), nil
}

// join is the address of a key.
func join(section, key string) string {
	if strings.ContainsAny(section+key, "~/") {
		return syntax.FormatPointer([]string{section, key})[1:]
	}
	return section + "/" + key
}

// Values implements syntax.Grammar.
func (grammar) Values(body []byte) ([]syntax.Value, error) {
	s, err := scan(body)
	if err != nil {
		return nil, err
	}
	values := make([]syntax.Value, len(s.entries))
	for i, e := range s.entries {
		if e.Path == "sops/mac" {
			return nil, syntax.Signed(body, e.Start)
		}
		values[i] = e.Value
	}
	return values, nil
}

// Encode implements syntax.Grammar.
func (grammar) Encode(body []byte, v syntax.Value, text string) (string, error) {
	written, err := write(text, v.Style)
	switch {
	case err != nil:
		return "", err
	case written == "" && v.End < len(body) && isBlank(body[v.End]):
		return "", &syntax.Error{Kind: syntax.Unrepresent, Reason: "blanks stand behind the value: it cannot be made empty"}
	case written != "" && v.Start == v.End:
		written = blank(body, v.Start) + written
	}
	return written, nil
}

// blank is what belongs between the sign that ends at an offset and a value,
// where there is nothing yet.
func blank(body []byte, at int) string {
	switch {
	case body[at-1] == ':', body[at-1] == '=' && at > 1 && isBlank(body[at-2]):
		return " "
	}
	return ""
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' }
