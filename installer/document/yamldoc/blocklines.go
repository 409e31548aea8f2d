package yamldoc

import (
	"strings"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
)

// literal is a literal block, line by line.
type literal struct {
	lines   []blockLine
	indent  int
	lineEnd string
	meaning int // the length of what it means
}

// blockLine is a line of a literal block: where it starts in what the block
// means, and in the body. An empty one may lack some of the indentation.
type blockLine struct{ meaning, body, length, lacks int }

// blockOf reads the block that a value is.
func (y *File) blockOf(v syntax.Value) literal {
	body := y.t.Body
	h, _ := parseHeader(body[v.Start:])
	_, indent, _ := blockEnd(body, v.Start, v.Text)
	b := literal{indent: indent, lineEnd: h.lineEnd, meaning: len(v.Text)}
	meaning := 0
	for i := v.Start + h.length; i < v.End; {
		line, next, _ := cutLine(body, i)
		within := min(indent, len(line))
		b.lines = append(b.lines, blockLine{meaning, i + within, len(line) - within, indent - within})
		meaning += len(line) - within + 1
		i = next
	}
	return b
}

// splice is a splice of what the block means as one of the body.
func (b literal) splice(s syntax.Splice) (syntax.Splice, bool) {
	if moved, ok := b.append(s); ok {
		return moved, true
	}
	first, ok := b.line(s.Start)
	last, ends := b.line(s.End)
	if !ok || !ends {
		return syntax.Splice{}, false
	}
	moved := syntax.Splice{Start: first.body + s.Start - first.meaning, End: last.body + s.End - last.meaning, Text: b.indented(s.Text)}
	if s.Text != "" && s.Text[0] != '\n' {
		moved.Text = strings.Repeat(" ", first.lacks) + moved.Text
	}
	if strings.HasSuffix(s.Text, "\n") && s.End == last.meaning+last.length {
		moved.Text = moved.Text[:len(moved.Text)-b.indent] // what follows is an empty line
	}
	return moved, true
}

// append puts whole lines behind the last one, whose line end becomes theirs.
func (b literal) append(s syntax.Splice) (syntax.Splice, bool) {
	last := b.lines[len(b.lines)-1]
	lines, whole := strings.CutSuffix(s.Text, "\n")
	if !whole || s.Start != s.End || s.Start != b.meaning || s.Start != last.meaning+last.length+1 {
		return syntax.Splice{}, false
	}
	end := last.body + last.length
	return syntax.Splice{Start: end, End: end, Text: b.indented("\n" + lines)}, true
}

// line is where an offset of the meaning lies.
func (b literal) line(meaning int) (blockLine, bool) {
	for _, l := range b.lines {
		if meaning >= l.meaning && meaning <= l.meaning+l.length {
			return l, true
		}
	}
	return blockLine{}, false
}

// indented is a text as lines of the block.
func (b literal) indented(text string) string {
	return strings.ReplaceAll(text, "\n", b.lineEnd+strings.Repeat(" ", b.indent))
}
