package prompt

import (
	"io"
	"strings"
)

// What readline reads as a key.
const (
	rlLeft      = "\x02"
	rlRight     = "\x06"
	rlNext      = "\x0e"
	rlPrevious  = "\x10"
	rlBackspace = "\x7f"
)

// feed is what promptui takes for standard input: the keys that it handles
// well, and the end of input at the Enter that ends the answer.
type feed struct {
	next    func() (key, error)
	convert func(key) string // what readline is to read for a key
	accept  func(key) bool   // ends the answer

	ready string
	last  key // that was accepted
	state state
}

// state is how far an answer is.
type state int

const (
	open state = iota
	accepted
	abandoned
)

// Read implements io.Reader, one byte at a time, so that readline's buffer
// never holds a key of the next question.
func (f *feed) Read(p []byte) (int, error) {
	for f.ready == "" && f.state == open {
		f.step()
	}
	if f.state != open || len(p) == 0 {
		return 0, io.EOF
	}
	p[0], f.ready = f.ready[0], f.ready[1:]
	return 1, nil
}

func (f *feed) step() {
	k, err := f.next()
	switch {
	case err != nil, k.kind == giveUp:
		f.state = abandoned
	case f.accept(k):
		f.state, f.last = accepted, k
	default:
		f.ready = f.convert(k)
	}
}

// Close implements io.Closer.
func (*feed) Close() error { return nil }

// editing converts the keys of a text. Promptui has no keys for the ends of
// the line and for clearing it; they are made of those that it has.
type editing struct {
	runes int // at least as many as the line has
	bytes int
	over  bool
}

func (e *editing) convert(k key) string {
	switch k.kind {
	case printable:
		if e.bytes+len(k.text) > MaxBytes {
			e.over = true
			return ""
		}
		e.bytes += len(k.text)
		e.runes++
		return k.text
	case backspace:
		return rlBackspace
	case left:
		return rlLeft
	case right:
		return rlRight
	case home:
		return strings.Repeat(rlLeft, e.runes)
	case end:
		return strings.Repeat(rlRight, e.runes)
	case clearLine:
		keys := strings.Repeat(rlRight, e.runes) + strings.Repeat(rlBackspace, e.runes)
		*e = editing{}
		return keys
	default:
		return ""
	}
}

// moving converts the keys of a list of n items.
func moving(n int) func(key) string {
	return func(k key) string {
		switch k.kind {
		case up:
			return rlPrevious
		case down:
			return rlNext
		case left: // a page up
			return rlLeft
		case right: // a page down
			return rlRight
		case home:
			return strings.Repeat(rlPrevious, n)
		case end:
			return strings.Repeat(rlNext, n)
		default:
			return ""
		}
	}
}
