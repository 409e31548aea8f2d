package yamldoc

import (
	"regexp"
	"slices"
	"strings"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/yamltree"
)

// A plain scalar of these characters reads as itself in YAML 1.1 and 1.2, in
// flow and in block, unless it is one of the words.
var (
	plainText  = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_~./+-]*[A-Za-z0-9_~+/]$`)
	plainWords = regexp.MustCompile(`(?i)^(yes|no|on|off|true|false|null|nan|inf|none)$`)
)

// Replace implements syntax.File.
func (y *file) Replace(v syntax.Value, text string) (syntax.Edit, error) {
	return syntax.Replacement(v, y.encode(v, text), text), nil
}

func (y *file) encode(v syntax.Value, text string) string {
	switch {
	case v.Style == plain && plainText.MatchString(text) && !plainWords.MatchString(text):
		return text
	case v.Style == singleQuoted && printable(text):
		return "'" + strings.ReplaceAll(text, "'", "''") + "'"
	case v.Style == block:
		return encodeBlock(y.t.Body, v, text)
	case v.Style == empty:
		return " " + quoteYAML(text)
	default:
		return quoteYAML(text)
	}
}

// Verify parses the new body and compares node by node.
func (y *file) Verify(after []byte, edits []syntax.Edit) error {
	if err := checkYAML(after); err != nil {
		return syntax.Broken("it holds what YAML readers disagree on")
	}
	again, err := parseYAML(syntax.Text{Body: after, Mark: y.t.Mark})
	if err != nil {
		return syntax.Broken("it is no YAML any more")
	}
	if len(again.nodes) != len(y.nodes) || len(again.docs) != len(y.docs) {
		return syntax.Broken("it has more or fewer values")
	}
	moves := y.moves(again, syntax.Splices(edits))
	for i, old := range y.nodes {
		now := again.nodes[i]
		if len(edits) > 0 && edits[0].Old.Ordinal == i {
			if err := again.reads(now, old, edits[0], moves); err != nil {
				return err
			}
			edits = edits[1:]
			continue
		}
		if !sameNode(old, now) {
			return syntax.Broken("another value changed")
		}
		if line, column := moves.position(old.Line, old.Column); now.Line != line || now.Column != column {
			return syntax.Broken("another value moved")
		}
	}
	if len(edits) > 0 {
		return syntax.Broken("a value was not reached")
	}
	return nil
}

func sameNode(a, b *yamltree.Node) bool {
	return a.Kind == b.Kind && a.Style == b.Style && a.ShortTag() == b.ShortTag() &&
		a.Value == b.Value && a.Anchor == b.Anchor && len(a.Content) == len(b.Content)
}

// reads checks a changed value: what yaml.v3 says it is, and what the text
// itself says.
func (y *file) reads(now, old *yamltree.Node, e syntax.Edit, moves moves) error {
	if now.Kind != yamltree.Scalar || now.Value != e.Text || now.ShortTag() != "!!str" ||
		now.Anchor != old.Anchor || now.Style&yamltree.Tagged != old.Style&yamltree.Tagged {
		return syntax.Broken("the value reads differently")
	}
	v, err := y.locate(now)
	start, end := moves.span(e)
	if err != nil || v.Start != start || v.End > end {
		return syntax.Broken("the value is not where it was put")
	}
	return nil
}

// move is one splice's end, in the old body and in the new one.
type move struct {
	oldLine, oldColumn int
	newLine, newColumn int
}

type moves struct {
	ends    []move
	splices []syntax.Splice
}

func (y *file) moves(again *file, splices []syntax.Splice) moves {
	m := moves{splices: splices}
	for i, s := range splices {
		var end move
		end.oldLine, end.oldColumn = syntax.Place(y.t.Body, s.End)
		end.newLine, end.newColumn = syntax.Place(again.t.Body, syntax.Shift(s.Start, splices[:i])+len(s.Text))
		m.ends = append(m.ends, end)
	}
	return m
}

// position is where a place of the old body is in the new one.
func (m moves) position(line, column int) (newLine, newColumn int) {
	newLine, newColumn = line, column
	for _, end := range m.ends {
		if line < end.oldLine || line == end.oldLine && column < end.oldColumn {
			break
		}
		newLine, newColumn = line+end.newLine-end.oldLine, column
		if line == end.oldLine {
			newColumn = column - end.oldColumn + end.newColumn
		}
	}
	return newLine, newColumn
}

// span is where the text of an edit is in the new body, behind the blank that an
// empty place gets.
func (m moves) span(e syntax.Edit) (start, end int) {
	s := e.Splices[0]
	moved := syntax.Shift(s.Start, m.splices[:slices.Index(m.splices, s)])
	return moved + len(s.Text) - len(strings.TrimLeft(s.Text, " ")), moved + len(s.Text)
}
