package yamldoc

import (
	"bytes"
	"strings"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/yamltree"
)

// within is an entry between braces, on a line of its own where the last one has
// one.
func (y *File) within(parent *yamltree.Node, name, text string) ([]syntax.Splice, error) {
	at, braced := y.bracket(parent)
	m := y.manner(parent)
	switch {
	case !braced:
		return nil, y.refuse(syntax.Unsupported, parent, "a pair without braces: another one would be an element of its own")
	case len(parent.Content) == 0:
		return insertion(at, y.entry(m, name, text)), nil
	}
	key, value := parent.Content[len(parent.Content)-2], parent.Content[len(parent.Content)-1]
	if isEmpty(value) {
		return nil, y.refuse(syntax.Unsupported, key, "the last entry has no value, which leaves no sure place behind it")
	}
	end, err := y.end(value)
	if err != nil {
		return nil, err
	}
	if m.quotedKeys {
		m.colon = y.colon(key, value)
	}
	comma := end
	rest := bytes.TrimLeft(y.t.Body[end:], " \t\r\n")
	trailing := bytes.HasPrefix(rest, []byte(","))
	if trailing {
		comma = len(y.t.Body) - len(rest) + len(",")
	}
	at, before := y.separated(key, comma)
	if before == " " && m.colon == ":" {
		before = ""
	}
	entry := before + y.entry(m, name, text)
	switch {
	case trailing:
		return insertion(at, entry+","), nil
	case at == comma:
		return insertion(at, ","+entry), nil
	}
	return append(insertion(comma, ","), insertion(at, entry)...), nil
}

// separated is where an entry goes that follows a comma, and what comes before
// it.
func (y *File) separated(key *yamltree.Node, comma int) (at int, before string) {
	start := y.offset(key)
	indent := y.t.Body[y.lines[key.Line-1]:start]
	if len(bytes.TrimLeft(indent, " \t")) > 0 {
		return comma, " "
	}
	line := y.t.Body[comma : comma+lineLength(y.t.Body[comma:])]
	if text := bytes.TrimLeft(line, " \t"); len(text) == 0 || text[0] == '#' {
		comma += len(line)
	}
	return comma, y.lineEnd(max(0, y.lines[key.Line-1]-1)) + string(indent)
}

// colon is what lies between a key and its value, as far as an entry can have
// the same.
func (y *File) colon(key, value *yamltree.Node) string {
	end, err := y.end(key)
	if start := y.offset(value); err == nil && end < start {
		if colon := string(y.t.Body[end:start]); colon == ":" || strings.Trim(colon, " ") == ":" && strings.HasSuffix(colon, " ") {
			return colon
		}
	}
	return ": "
}
