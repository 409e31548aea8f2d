package xmldoc

import (
	"slices"
	"strings"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
)

// keys are the attributes that name an element in .NET's configuration files.
func keys() []string { return []string{"key", "name"} }

// branch is an element with what leads to it.
type branch struct {
	name     string
	tag      []property
	parent   *branch
	index    int                  // among those of its name, from 1
	children map[string][]*branch // by name
	text     strings.Builder
	depth    int
}

// Values implements syntax.Lister: attributes, and the texts of elements that hold
// no elements. An address names an element by its attribute key or name where that
// tells it from its neighbours, else by its position where it needs one.
func (f *file) Values() ([]syntax.Value, error) {
	s := f.scanner(f.t.Body)
	top := &branch{}
	var all []*branch
	for at := top; ; {
		e, err := s.next()
		switch {
		case err != nil:
			return nil, err
		case e.kind == evEnd:
			return valuesOf(all), nil
		case e.kind == evOpen:
			at = at.child(s.charset.text(e.name.of(s.body)))
			if at.tag, _, err = s.properties(); err != nil {
				return nil, err
			}
			all = append(all, at)
		case e.kind == evClose:
			at = at.parent
		case e.isText():
			at.text.WriteString(s.meaning(e))
		}
	}
}

func (b *branch) child(name string) *branch {
	if b.children == nil {
		b.children = map[string][]*branch{}
	}
	c := &branch{name: name, parent: b, index: len(b.children[name]) + 1, depth: b.depth + 1}
	b.children[name] = append(b.children[name], c)
	return c
}

func valuesOf(all []*branch) []syntax.Value {
	var values []syntax.Value
	for _, b := range all {
		if b.depth > syntax.ListedDepth {
			continue
		}
		for _, p := range b.tag {
			if p.name == "xmlns" || strings.Contains(p.name, ":") {
				continue
			}
			values = append(values, syntax.Value{Path: b.address(p.name).String(), Text: p.value})
		}
		if b.children == nil && (len(b.tag) == 0 || strings.TrimSpace(b.text.String()) != "") {
			values = append(values, syntax.Value{Path: b.address("").String(), Text: b.text.String()})
		}
	}
	return values
}

// address leads to an attribute of the element, or to its text.
func (b *branch) address(attribute string) address {
	a := address{attribute: attribute}
	for at := b; at.parent != nil; at = at.parent {
		but := ""
		if at == b {
			but = attribute // an address does not ask for what it leads to
		}
		a.steps = append(a.steps, step{at.name, at.conditions(but)})
	}
	slices.Reverse(a.steps)
	return a
}

// conditions tell an element from its neighbours, but not by one attribute.
func (b *branch) conditions(but string) []condition {
	same := b.parent.children[b.name]
	for _, key := range keys() {
		p, there := value(b.tag, key)
		if !there || key == but || p.value == "" || strings.Contains(p.value, `"`) && strings.Contains(p.value, `'`) {
			continue
		}
		n := 0
		for _, other := range same {
			if q, ok := value(other.tag, key); ok && strings.EqualFold(q.value, p.value) {
				n++
			}
		}
		if n == 1 {
			return []condition{{attribute: key, value: p.value}}
		}
	}
	if len(same) == 1 {
		return nil
	}
	return []condition{{position: b.index}}
}

// Names are those on the way of an address that Values made: of the element, or of
// its attribute key or name where the address asks for that. The attribute value of
// such an element has no name of its own.
func Names(at string) []string {
	a, err := parse(at)
	if err != nil {
		return nil
	}
	var names []string
	keyed := false
	for _, s := range a.steps {
		name := s.name
		keyed = len(s.conditions) > 0 && slices.Contains(keys(), s.conditions[0].attribute)
		if keyed {
			name = s.conditions[0].value
		}
		names = append(names, name)
	}
	if a.attribute != "" && (!keyed || a.attribute != "value") {
		names = append(names, a.attribute)
	}
	return names
}
