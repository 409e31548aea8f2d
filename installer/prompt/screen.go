package prompt

import (
	"io"
	"strings"
	"unicode"
)

// cursor marks in promptui's line where the next key goes; it is a character
// that no key gives.
const cursor = '\ue000'

const (
	mark      = "> "
	lineStart = "\x1b[2K\r"
)

// screen is what promptui takes for standard output: without the bell, with
// lines that fit, and with CR LF, because a terminal in raw mode only moves
// down at LF.
type screen struct {
	w     io.Writer
	width int
	color bool
}

// Write implements io.Writer.
func (s *screen) Write(b []byte) (int, error) {
	var out strings.Builder
	rest := strings.ReplaceAll(string(b), "\a", "")
	for {
		before, after, found := strings.Cut(rest, lineStart)
		out.WriteString(before)
		if !found {
			break
		}
		n := strings.IndexAny(after, "\n\x1b")
		if n < 0 {
			n = len(after)
		}
		out.WriteString(lineStart + s.fit(after[:n]))
		rest = after[n:]
	}
	if _, err := io.WriteString(s.w, strings.ReplaceAll(out.String(), "\n", "\r\n")); err != nil {
		return 0, err
	}
	return len(b), nil
}

// Close implements io.Closer.
func (*screen) Close() error { return nil }

// fit shows the part of a line of input around its cursor.
func (s *screen) fit(line string) string {
	body, isInput := strings.CutPrefix(line, mark)
	before, after, hasCursor := strings.Cut(body, string(cursor))
	if !isInput || !hasCursor {
		return line
	}
	at, after := " ", after
	if r := []rune(after); len(r) > 0 {
		at, after = string(r[0]), string(r[1:])
	}
	room := s.width - len(mark) - columns(at) - 2
	head, cutHead := tail(before, room)
	if cutHead {
		head = "<" + head
	}
	shown := mark + head + s.pointer(at)
	return shown + cut(after, max(room-columns(head), 0))
}

// pointer shows where the next key goes.
func (s *screen) pointer(at string) string {
	switch {
	case s.color:
		return "\x1b[7m" + at + "\x1b[0m"
	case at == " ":
		return "_"
	default:
		return "|" + at
	}
}

// tail is the end of a text that fits, and whether something is missing.
func tail(text string, width int) (string, bool) {
	r := []rune(text)
	from := len(r)
	for used := 0; from > 0; from-- {
		used += columnsOf(r[from-1])
		if used > width {
			break
		}
	}
	return string(r[from:]), from > 0
}

// cut is the beginning of a text that fits.
func cut(text string, width int) string {
	used := 0
	for i, r := range text {
		used += columnsOf(r)
		if used > width {
			return text[:i]
		}
	}
	return text
}

func columns(text string) int {
	n := 0
	for _, r := range text {
		n += columnsOf(r)
	}
	return n
}

// columnsOf takes scripts from Hangul on for wide: a line that is too short is
// better than one that wraps.
func columnsOf(r rune) int {
	switch {
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return 0
	case r >= 0x1100 && (r < 0x2000 || r > 0x2bff):
		return 2
	}
	return 1
}
