package yamldoc

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/yamltree"
)

// File is a parsed YAML stream.
type File struct {
	t       syntax.Text
	docs    []*yamltree.Node
	nodes   []*yamltree.Node // all, in the order of the file
	aliased map[*yamltree.Node]bool
	lines   []int // where each line starts
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
		return nil, &syntax.Error{Kind: syntax.Encoding, Line: 1, Column: 1, Reason: "YAML in UTF-16 is not supported: save the file as UTF-8"}
	}
	if err := checkYAML(t.Body); err != nil {
		return nil, err
	}
	y, err := parseYAML(t)
	if err != nil {
		return nil, err
	}
	return y, y.agreed()
}

// checkYAML refuses what YAML 1.1, YAML 1.2 and editors read in different ways.
func checkYAML(body []byte) error {
	for _, bad := range []struct {
		text, reason string
		kind         syntax.Kind
	}{
		{syntax.MarkUTF8, "a byte order mark within the file", syntax.Encoding},
		{"\u0085", "a line end of YAML 1.1 (NEL): readers differ on where the line ends", syntax.ParserDiffer},
		{"\u2028", "a line separator: readers differ on where the line ends", syntax.ParserDiffer},
		{"\u2029", "a paragraph separator: readers differ on where the line ends", syntax.ParserDiffer},
		{"ENC[AES256_GCM", "the file holds encrypted values: change it with the program that encrypted it", syntax.Encrypted},
	} {
		if i := bytes.Index(body, []byte(bad.text)); i >= 0 {
			return syntax.Refuse(bad.kind, body, i, bad.reason)
		}
	}
	for i := bytes.IndexByte(body, '\r'); i >= 0; {
		if i+1 >= len(body) || body[i+1] != '\n' {
			return syntax.Refuse(syntax.ParserDiffer, body, i, "a carriage return that ends no line: readers differ on it")
		}
		next := bytes.IndexByte(body[i+1:], '\r')
		if next < 0 {
			break
		}
		i += 1 + next
	}
	return nil
}

func parseYAML(t syntax.Text) (*File, error) {
	docs, err := yamltree.Parse(asVersion11(t.Body))
	if err != nil {
		return nil, notRead(t.Body, err)
	}
	y := &File{t: t, docs: docs, aliased: map[*yamltree.Node]bool{}, lines: []int{0}}
	for i, c := range t.Body {
		if c == '\n' {
			y.lines = append(y.lines, i+1)
		}
	}
	todo := make([]*yamltree.Node, 0, len(docs))
	for i := len(docs) - 1; i >= 0; i-- {
		todo = append(todo, docs[i])
	}
	for len(todo) > 0 {
		n := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		y.nodes = append(y.nodes, n)
		if n.Kind == yamltree.Alias {
			y.aliased[n.Alias] = true
		}
		for i := len(n.Content) - 1; i >= 0; i-- {
			todo = append(todo, n.Content[i])
		}
	}
	return y, nil
}

// notRead tells what the second parser reads from what is no YAML.
func notRead(body []byte, err error) error {
	e := &syntax.Error{Kind: syntax.Syntax, Reason: "not valid YAML"}
	var at *yamltree.Error
	if errors.As(err, &at) {
		e.Line, e.Column, e.Reason = at.Line, at.Column, at.Reason
	}
	if _, err := secondFacts(body); err == nil {
		e.Kind, e.Reason = syntax.Unsupported, "YAML that not every reader takes, such as the escape \\/ or a tab: write it in a simpler way"
	}
	return e
}

// asVersion11 is a body that starts with a %YAML directive which the parsers
// take. What YAML 1.2 resolves otherwise is not a matter of a directive to them.
func asVersion11(body []byte) []byte {
	const newer = "%YAML 1.2"
	for i := 0; i < len(body); i += lineLength(body[i:]) + 1 {
		switch {
		case bytes.HasPrefix(body[i:], []byte(newer)):
			out := bytes.Clone(body)
			out[i+len(newer)-1] = '1'
			return out
		case body[i] != '#' && lineLength(body[i:]) > 0:
			return body
		}
	}
	return body
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
	if err := y.editable(found, syntax.FormatPointer(tokens)); err != nil {
		return syntax.Value{}, err
	}
	v, err := y.locate(found)
	v.Path = at
	return v, err
}

// node is what a pointer leads to in one of the documents.
func (y *File) node(tokens []string) (*yamltree.Node, error) {
	var found *yamltree.Node
	missing := error(&syntax.Error{Kind: syntax.NotFound, Reason: "no " + syntax.FormatPointer(tokens) + ": the file is empty"})
	for _, doc := range y.docs {
		n, err := y.lead(doc.Content[0], tokens)
		switch {
		case isNotFound(err):
			missing = err
		case err != nil:
			return nil, err
		case found != nil:
			return nil, y.refuse(syntax.Ambiguous, n, fmt.Sprintf("%s is there twice, also in the document of line %d", syntax.FormatPointer(tokens), found.Line))
		default:
			found = n
		}
	}
	if found == nil {
		return nil, missing
	}
	return found, nil
}

func isNotFound(err error) bool {
	var e *syntax.Error
	return errors.As(err, &e) && e.Kind == syntax.NotFound
}

// lead follows a pointer from the top of a document.
func (y *File) lead(n *yamltree.Node, tokens []string) (*yamltree.Node, error) {
	if err := y.Foreign(n); err != nil {
		return nil, err
	}
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
			where := "the file"
			if i > 0 {
				where = syntax.FormatPointer(tokens[:i])
			}
			return nil, y.refuse(syntax.NotFound, n, fmt.Sprintf("no %s: %s is here, but not that in it", syntax.FormatPointer(tokens), where))
		}
		n = next
	}
	return n, nil
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
		case key.ShortTag() == "!!merge" && inMerge(value, name):
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
// as bringing in everything.
func inMerge(n *yamltree.Node, name string) bool {
	if n.Kind == yamltree.Alias {
		n = n.Alias
	}
	if n.Kind == yamltree.Sequence {
		for _, item := range n.Content {
			if item.Kind != yamltree.Sequence && inMerge(item, name) {
				return true
			}
		}
		return false
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if key := n.Content[i]; key.Value == name || key.ShortTag() == "!!merge" {
			return true
		}
	}
	return false
}

func (y *File) refuse(kind syntax.Kind, n *yamltree.Node, reason string) *syntax.Error {
	return &syntax.Error{Kind: kind, Line: n.Line, Column: n.Column, Reason: reason}
}
