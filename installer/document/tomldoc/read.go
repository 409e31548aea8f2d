package tomldoc

import (
	"bytes"
	"errors"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
)

// maxDepth is the nesting that is read. The second parser needs memory in
// proportion to a key's depth for each key.
const maxDepth = 1000

// What all paths together may take: so many bytes, and so many times the file.
const (
	pathBytes = 16 << 20
	pathTimes = 16
)

// reader reads a body.
type reader struct {
	parser unstable.Parser
	body   []byte
	root   *node
	table  *node // of the last header
	first  int   // where the name in the first header is, -1 where there is none
	end    int   // of what was read last
	room   int   // that is left for paths
	values []syntax.Value
	leaf   *node
	no     *syntax.Error // for all that is no string
}

func read(body []byte) (*reader, error) {
	root := &node{kind: header}
	r := &reader{
		body: body, root: root, table: root, first: -1, room: pathBytes + pathTimes*len(body), leaf: &node{},
		no: &syntax.Error{Kind: syntax.NotString, Reason: "the value is no string"},
	}
	r.parser.Reset(body)
	for r.parser.NextExpression() {
		e := r.parser.Expression()
		var err error
		if e.Kind == unstable.KeyValue {
			err = r.pair(r.table, e)
		} else {
			err = r.header(e)
		}
		if err != nil {
			return r, err
		}
	}
	return r, r.mistake()
}

// mistake is where the parser had to stop. Its own words may quote the file.
func (r *reader) mistake() error {
	err := r.parser.Error()
	if err == nil {
		return nil
	}
	var mistake *unstable.ParserError
	if !errors.As(err, &mistake) {
		return &syntax.Error{Kind: syntax.Syntax, Reason: "not valid TOML"}
	}
	at := min(max(cap(r.body)-cap(mistake.Highlight), 0), len(r.body))
	if strings.Contains(mistake.Message, "nested") {
		return r.tooDeep(at)
	}
	return syntax.Refuse(syntax.Syntax, r.body, at, "not valid TOML")
}

func (r *reader) tooDeep(at int) error {
	return syntax.Refuse(syntax.Unsupported, r.body, at, "nested too deep")
}

// header reads [table] or [[tables]].
func (r *reader) header(e *unstable.Node) error {
	at := r.root
	for it := e.Key(); it.Next(); {
		key := it.Node()
		if r.first < 0 {
			r.first = int(key.Raw.Offset)
		}
		var err error
		switch {
		case !it.IsLast():
			at, err = r.through(at, key)
		case e.Kind == unstable.Table:
			at, err = r.declare(at, key)
		default:
			at, err = r.next(at, key)
		}
		if err != nil {
			return err
		}
		r.end = end(key)
	}
	at.open = r.end
	r.table = at
	return nil
}

// through is the table that a part of a header names that is not the last.
func (r *reader) through(at *node, key *unstable.Node) (*node, error) {
	child, ok := at.children[string(key.Data)]
	switch {
	case !ok:
		return r.create(at, key, super)
	case child.kind == tables:
		return child.elements[len(child.elements)-1], nil
	case child.kind == header || child.kind == super || child.kind == dotted:
		return child, nil
	}
	return nil, r.twice(key)
}

// declare is the table that the last part of a [header] defines.
func (r *reader) declare(at *node, key *unstable.Node) (*node, error) {
	child, ok := at.children[string(key.Data)]
	switch {
	case !ok:
		return r.create(at, key, header)
	case child.kind == super:
		child.kind = header
		return child, nil
	}
	return nil, r.twice(key)
}

// next is the element that the last part of a [[header]] begins.
func (r *reader) next(at *node, key *unstable.Node) (*node, error) {
	list, ok := at.children[string(key.Data)]
	if !ok {
		var err error
		if list, err = r.create(at, key, tables); err != nil {
			return nil, err
		}
	}
	if list.kind != tables {
		return nil, r.twice(key)
	}
	element, err := r.container(list, strconv.Itoa(len(list.elements)), header, int(key.Raw.Offset))
	list.elements = append(list.elements, element)
	return element, err
}

