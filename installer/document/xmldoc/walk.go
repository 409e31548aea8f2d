package xmldoc

import (
	"strings"
)

// node is an element that an address leads to.
type node struct {
	path  string // of steps with positions alone
	open  event  // its evOpen
	guard guard
}

// found is where an address leads.
type found struct {
	nodes []node // of those that have the attribute, the first two
	count int
	near  int // where one is that .NET takes for the same; 0 where none is
	deep  int // how many steps lead anywhere
	last  int // where the first element is that so many lead to
}

// frame is an element that is open. reached is how many steps lead to it, off
// where it does not lie on the way.
type frame struct {
	reached int
	path    *trail
	guard   guard
	same    int   // children that the next step names
	counts  []int // of them, those that each of its conditions leaves
}

const off = -1

// trail is a path, each part of which is kept once.
type trail struct {
	before *trail
	name   string
	index  int
}

func (t *trail) String() string {
	var steps []step
	for ; t != nil; t = t.before {
		steps = append(steps, step{t.name, []condition{{position: t.index}}})
	}
	for i, j := 0, len(steps)-1; i < j; i, j = i+1, j-1 {
		steps[i], steps[j] = steps[j], steps[i]
	}
	return address{steps: steps}.String()
}

// walk looks for the elements that an address leads to.
type walk struct {
	scan   scanner
	target address
	frames []frame
	found  found
}

// find reads a whole body.
func (f *file) find(target address) (found, error) {
	w := walk{scan: f.scanner(f.t.Body), target: target, frames: []frame{{}}}
	for {
		e, err := w.scan.next()
		switch {
		case err != nil || e.kind == evEnd:
			return w.found, err
		case e.kind == evClose:
			w.frames = w.frames[:len(w.frames)-1]
		case e.kind == evOpen:
			if err := w.enter(e); err != nil {
				return w.found, err
			}
		}
	}
}

func (w *walk) enter(open event) error {
	in := &w.frames[len(w.frames)-1]
	next := frame{reached: off}
	var err error
	if in.reached != off && in.reached < len(w.target.steps) && w.is(open.name, w.target.steps[in.reached].name) {
		next, err = w.named(in, open)
	}
	w.frames = append(w.frames, next)
	return err
}

// named sees an element of the name that the next step has.
func (w *walk) named(in *frame, open event) (frame, error) {
	tag, err := w.attributes()
	if err != nil {
		return frame{}, err
	}
	in.same++
	if !w.meets(in, tag, open) {
		return frame{reached: off}, nil
	}
	next := frame{
		reached: in.reached + 1,
		path:    &trail{in.path, w.target.steps[in.reached].name, in.same},
		guard:   in.guard,
	}
	if next.guard.kind == "" {
		next.guard = guarded(next.path.name, open, tag)
	}
	w.hit(next, open, tag)
	return next, nil
}

func (w *walk) is(name span, text string) bool {
	raw := name.of(w.scan.body)
	if w.scan.charset.single == nil {
		return string(raw) == text
	}
	return w.scan.charset.text(raw) == text
}

// property is an attribute as it is read.
type property struct {
	name, value string
	event       event
}

func value(tag []property, name string) (property, bool) {
	for _, p := range tag {
		if p.name == name {
			return p, true
		}
	}
	return property{}, false
}

// attributes reads the rest of a tag, but not its end.
func (w *walk) attributes() ([]property, error) {
	ahead := w.scan
	ahead.seen, ahead.many = nil, nil
	tag, _, err := ahead.properties()
	return tag, err
}

// properties reads a tag to its end.
func (s *scanner) properties() ([]property, event, error) {
	var tag []property
	for {
		e, err := s.next()
		if err != nil || e.kind == evTag {
			return tag, e, err
		}
		tag = append(tag, property{s.charset.text(e.name.of(s.body)), s.meaning(e), e})
	}
}

// meets applies the conditions of a step one after the other, as XPath does.
func (w *walk) meets(in *frame, tag []property, open event) bool {
	s := w.target.steps[in.reached]
	if in.counts == nil {
		in.counts = make([]int, len(s.conditions))
	}
	folded := false
	for i, c := range s.conditions {
		if c.attribute == "" {
			in.counts[i]++
			if in.counts[i] != c.position {
				return false
			}
			continue
		}
		p, there := value(tag, c.attribute)
		switch {
		case there && p.value == c.value:
		case there && s.folds(c.attribute) && strings.EqualFold(p.value, c.value):
			folded = true
		default:
			return false
		}
	}
	if folded {
		w.found.near = open.all.start
	}
	return !folded
}

// folds reports whether .NET takes values of an attribute that differ in case for
// the same: the keys of appSettings and the names of connectionStrings.
func (s step) folds(attribute string) bool {
	return s.name == "add" && !s.positioned() && (attribute == "key" || attribute == "name")
}

func (w *walk) hit(at frame, open event, tag []property) {
	if at.reached > w.found.deep {
		w.found.deep, w.found.last = at.reached, open.all.start
	}
	if at.reached < len(w.target.steps) {
		return
	}
	if _, there := value(tag, w.target.attribute); w.target.attribute != "" && !there {
		return
	}
	w.found.count++
	if len(w.found.nodes) < 2 {
		w.found.nodes = append(w.found.nodes, node{at.path.String(), open, at.guard})
	}
}
