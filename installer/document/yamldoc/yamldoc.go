package yamldoc

import (
	"encoding/json"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/yamltree"
)

// File is a parsed YAML stream.
type File struct {
	t       syntax.Text
	docs    []*yamltree.Node
	nodes   []*yamltree.Node // all, in the order of the file
	second  []fact           // of them, by another parser
	aliased map[*yamltree.Node]bool
	lines   []int // where each line starts
	json    bool  // which must stay so
}

// Open reads a stream of YAML documents to its end.
func Open(src []byte) (syntax.File, error) {
	y, err := Parse(src)
	if err != nil {
		return nil, err
	}
	return y, nil
}

// Parse is Open for packages that look at the nodes.
func Parse(src []byte) (*File, error) {
	t, err := syntax.Decode(src)
	if err != nil {
		return nil, err
	}
	if t.Wide() {
		return nil, &syntax.Error{Kind: syntax.Encoding, Line: 1, Column: 1, Reason: "YAML in UTF-16, which many readers do not take: save the file as UTF-8"}
	}
	if err := checkYAML(t.Body); err != nil {
		return nil, err
	}
	y, err := parseYAML(t)
	if err != nil {
		return nil, err
	}
	y.json = json.Valid(t.Body)
	return y, y.agreed()
}

// Text implements syntax.File.
func (y *File) Text() syntax.Text { return y.t }

// Find implements syntax.File.
func (y *File) Find(at string) (syntax.Value, error) {
	tokens, err := syntax.ParsePointer(at)
	if err != nil {
		return syntax.Value{}, err
	}
	found, err := y.node(tokens)
	if err != nil {
		return syntax.Value{}, err
	}
	if err := y.editable(found, called(tokens)); err != nil {
		return syntax.Value{}, err
	}
	v, err := y.locate(found)
	v.Path = at
	return v, err
}

func (y *File) refuse(kind syntax.Kind, n *yamltree.Node, reason string) *syntax.Error {
	return &syntax.Error{Kind: kind, Line: n.Line, Column: n.Column, Reason: reason}
}
