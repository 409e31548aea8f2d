package jsonc

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
)

// walk looks for the place that target names. A frame knows how much of target
// leads to it: off where it does not lie on the way.
type walk struct {
	scan    scanner
	dialect dialect
	target  string
	frames  []frame
	next    int         // how much of target leads to the value that comes next
	seen    map[int]int // how much of target was reached where
	count   int

	hit     bool
	sops    bool // the last name of the whole file is that of what sops adds
	signed  int  // where its signature is; 0 where there is none
	found   token
	ordinal int // of found
}

type frame struct {
	reached int
	index   int // in an array
}

func (w *walk) run() error {
	for ; ; w.count++ {
		t, err := w.scan.next()
		if err != nil {
			return err
		}
		switch t.kind {
		case tokEnd:
			return nil
		case tokClose, tokUnarray:
			w.frames = w.frames[:len(w.frames)-1]
		case tokKey:
			w.name(t)
		default:
			if err := w.value(t); err != nil {
				return err
			}
		}
	}
}

func (w *walk) name(t token) {
	w.next = off
	w.sign(t)
	reached := w.frames[len(w.frames)-1].reached
	if reached == off {
		return
	}
	if name, ok := unquote(w.scan.src[t.start:t.end]); ok {
		w.next = w.dialect.advance(w.target, reached, name)
	}
}

// sign looks for the name mac in the member sops of the whole file.
func (w *walk) sign(name token) {
	raw := string(w.scan.src[name.start:name.end])
	switch len(w.frames) {
	case 1:
		w.sops = raw == `"sops"`
	case 2:
		if w.sops && raw == `"mac"` {
			w.signed = name.start
		}
	}
}

func (w *walk) value(t token) error {
	reached := w.reached(t)
	if reached != off {
		if first, again := w.seen[reached]; again {
			return w.twice(t, reached, first)
		}
		w.seen[reached] = t.start
	}
	if t.kind == tokOpen || t.kind == tokArray {
		w.frames = append(w.frames, frame{reached: reached})
	}
	if reached == len(w.target) {
		w.hit, w.found, w.ordinal = true, t, w.count
	}
	return nil
}

func (w *walk) twice(t token, reached, first int) error {
	line, _ := syntax.Place(w.scan.src, first)
	reason := fmt.Sprintf("%s is there twice, also in line %d", w.pointer(reached), line)
	if w.dialect == dotNET {
		reason += " (upper and lower case are one, and a colon in a name separates names)"
	}
	return syntax.Refuse(syntax.Ambiguous, w.scan.src, t.start, reason)
}

// reached is how much of target leads to the value t.
func (w *walk) reached(t token) int {
	switch {
	case len(w.frames) == 0:
		return 0
	case w.inArray(t):
		in := &w.frames[len(w.frames)-1]
		index := in.index
		in.index++
		if in.reached == off {
			return off
		}
		return w.dialect.advance(w.target, in.reached, strconv.Itoa(index))
	default:
		return w.next
	}
}

// inArray reports whether t is an element. The scanner has entered t already
// where t opens something.
func (w *walk) inArray(t token) bool {
	stack := w.scan.stack
	if t.kind == tokOpen || t.kind == tokArray {
		stack = stack[:len(stack)-1]
	}
	return stack[len(stack)-1] == '['
}

func (w *walk) pointer(reached int) string {
	switch {
	case reached == 0:
		return "the whole file"
	case w.dialect == dotNET:
		return strings.ReplaceAll(w.target[:reached], ":", "/")
	default:
		return w.target[:reached]
	}
}

func (w *walk) missing(tokens []string) error {
	deepest := 0
	for reached := range w.seen {
		deepest = max(deepest, reached)
	}
	if deepest == 0 {
		return syntax.Refuse(syntax.NotFound, w.scan.src, w.seen[deepest], "no "+syntax.FormatPointer(tokens))
	}
	return syntax.Refuse(syntax.NotFound, w.scan.src, w.seen[deepest],
		fmt.Sprintf("no %s: %s is here, but not that in it", syntax.FormatPointer(tokens), w.pointer(deepest)))
}
