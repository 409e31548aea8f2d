package yamldoc

import (
	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/yamltree"
)

// Tops are the top values of the documents.
func (y *File) Tops() []*yamltree.Node {
	var tops []*yamltree.Node
	for _, doc := range y.docs {
		tops = append(tops, doc.Content[0])
	}
	return tops
}

// Member is the value of a key, nil where the mapping has none. A way that
// stands for several places is refused.
func (y *File) Member(n *yamltree.Node, name string) (*yamltree.Node, error) {
	if err := y.passable(n); err != nil {
		return nil, err
	}
	return y.child(n, name)
}

// Scalar is a node as a value that can be replaced; at is what errors call it.
func (y *File) Scalar(n *yamltree.Node, at string) (syntax.Value, error) {
	if err := y.editable(n, at); err != nil {
		return syntax.Value{}, err
	}
	return y.locate(n)
}

// Refuse is a refusal for what a node is.
func (y *File) Refuse(kind syntax.Kind, n *yamltree.Node, reason string) *syntax.Error {
	return y.refuse(kind, n, reason)
}

// InBlock turns splices of what a literal block means into splices of the body,
// so that nothing but them changes. It is not ok where v is no such block.
func (y *File) InBlock(v syntax.Value, splices []syntax.Splice) ([]syntax.Splice, bool) {
	if v.Style != block || y.t.Body[v.Start] != '|' {
		return nil, false
	}
	b := y.blockOf(v)
	var all []syntax.Splice
	for _, s := range splices {
		moved, ok := b.splice(s)
		if !ok {
			return nil, false
		}
		all = append(all, moved)
	}
	return all, true
}
