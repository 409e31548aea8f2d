package document

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// jsonFile is a file in JSON as .NET reads it.
type jsonFile struct{ t text }

func openJSON(src []byte) (jsonFile, error) {
	t, err := decode(src)
	return jsonFile{t}, err
}

func (j jsonFile) text() text { return j.t }

func (j jsonFile) encode(_ leaf, value string) (string, error) { return quoteJSON(value), nil }

// find reads the whole file, so that a second place and a mistake behind the
// first are seen.
func (j jsonFile) find(s Slot) (leaf, error) {
	tokens, err := parsePointer(s.At)
	if err != nil {
		return leaf{}, err
	}
	w := walk{scan: scanner{src: j.t.body}, target: flat(tokens), seen: map[int]int{}}
	if err := w.run(); err != nil {
		return leaf{}, err
	}
	if w.found == nil {
		return leaf{}, w.missing(tokens)
	}
	return *w.found, encrypted(j.t.body, *w.found)
}

// flat is how .NET names a place: the names and indices on the way, each behind
// a colon. A name with colons in it is the same place as names within names.
func flat(tokens []string) string {
	var b strings.Builder
	for _, t := range tokens {
		b.WriteString(":" + t)
	}
	return b.String()
}

// walk looks for the place that target names. A frame knows how much of target
// leads to it: off where it does not lie on the way.
type walk struct {
	scan   scanner
	target string
	frames []frame
	next   int         // how much of target leads to the value that comes next
	seen   map[int]int // how much of target was reached where
	found  *leaf
	count  int
}

type frame struct {
	reached int
	index   int // in an array
}

const off = -1

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
	reached := w.frames[len(w.frames)-1].reached
	if reached == off {
		return
	}
	if name, ok := unquote(w.scan.src[t.start:t.end]); ok {
		w.next = w.advance(reached, name)
	}
}

func (w *walk) value(t token) error {
	reached := w.reached(t)
	if reached != off {
		if first, again := w.seen[reached]; again {
			line, _ := place(w.scan.src, first)
			return refuse(Ambiguous, w.scan.src, t.start, fmt.Sprintf(
				"%s is there twice, also in line %d (upper and lower case are one, and a colon in a name separates names)",
				w.pointer(reached), line))
		}
		w.seen[reached] = t.start
	}
	if t.kind == tokOpen || t.kind == tokArray {
		w.frames = append(w.frames, frame{reached: reached})
	}
	if reached != len(w.target) {
		return nil
	}
	return w.hit(t)
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
		return w.advance(in.reached, strconv.Itoa(index))
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

func (w *walk) hit(t token) error {
	if t.kind != tokString {
		return refuse(NotString, w.scan.src, t.start, w.pointer(len(w.target))+" is no string")
	}
	value, ok := unquote(w.scan.src[t.start:t.end])
	if !ok {
		return refuse(Encoding, w.scan.src, t.start, "the value holds half of a surrogate pair, which is no text")
	}
	w.found = &leaf{start: t.start, end: t.end, value: value, ordinal: w.count}
	return nil
}

// advance is how much of target is reached through name, off where name leads
// elsewhere.
func (w *walk) advance(reached int, name string) int {
	rest := w.target[reached:]
	if !strings.HasPrefix(rest, ":") {
		return off
	}
	rest = rest[1:]
	for _, r := range name {
		t, n := utf8.DecodeRuneInString(rest)
		if n == 0 || !sameLetter(r, t) {
			return off
		}
		rest = rest[n:]
	}
	if rest != "" && rest[0] != ':' {
		return off
	}
	return len(w.target) - len(rest)
}

// sameLetter compares without regard to case.
func sameLetter(a, b rune) bool {
	if a == b {
		return true
	}
	for f := unicode.SimpleFold(a); f != a; f = unicode.SimpleFold(f) {
		if f == b {
			return true
		}
	}
	return false
}

func (w *walk) pointer(reached int) string {
	if reached == 0 {
		return "the whole file"
	}
	return strings.ReplaceAll(w.target[:reached], ":", "/")
}

func (w *walk) missing(tokens []string) error {
	deepest := 0
	for reached := range w.seen {
		deepest = max(deepest, reached)
	}
	if deepest == 0 {
		return &Error{Kind: NotFound, Reason: "no " + formatPointer(tokens)}
	}
	return refuse(NotFound, w.scan.src, w.seen[deepest], fmt.Sprintf("no %s: %s is here, but not that in it", formatPointer(tokens), w.pointer(deepest)))
}
