package yamldoc

import (
	"bytes"
	"errors"
	"io"

	"go.yaml.in/yaml/v4"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/yamltree"
)

// fact is a node as a parser sees it, without its place.
type fact struct {
	kind   uint32
	tag    string // what it was resolved to
	value  string
	anchor string
	length int // of a collection: its nodes
}

// facts are the nodes in the order of the file.
func (y *File) facts() []fact {
	all := make([]fact, 0, len(y.nodes))
	for _, n := range y.nodes {
		all = append(all, fact{uint32(n.Kind), n.ShortTag(), n.Value, n.Anchor, len(n.Content)})
	}
	return all
}

// secondFacts are the nodes as the second parser sees them, as many as expected
// or not.
func secondFacts(body []byte, expected int) (all []fact, err error) {
	defer func() {
		if recover() != nil { // a text is never worth a crash
			all, err = nil, errors.New("not valid YAML")
		}
	}()
	all = make([]fact, 0, expected)
	decoder := yaml.NewDecoder(bytes.NewReader(asVersion11(body)))
	for {
		var doc yaml.Node
		err := decoder.Decode(&doc)
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return nil, mistake(body, err)
		}
		for todo := []*yaml.Node{&doc}; len(todo) > 0; {
			n := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			all = append(all, fact{uint32(n.Kind), n.ShortTag(), n.Value, n.Anchor, len(n.Content)})
			for i := len(n.Content) - 1; i >= 0; i-- {
				todo = append(todo, n.Content[i])
			}
		}
	}
}

// mistake is where the second parser had to stop. Its own words may quote a value.
func mistake(body []byte, err error) error {
	e := syntax.Reason(syntax.Syntax, "not valid YAML")
	var stopped *yaml.LoadError
	if errors.As(err, &stopped) && stopped.Mark.Line > 0 {
		e.Line, e.Column = stopped.Mark.Line, stopped.Mark.Column
		if line, column := syntax.Place(body, len(bytes.TrimRight(body, "\r\n"))); e.Line > line {
			e.Line, e.Column = line, column
		}
	}
	return e
}

// agreed refuses a file in which two parsers see different things, and keeps what
// the second one sees.
func (y *File) agreed() error {
	second, err := secondFacts(y.t.Body, len(y.nodes))
	if err != nil {
		return &syntax.Error{Kind: syntax.ParserDiffer, Reason: "a second parser does not accept the file: it cannot be edited safely"}
	}
	first := y.facts()
	places := cursor{file: y}
	for i := range min(len(first), len(second)) {
		if !y.sameFact(&places, y.nodes[i], first[i], second[i]) {
			return y.refuse(syntax.ParserDiffer, y.nodes[i], "a second parser reads something else here: it cannot be edited safely")
		}
	}
	if len(first) != len(second) {
		return &syntax.Error{Kind: syntax.ParserDiffer, Reason: "a second parser reads more or less in the file: it cannot be edited safely"}
	}
	y.second = second
	return nil
}

// sameFact compares what the parsers see in one node. They may differ on which
// number it is, as for -0, and on the tag !, with which nothing is changed.
func (y *File) sameFact(places *cursor, n *yamltree.Node, a, b fact) bool {
	if a.tag != b.tag && (isNumber(a.tag) && isNumber(b.tag) || y.hasBareTag(places.offset(n))) {
		a.tag = b.tag
	}
	return a == b
}

func isNumber(tag string) bool { return tag == "!!int" || tag == "!!float" }
