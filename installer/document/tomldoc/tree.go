package tomldoc

import (
	"strconv"
	"strings"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
)

// kind is how a table or array came to be, which decides on what may be added
// to it.
type kind uint8

const (
	leaf   kind = iota // no container
	header             // [table], an element of [[tables]], the whole file
	super              // only named in the header of a table within it
	dotted             // named by a dotted key
	braces             // {}
	tables             // [[tables]]
	array              // []
)

// node is a table or array.
type node struct {
	kind     kind
	path     string
	depth    int
	children map[string]*node // of a table
	elements []*node          // of tables and array
	inline   bool             // within braces
	open     int              // header: behind its name; braces: behind the {
	last     pair             // the last key of its own, end 0 where there is none
	stem     int              // dotted: where its name ends in the last key
}

// pair is where a key and its value are.
type pair struct {
	start, name int // where the key begins and ends
	end         int // of the value
}

// join is where a value is within a table or array.
func join(path, token string) string {
	if strings.ContainsAny(token, "~/") {
		return path + syntax.FormatPointer([]string{token})
	}
	return path + "/" + token
}

// find is the table or array at the end of a way, nil where there is none.
func (n *node) find(tokens []string) *node {
	for _, t := range tokens {
		switch {
		case n == nil:
			return nil
		case n.kind == tables || n.kind == array:
			n = n.element(t)
		default:
			n = n.children[t]
		}
	}
	return n
}

func (n *node) element(token string) *node {
	i, err := strconv.Atoi(token)
	if err != nil || i < 0 || i >= len(n.elements) || strconv.Itoa(i) != token {
		return nil
	}
	return n.elements[i]
}

// put notes what a name of a table is.
func (n *node) put(name string, child *node) {
	if n.children == nil {
		n.children = map[string]*node{}
	}
	n.children[name] = child
}
