package yamldoc

import (
	"bytes"
	"slices"
	"strings"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/yamltree"
)

// Add puts an entry behind the last one of a mapping that is there, or below a
// key that has no value; it is all of a file that has none.
func (y *File) Add(at, text string) (syntax.Edit, error) {
	if err := y.absent(at); err != nil {
		return syntax.Edit{}, err
	}
	if tokens, err := syntax.ParsePointer(at); err == nil && len(tokens) == 1 && len(y.docs) == 0 {
		name := tokens[0]
		old := syntax.Value{Path: at, Ordinal: none, Text: name}
		return syntax.Edit{Splices: y.first(name, text), Old: old, Text: text, Added: true}, Representable(text)
	}
	parent, name, err := y.parent(at)
	if err != nil {
		return syntax.Edit{}, err
	}
	e, err := y.AddTo(parent, name, text)
	e.Old.Path = at
	return e, err
}

// none is the ordinal of the mapping that a file without a value has not.
const none = -1

// AddTo is the edit after which a mapping, or a key without a value, has one
// entry more.
func (y *File) AddTo(parent *yamltree.Node, name, text string) (syntax.Edit, error) {
	if err := y.extensible(parent); err != nil {
		return syntax.Edit{}, err
	}
	if err := Representable(text); err != nil {
		return syntax.Edit{}, err
	}
	var splices []syntax.Splice
	var err error
	switch {
	case parent.Kind == yamltree.Scalar:
		splices, err = y.below(parent, name, text)
	case parent.Style&yamltree.Flow != 0:
		splices, err = y.within(parent, name, text)
	default:
		splices, err = y.behind(parent, name, text)
	}
	old := syntax.Value{Ordinal: slices.Index(y.nodes, parent), Text: name}
	return syntax.Edit{Splices: splices, Old: old, Text: text, Added: true}, err
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
			return y.refuse(syntax.Present, n, called(tokens)+" is there")
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
	if n.Kind == yamltree.Scalar && len(around) == 0 {
		return nil, "", y.refuse(syntax.Unsupported, n, "the file is no mapping: only a mapping can be added to")
	}
	return n, name, nil
}

// extensible refuses what is no mapping of its own and no key without a value.
func (y *File) extensible(n *yamltree.Node) error {
	if err := y.passable(n); err != nil {
		return err
	}
	if n.Kind == yamltree.Mapping || n.Kind == yamltree.Scalar && isEmpty(n) && y.emptyEditable(n, "") == nil {
		return nil
	}
	return y.refuse(syntax.Unsupported, n, "only a mapping, or a key without a value, can be added to")
}

// behind is an entry on a line of its own.
func (y *File) behind(parent *yamltree.Node, name, text string) ([]syntax.Splice, error) {
	key := parent.Content[len(parent.Content)-2]
	if !y.simple(key) {
		return nil, y.refuse(syntax.Unsupported, key, "a key behind a question mark: its column does not tell where an entry begins")
	}
	at, err := y.lineBehind(parent)
	if err != nil {
		return nil, err
	}
	entry := strings.Repeat(" ", key.Column-1) + y.entry(y.manner(parent), name, text)
	if at > 0 && y.t.Body[at-1] == '\n' {
		return insertion(at, entry+y.lineEnd(at-1)), nil
	}
	return insertion(at, y.lineEnd(at)+entry), nil
}

// first is the only entry of a file without a value.
func (y *File) first(name, text string) []syntax.Splice {
	at := len(y.t.Body)
	entry := y.entry(y.manner(nil), name, text)
	if at > 0 && y.t.Body[at-1] != '\n' {
		return insertion(at, y.lineEnd(at)+entry)
	}
	return insertion(at, entry+y.lineEnd(at))
}

// below is the only entry below a key without a value.
func (y *File) below(parent *yamltree.Node, name, text string) ([]syntax.Splice, error) {
	around, key := y.entryOf(parent)
	if around == nil || around.Style&yamltree.Flow != 0 || !y.simple(key) {
		return nil, y.refuse(syntax.Unsupported, parent, "the place is empty in a way that leaves no sure place for an entry")
	}
	at := y.offset(parent)
	at += lineLength(y.t.Body[at:])
	entry := strings.Repeat(" ", key.Column-1+y.step()) + y.entry(y.manner(nil), name, text)
	return insertion(at, y.lineEnd(at)+entry), nil
}

func insertion(at int, text string) []syntax.Splice {
	return []syntax.Splice{{Start: at, End: at, Text: text}}
}

// simple reports whether a key stands at the start of its entry: its colon
// follows on the same line.
func (y *File) simple(key *yamltree.Node) bool {
	at, err := y.end(key)
	return err == nil && bytes.HasPrefix(bytes.TrimLeft(y.t.Body[at:], " \t"), []byte(":"))
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
