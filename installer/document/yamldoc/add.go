package yamldoc

import (
	"bytes"
	"regexp"
	"slices"
	"strings"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/yamltree"
)

var plainKey = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_./-]*$`)

// Add puts an entry behind the last one of a mapping that is there, or below a
// key that has no value.
func (y *File) Add(at, text string) (syntax.Edit, error) {
	if err := y.absent(at); err != nil {
		return syntax.Edit{}, err
	}
	parent, name, err := y.parent(at)
	if err != nil {
		return syntax.Edit{}, err
	}
	e, err := y.AddTo(parent, name, text)
	e.Old.Path = at
	return e, err
}

// AddTo is the edit after which a mapping, or a key without a value, has one
// entry more.
func (y *File) AddTo(parent *yamltree.Node, name, text string) (syntax.Edit, error) {
	if err := Representable(text); err != nil {
		return syntax.Edit{}, err
	}
	var s syntax.Splice
	var err error
	switch {
	case parent.Kind == yamltree.Scalar:
		s, err = y.below(parent, name, text)
	case parent.Style&yamltree.Flow != 0:
		s, err = y.within(parent, name, text)
	default:
		s, err = y.behind(parent, name, text)
	}
	old := syntax.Value{Ordinal: slices.Index(y.nodes, parent), Text: name}
	return syntax.Edit{Splices: []syntax.Splice{s}, Old: old, Text: text, Added: true}, err
}

// absent refuses a place that is there, and a way to it that cannot be gone.
func (y *File) absent(at string) error {
	tokens, err := syntax.ParsePointer(at)
	if err != nil {
		return err
	}
	for _, doc := range y.docs {
		n, err := y.lead(doc.Content[0], tokens)
		switch {
		case err == nil:
			return y.refuse(syntax.Present, n, syntax.FormatPointer(tokens)+" is there")
		case !isNotFound(err):
			return err
		}
	}
	return nil
}

// parent is the mapping, or the key without a value, that a place would be in.
func (y *File) parent(at string) (n *yamltree.Node, name string, err error) {
	tokens, err := syntax.ParsePointer(at)
	if err != nil {
		return nil, "", err
	}
	if len(tokens) == 0 {
		return nil, "", &syntax.Error{Kind: syntax.Unsupported, Reason: "the whole file is no place that can be added"}
	}
	around, name := tokens[:len(tokens)-1], tokens[len(tokens)-1]
	if n, err = y.node(around); err != nil {
		return nil, "", err
	}
	if err := y.passable(n); err != nil {
		return nil, "", err
	}
	if n.Kind == yamltree.Mapping || n.Kind == yamltree.Scalar && isEmpty(n) && len(around) > 0 && y.emptyEditable(n, at) == nil {
		return n, name, nil
	}
	return nil, "", y.refuse(syntax.Unsupported, n, syntax.FormatPointer(around)+" is no mapping: only a mapping can be added to")
}

// behind is an entry on a line of its own.
func (y *File) behind(parent *yamltree.Node, name, text string) (syntax.Splice, error) {
	key := parent.Content[len(parent.Content)-2]
	at, err := y.lineBehind(parent)
	if err != nil {
		return syntax.Splice{}, err
	}
	entry := strings.Repeat(" ", key.Column-1) + y.entry(parent, name, text)
	if at > 0 && y.t.Body[at-1] == '\n' {
		return syntax.Splice{Start: at, End: at, Text: entry + y.lineEnd()}, nil
	}
	return syntax.Splice{Start: at, End: at, Text: y.lineEnd() + entry}, nil
}

// below is the only entry below a key without a value.
func (y *File) below(parent *yamltree.Node, name, text string) (syntax.Splice, error) {
	around, key := y.entryOf(parent)
	if around == nil || around.Style&yamltree.Flow != 0 {
		return syntax.Splice{}, y.refuse(syntax.Unsupported, parent, "the place is empty in a way that leaves no sure place for an entry")
	}
	at := y.offset(parent)
	at += lineLength(y.t.Body[at:])
	entry := strings.Repeat(" ", key.Column-1+y.step()) + y.entry(nil, name, text)
	return syntax.Splice{Start: at, End: at, Text: y.lineEnd() + entry}, nil
}

// entryOf is the mapping that a value is in, and its key.
func (y *File) entryOf(value *yamltree.Node) (around, key *yamltree.Node) {
	for _, n := range y.nodes {
		for i := 1; n.Kind == yamltree.Mapping && i < len(n.Content); i += 2 {
			if n.Content[i] == value {
				return n, n.Content[i-1]
			}
		}
	}
	return nil, nil
}

// within is an entry between braces.
func (y *File) within(parent *yamltree.Node, name, text string) (syntax.Splice, error) {
	if len(parent.Content) == 0 {
		at := skipProperties(y.t.Body, y.offset(parent)) + 1
		return syntax.Splice{Start: at, End: at, Text: y.entry(parent, name, text)}, nil
	}
	at, err := y.end(parent.Content[len(parent.Content)-1])
	if err != nil {
		return syntax.Splice{}, err
	}
	entry := ", " + y.entry(parent, name, text)
	if rest := bytes.TrimLeft(y.t.Body[at:], " \t\r\n"); bytes.HasPrefix(rest, []byte(",")) {
		at = len(y.t.Body) - len(rest) + 1
		entry = entry[1:] + ","
	}
	return syntax.Splice{Start: at, End: at, Text: entry}, nil
}

// entry is key and value in the manner of the last entry.
func (y *File) entry(parent *yamltree.Node, name, text string) string {
	value := syntax.Value{Style: plain}
	key := quoteYAML(name)
	quotedKey := false
	if parent != nil && len(parent.Content) > 0 {
		last := parent.Content[len(parent.Content)-2:]
		quotedKey = last[0].Style&yamltree.DoubleQuoted != 0
		switch {
		case last[1].Style&yamltree.DoubleQuoted != 0:
			value.Style = doubleQuoted
		case last[1].Style&yamltree.SingleQuoted != 0:
			value.Style = singleQuoted
		}
	}
	if !quotedKey && plainKey.MatchString(name) && !plainWords.MatchString(name) && len(name) > 1 {
		key = name
	}
	return key + ": " + y.encode(value, text)
}

// lineBehind is the end of the line in which a block mapping ends, or the start
// of the next one where blank lines belong to its last value.
func (y *File) lineBehind(parent *yamltree.Node) (int, error) {
	last := parent
	for len(last.Content) > 0 && last.Style&yamltree.Flow == 0 {
		last = last.Content[len(last.Content)-1]
	}
	at, err := y.end(last)
	if err != nil {
		return 0, err
	}
	rest := y.t.Body[at : at+lineLength(y.t.Body[at:])]
	if text := bytes.TrimLeft(rest, " \t"); len(text) > 0 && (text[0] != '#' || len(text) == len(rest)) {
		return 0, y.refuse(syntax.Unsupported, last, "something else follows on the line of the last entry")
	}
	at += len(rest)
	if last.Style&(yamltree.Literal|yamltree.Folded) == 0 {
		return at, nil
	}
	h, _ := parseHeader(y.t.Body[skipProperties(y.t.Body, y.offset(last)):])
	if h.chomp != "-" && at == len(y.t.Body) {
		return 0, y.refuse(syntax.Unsupported, last, "the file ends within the last value, whose meaning a line end would change: end the file with one")
	}
	if h.chomp != "+" {
		return at, nil
	}
	next := len(y.t.Body) - len(bytes.TrimLeft(y.t.Body[at:], " \t\r\n"))
	return bytes.LastIndexByte(y.t.Body[:next], '\n') + 1, nil
}

// end is where the text of a node ends.
func (y *File) end(n *yamltree.Node) (int, error) {
	switch {
	case n.Kind == yamltree.Alias:
		return y.offset(n) + len("*") + len(n.Value), nil
	case n.Kind == yamltree.Scalar:
		v, err := y.locate(n)
		return v.End, err
	case n.Style&yamltree.Flow == 0:
		return y.end(n.Content[len(n.Content)-1])
	}
	at := skipProperties(y.t.Body, y.offset(n)) + 1
	if len(n.Content) > 0 {
		var err error
		if at, err = y.end(n.Content[len(n.Content)-1]); err != nil {
			return 0, err
		}
	}
	for at < len(y.t.Body) {
		switch c := y.t.Body[at]; c {
		case ']', '}':
			return at + 1, nil
		case '#':
			at += lineLength(y.t.Body[at:])
		default:
			at++
		}
	}
	return 0, y.refuse(syntax.ParserDiffer, n, "the end of the brackets could not be found with certainty")
}

// lineEnd is how the file's first line ends.
func (y *File) lineEnd() string {
	if i := bytes.IndexByte(y.t.Body, '\n'); i > 0 && y.t.Body[i-1] == '\r' {
		return "\r\n"
	}
	return "\n"
}

// step is by how much the file indents: what the first nested mapping has.
func (y *File) step() int {
	for _, n := range y.nodes {
		for i := 1; n.Kind == yamltree.Mapping && n.Style&yamltree.Flow == 0 && i < len(n.Content); i += 2 {
			key, value := n.Content[i-1], n.Content[i]
			if value.Kind == yamltree.Mapping && value.Style&yamltree.Flow == 0 && value.Line > key.Line {
				return value.Column - key.Column
			}
		}
	}
	return 2
}
