package yamldoc

import (
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/yamltree"
)

// node is what a pointer leads to in one of the documents.
func (y *File) node(tokens []string) (*yamltree.Node, error) {
	var found *yamltree.Node
	missing := error(y.nothing(tokens))
	for _, doc := range y.docs {
		n, err := y.lead(doc.Content[0], tokens)
		switch {
		case isNotFound(err):
			missing = err
		case err != nil:
			return nil, err
		case found != nil:
			return nil, y.refuse(syntax.Ambiguous, n, fmt.Sprintf("%s is in several documents, also in that of line %d", called(tokens), found.Line))
		default:
			found = n
		}
	}
	if found == nil {
		return nil, missing
	}
	return found, nil
}

// nothing says that a file has no value at all, and where one could be.
func (y *File) nothing(tokens []string) *syntax.Error {
	reason := "the file holds no value"
	if len(tokens) > 0 {
		reason = "no " + called(tokens) + ": " + reason
	}
	return syntax.Refuse(syntax.NotFound, y.t.Body, len(y.t.Body), reason)
}

// called is what errors call a place.
func called(tokens []string) string {
	if len(tokens) == 0 {
		return "the file"
	}
	return syntax.FormatPointer(tokens)
}

func isNotFound(err error) bool {
	var e *syntax.Error
	return errors.As(err, &e) && e.Kind == syntax.NotFound
}

// lead follows a pointer from the top of a document.
func (y *File) lead(n *yamltree.Node, tokens []string) (*yamltree.Node, error) {
	top := n
	for i, token := range tokens {
		if err := y.passable(n); err != nil {
			return nil, err
		}
		if err := y.notEncoded(n, tokens[i:]); err != nil {
			return nil, err
		}
		next, err := y.child(n, token)
		if err != nil {
			return nil, err
		}
		if next == nil {
			return nil, y.refuse(syntax.NotFound, n, fmt.Sprintf("no %s: %s is here, but not that in it", called(tokens), called(tokens[:i])))
		}
		n = next
	}
	return n, y.Foreign(top)
}

// passable refuses a way through a node that stands for several places.
func (y *File) passable(n *yamltree.Node) error {
	switch {
	case n.Kind == yamltree.Alias:
		return y.refuse(syntax.Shared, n, fmt.Sprintf("an alias: the value belongs to the anchor in line %d", n.Alias.Line))
	case y.aliased[n]:
		return y.refuse(syntax.Shared, n, "an anchor that aliases refer to: a change here would change them, too")
	case n.Kind != yamltree.Scalar && n.Style&yamltree.Tagged != 0 && n.ShortTag() != "!!map" && n.ShortTag() != "!!seq":
		return y.refuse(syntax.Tagged, n, "a tag that gives the values below a meaning of its own")
	default:
		return nil
	}
}

// child is what a token leads to within n, nil where it leads to nothing.
func (y *File) child(n *yamltree.Node, token string) (*yamltree.Node, error) {
	switch n.Kind {
	case yamltree.Sequence:
		i, err := strconv.Atoi(token)
		if err != nil || i < 0 || i >= len(n.Content) || strconv.Itoa(i) != token {
			return nil, nil //nolint:nilnil,nilerr // nothing there is an answer
		}
		return n.Content[i], nil
	case yamltree.Mapping:
		return y.member(n, token)
	default:
		return nil, nil //nolint:nilnil // nothing there is an answer
	}
}

func (y *File) member(n *yamltree.Node, name string) (*yamltree.Node, error) {
	var found, merged *yamltree.Node
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		switch {
		case key.Kind == yamltree.Alias && key.Alias.Value == name:
			return nil, y.refuse(syntax.Shared, key, "the key is an alias")
		case key.Kind != yamltree.Scalar:
		case key.ShortTag() == "!!merge" && inMerge(value, name, map[*yamltree.Node]bool{}):
			merged = key
		case key.Value != name:
		case found != nil:
			return nil, y.refuse(syntax.Ambiguous, key, fmt.Sprintf("the key is there twice, also in line %d", found.Line))
		case y.questioned(key):
			return nil, y.refuse(syntax.ParserDiffer, key, "a question mark right before the key: readers differ on whether it belongs to the key")
		default:
			found = value
		}
	}
	return found, y.unlessMerged(found, merged)
}

// unlessMerged refuses a value that only a merge key brings in.
func (y *File) unlessMerged(found, merged *yamltree.Node) error {
	if found == nil && merged != nil {
		return y.refuse(syntax.Shared, merged, "the value comes in through a merge key: change it where it is written")
	}
	return nil
}

func (y *File) questioned(key *yamltree.Node) bool {
	i := y.offset(key)
	return i > 0 && y.t.Body[i-1] == '?'
}

// inMerge reports whether a merge brings in a key. Merges within merges count
// as bringing in everything. What was seen once is not looked at again.
func inMerge(n *yamltree.Node, name string, seen map[*yamltree.Node]bool) bool {
	if n.Kind == yamltree.Alias {
		n = n.Alias
	}
	if seen[n] {
		return false
	}
	seen[n] = true
	if n.Kind == yamltree.Sequence {
		return slices.ContainsFunc(n.Content, func(item *yamltree.Node) bool { return inMerge(item, name, seen) })
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if key := n.Content[i]; key.Value == name || key.ShortTag() == "!!merge" {
			return true
		}
	}
	return false
}
