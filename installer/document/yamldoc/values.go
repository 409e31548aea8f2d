package yamldoc

import (
	"slices"
	"strconv"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/yamltree"
)

// Values implements syntax.Lister: scalars that are written where they are read.
// Aliases and what merge keys bring in are left out.
func (y *File) Values() ([]syntax.Value, error) {
	var all []syntax.Value
	for _, doc := range y.docs {
		all = below(all, doc.Content[0], nil)
	}
	return all, nil
}

func below(all []syntax.Value, n *yamltree.Node, way []string) []syntax.Value {
	if len(way) > syntax.ListedDepth {
		return all
	}
	switch n.Kind {
	case yamltree.Scalar:
		all = append(all, syntax.Value{Path: syntax.FormatPointer(way), Text: n.Value})
	case yamltree.Sequence:
		for i, item := range n.Content {
			all = below(all, item, append(slices.Clip(way), strconv.Itoa(i)))
		}
	case yamltree.Mapping:
		for i := 0; i+1 < len(n.Content); i += 2 {
			if key := n.Content[i]; key.Kind == yamltree.Scalar && key.ShortTag() != "!!merge" {
				all = below(all, n.Content[i+1], append(slices.Clip(way), key.Value))
			}
		}
	case yamltree.Document, yamltree.Alias:
	}
	return all
}
