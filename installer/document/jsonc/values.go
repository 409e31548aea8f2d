package jsonc

import (
	"strconv"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
)

// listing is a walk that keeps every value.
type listing struct {
	scan   scanner
	way    []string // the names that lead to the value that comes next
	index  []int    // of the next element, for each level; -1 in an object
	values []syntax.Value
}

// Values implements syntax.Lister. A name that holds half of a surrogate pair
// leads nowhere, and what is below it is left out.
func (f file) Values() ([]syntax.Value, error) {
	l := listing{scan: f.scanner(f.t.Body)}
	for {
		t, err := l.scan.next()
		if err != nil || t.kind == tokEnd {
			return l.values, err
		}
		l.take(t)
	}
}

func (l *listing) take(t token) {
	switch t.kind { //nolint:exhaustive // the others are values
	case tokKey:
		name, ok := unquote(l.scan.src[t.start:t.end])
		if !ok {
			name = "\xff" // no pointer holds it
		}
		l.way[len(l.way)-1] = name
		return
	case tokClose, tokUnarray:
		l.way, l.index = l.way[:len(l.way)-1], l.index[:len(l.index)-1]
		return
	}
	l.element()
	switch t.kind {
	case tokOpen:
		l.way, l.index = append(l.way, ""), append(l.index, -1)
	case tokArray:
		l.way, l.index = append(l.way, ""), append(l.index, 0)
	default:
		l.keep(t)
	}
}

// element gives a value of an array its name.
func (l *listing) element() {
	if last := len(l.index) - 1; last >= 0 && l.index[last] >= 0 {
		l.way[last] = strconv.Itoa(l.index[last])
		l.index[last]++
	}
}

func (l *listing) keep(t token) {
	if len(l.way) > syntax.ListedDepth {
		return
	}
	v := syntax.Value{Path: syntax.FormatPointer(l.way), Text: string(l.scan.src[t.start:t.end])}
	if _, err := syntax.ParsePointer(v.Path); err != nil {
		return
	}
	if t.kind == tokString {
		var ok bool
		if v.Text, ok = unquote(l.scan.src[t.start:t.end]); !ok {
			return
		}
	}
	l.values = append(l.values, v)
}