// pair reads a key and its value.
func (r *reader) pair(at *node, e *unstable.Node) error {
	own := pair{start: int(e.Raw.Offset), end: end(e)}
	inline := at.inline
	var ways []*node
	for it := e.Key(); it.Next(); {
		key := it.Node()
		r.end = end(key)
		child, ok := at.children[string(key.Data)]
		ways = append(ways, at)
		switch {
		case it.IsLast() && ok, ok && child.kind != dotted:
			return r.twice(key)
		case it.IsLast():
			own.name = r.end
			child, err := r.value(at, string(key.Data), e.Value())
			if err != nil {
				return err
			}
			at.put(string(key.Data), child)
		case !ok:
			var err error
			if child, err = r.create(at, key, dotted); err != nil {
				return err
			}
			child.inline = inline
			fallthrough
		default:
			at, child.stem = child, end(key)
		}
	}
	for _, n := range ways {
		n.last = own
	}
	r.end = own.end
	return nil
}

// value reads the value that a table or array holds under a name.
func (r *reader) value(at *node, name string, v *unstable.Node) (*node, error) {
	if v.Kind == unstable.Array {
		n, err := r.container(at, name, array, r.bracket())
		for it := v.Children(); err == nil && it.Next(); {
			var child *node
			child, err = r.value(n, strconv.Itoa(len(n.elements)), it.Node())
			n.elements = append(n.elements, child)
		}
		return n, err
	}
	if v.Kind == unstable.InlineTable {
		n, err := r.container(at, name, braces, int(v.Raw.Offset))
		n.inline, n.open = true, end(v)
		r.end = n.open
		for it := v.Children(); err == nil && it.Next(); {
			err = r.pair(n, it.Node())
		}
		return n, err
	}
	return r.leaf, r.scalar(at, name, v)
}

func (r *reader) scalar(at *node, name string, v *unstable.Node) error {
	raw := r.parser.Raw(v.Raw)
	found := syntax.Value{Path: join(at.path, name), Start: int(v.Raw.Offset), End: end(v), Text: string(raw), Refusal: r.no}
	if v.Kind == unstable.String {
		found.Text, found.Style, found.Refusal = string(v.Data), style(raw), syntax.Decrypted(string(v.Data))
	}
	r.end = found.End
	return r.add(found)
}

// bracket is where the array begins that comes next: the parser does not say it.
// Only signs, blanks and comments are before it.
func (r *reader) bracket() int {
	for ; r.body[r.end] != '['; r.end++ {
		if r.body[r.end] == '#' {
			r.end += bytes.IndexByte(r.body[r.end:], '\n')
		}
	}
	r.end++
	return r.end - 1
}

func style(raw []byte) syntax.Style {
	switch s := string(raw[:min(3, len(raw))]); {
	case s == `"""`:
		return basicLines
	case s == `'''`:
		return literalLines
	case s[0] == '\'':
		return literal
	}
	return basic
}

// create is a new table or array that a part of a key names.
func (r *reader) create(at *node, key *unstable.Node, kind kind) (*node, error) {
	n, err := r.container(at, string(key.Data), kind, int(key.Raw.Offset))
	at.put(string(key.Data), n)
	return n, err
}

// container is a new table or array.
func (r *reader) container(at *node, name string, kind kind, place int) (*node, error) {
	n := &node{kind: kind, path: join(at.path, name), depth: at.depth + 1}
	if n.depth > maxDepth {
		return n, r.tooDeep(place)
	}
	return n, r.add(syntax.Value{Path: n.path, Start: place, End: place, Refusal: r.no})
}

func (r *reader) add(v syntax.Value) error {
	if r.room -= len(v.Path); r.room < 0 {
		return syntax.Refuse(syntax.Unsupported, r.body, v.Start, "the paths of the values take many times the size of the file")
	}
	r.values = append(r.values, v)
	return nil
}

func (r *reader) twice(key *unstable.Node) error {
	return syntax.Refuse(syntax.Ambiguous, r.body, int(key.Raw.Offset), "a key or table is there twice")
}

func end(n *unstable.Node) int { return int(n.Raw.Offset) + int(n.Raw.Length) }
