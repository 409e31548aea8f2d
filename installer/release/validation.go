package release

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/empowersuite/backend-installer/installer/yamltree"
)

// InvalidError lists every mistake of a text, in its order.
type InvalidError struct{ Problems []error }

// Error is a line per mistake.
func (e *InvalidError) Error() string { return errors.Join(e.Problems...).Error() }

// Unwrap returns the mistakes.
func (e *InvalidError) Unwrap() []error { return e.Problems }

// place is where something stands in a text. The zero place is nowhere: of
// what was worked out and not written by anybody.
type place struct{ node *yamltree.Node }

// key is the value of a key, or the place itself where the key is missing.
func (p place) key(name string) place {
	if i := p.find(name); i >= 0 {
		return place{resolved(p.node.Content[i+1])}
	}
	return p
}

// name is the key itself.
func (p place) name(key string) place {
	if i := p.find(key); i >= 0 {
		return place{p.node.Content[i]}
	}
	return p
}

func (p place) find(key string) int {
	if p.node == nil || p.node.Kind != yamltree.Mapping {
		return -1
	}
	for i := 0; i+1 < len(p.node.Content); i += 2 {
		if p.node.Content[i].Value == key {
			return i
		}
	}
	return -1
}

// item is an element of a list.
func (p place) item(i int) place {
	if p.node == nil || p.node.Kind != yamltree.Sequence || i >= len(p.node.Content) {
		return p
	}
	return place{resolved(p.node.Content[i])}
}

func resolved(node *yamltree.Node) *yamltree.Node {
	if node.Kind == yamltree.Alias {
		return node.Alias
	}
	return node
}

// validation gathers mistakes.
type validation struct {
	problems []*yamltree.Error
	unread   map[int]bool // lines that could not be read: what else is wrong there follows from it
}

func (v *validation) require(ok bool, at place, format string, args ...any) {
	e := &yamltree.Error{Reason: fmt.Sprintf(format, args...)}
	if at.node != nil {
		e.Line, e.Column = at.node.Line, at.node.Column
	}
	told := slices.ContainsFunc(v.problems, func(p *yamltree.Error) bool { return *p == *e })
	if !ok && !told && !v.unread[e.Line] {
		v.problems = append(v.problems, e)
	}
}

// unique takes the names of a list's items.
func (v *validation) unique(at place, what string, names []string) {
	for i, name := range names {
		first := slices.Index(names, name)
		v.require(first == i || name == "", at.item(i), "%s: %s is there twice", what, name)
	}
}

// err is an *InvalidError, or nil.
func (v *validation) err() error {
	if len(v.problems) == 0 {
		return nil
	}
	slices.SortStableFunc(v.problems, func(a, b *yamltree.Error) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	e := &InvalidError{}
	for _, p := range v.problems {
		e.Problems = append(e.Problems, p)
	}
	return e
}

// parse reads a text and checks what could be read of it, so that one mistake
// does not hide the others.
func parse[T any](data []byte, check func(v *validation, at place, in *T)) (T, error) {
	var in T
	root, err := yamltree.Root(data)
	if err != nil {
		return in, &InvalidError{[]error{err}}
	}
	v := &validation{unread: map[int]bool{}}
	if err := yamltree.Decode(data, &in); err != nil {
		v.keep(err)
		// Decode reads nothing when a key is unknown. What this says again was kept.
		_ = root.Decode(&in)
	}
	check(v, place{root}, &in)
	return in, v.err()
}

func (v *validation) keep(err error) {
	all := []error{err}
	var joined interface{ Unwrap() []error }
	if errors.As(err, &joined) {
		all = joined.Unwrap()
	}
	for _, one := range all {
		var placed *yamltree.Error
		if !errors.As(one, &placed) {
			placed = &yamltree.Error{Reason: "not valid YAML"}
		}
		v.problems = append(v.problems, placed)
		v.unread[placed.Line] = true
	}
}
