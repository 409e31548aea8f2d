package yamldoc

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/yamltree"
)

// The styles of scalars.
const (
	plain syntax.Style = iota
	doubleQuoted
	singleQuoted
	block // literal and folded
	empty
)

// offset is where a node starts in the body: at its first property.
func (y *File) offset(n *yamltree.Node) int { return (&cursor{file: y}).offset(n) }

// cursor finds where nodes start. Where each lies behind the one before it, it
// passes a line once for all of them.
type cursor struct {
	file         *File
	line, column int // 0 at first
	at           int
}

func (c *cursor) offset(n *yamltree.Node) int {
	body, lines := c.file.t.Body, c.file.lines
	if n.Line < 1 || n.Line > len(lines) {
		return len(body)
	}
	if n.Line != c.line || n.Column < c.column {
		c.line, c.column, c.at = n.Line, 1, lines[n.Line-1]
	}
	for ; c.column < n.Column && c.at < len(body); c.column++ {
		_, size := utf8.DecodeRune(body[c.at:])
		c.at += size
	}
	return c.at
}

// locate finds the text of a scalar and reads it without yaml.v3's help: only
// where both readings agree the place is sure.
func (y *File) locate(n *yamltree.Node) (syntax.Value, error) {
	body := y.t.Body
	v := syntax.Value{Text: n.Value, Start: y.offset(n)}
	for i, other := range y.nodes {
		if other == n {
			v.Ordinal = i
		}
	}
	if isEmpty(n) {
		v.Style, v.End = empty, v.Start
		return v, nil
	}
	v.Start = skipProperties(body, v.Start)
	var ok bool
	switch {
	case n.Style&yamltree.DoubleQuoted != 0:
		v.Style = doubleQuoted
		v.End, ok = doubleEnd(body, v.Start, n.Value)
	case n.Style&yamltree.SingleQuoted != 0:
		v.Style = singleQuoted
		v.End, ok = singleEnd(body, v.Start, n.Value)
	case n.Style&(yamltree.Literal|yamltree.Folded) != 0:
		v.Style = block
		v.End, _, ok = blockEnd(body, v.Start, n.Value)
	default:
		v.Style = plain
		v.End, ok = plainEnd(body, v.Start, n.Value)
	}
	if !ok {
		return syntax.Value{}, y.refuse(syntax.ParserDiffer, n, "the text of the value could not be delimited with certainty")
	}
	return v, nil
}

// skipProperties passes anchor and tag, and what may lie between them and the
// scalar. No scalar starts with & or !.
func skipProperties(body []byte, i int) int {
	for i < len(body) && (body[i] == '&' || body[i] == '!') {
		for i < len(body) && !isBlank(body[i]) && !isBreak(body[i]) {
			i++
		}
		for i < len(body) && (isBlank(body[i]) || isBreak(body[i]) || body[i] == '#') {
			if body[i] == '#' {
				i += lineLength(body[i:])
				continue
			}
			i++
		}
	}
	return i
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' }
func isBreak(c byte) bool { return c == '\n' || c == '\r' }

// lineLength is the number of bytes before the line end.
func lineLength(b []byte) int {
	if i := bytes.IndexAny(b, "\r\n"); i >= 0 {
		return i
	}
	return len(b)
}

// fold passes blanks and line ends. One line end reads as a blank, more read as
// one less; without one the blanks read as they are.
func fold(body []byte, i int) (next int, reads string) {
	breaks := 0
	for next = i; next < len(body) && (isBlank(body[next]) || isBreak(body[next])); next++ {
		if body[next] == '\n' {
			breaks++
		}
	}
	if breaks == 0 {
		return next, string(body[i:next])
	}
	return next, folded(breaks)
}

func folded(breaks int) string {
	if breaks == 1 {
		return " "
	}
	return strings.Repeat("\n", max(0, breaks-1))
}

// plainEnd follows a plain scalar as far as value goes.
func plainEnd(body []byte, i int, value string) (end int, ok bool) {
	for value != "" {
		if i >= len(body) {
			return 0, false
		}
		next, reads := i+1, string(body[i:i+1])
		if isBlank(body[i]) || isBreak(body[i]) {
			next, reads = fold(body, i)
		}
		rest, ok := strings.CutPrefix(value, reads)
		if !ok {
			return 0, false
		}
		i, value = next, rest
	}
	return i, i == len(body) || isBlank(body[i]) || isBreak(body[i]) || strings.IndexByte(":,[]{}", body[i]) >= 0
}

func singleEnd(body []byte, i int, value string) (end int, ok bool) {
	if i >= len(body) || body[i] != '\'' {
		return 0, false
	}
	var b strings.Builder
	for i++; i < len(body); {
		c := body[i]
		switch {
		case c == '\'' && i+1 < len(body) && body[i+1] == '\'':
			b.WriteByte('\'')
			i += 2
		case c == '\'':
			return i + 1, b.String() == value
		default:
			i += passQuoted(&b, body, i)
		}
	}
	return 0, false
}

// passQuoted reads one character, or the blanks and line ends that follow each
// other, of a quoted scalar and returns how many bytes that were.
func passQuoted(b *strings.Builder, body []byte, i int) int {
	if !isBlank(body[i]) && !isBreak(body[i]) {
		b.WriteByte(body[i])
		return 1
	}
	next, reads := fold(body, i)
	b.WriteString(reads)
	return next - i
}

// end is where the text of a node ends.
func (y *File) end(n *yamltree.Node) (int, error) {
	switch {
	case n.Kind == yamltree.Alias:
		return y.offset(n) + len("*") + len(n.Value), nil
	case n.Kind == yamltree.Scalar:
		v, err := y.locate(n)
		return v.End, err
	case n.Style&yamltree.Flow == 0:
		return y.end(n.Content[len(n.Content)-1])
	}
	at, braced := y.bracket(n)
	if len(n.Content) > 0 {
		var err error
		if at, err = y.end(n.Content[len(n.Content)-1]); err != nil || !braced {
			return at, err
		}
	}
	if at = closing(y.t.Body, at); at < 0 {
		return 0, y.refuse(syntax.ParserDiffer, n, "the end of the brackets could not be found with certainty")
	}
	return at, nil
}

// bracket is behind the bracket that opens a flow collection, which a pair in a
// list need not have.
func (y *File) bracket(n *yamltree.Node) (at int, ok bool) {
	at = skipProperties(y.t.Body, y.offset(n))
	ok = bytes.IndexByte([]byte("{["), y.t.Body[at]) >= 0 && (len(n.Content) == 0 || y.offset(n.Content[0]) > at)
	return at + 1, ok
}

// closing is behind the next closing bracket that is in no comment, -1 where
// there is none.
func closing(body []byte, at int) int {
	for at < len(body) {
		switch body[at] {
		case ']', '}':
			return at + 1
		case '#':
			at += lineLength(body[at:])
		default:
			at++
		}
	}
	return -1
}
