package document

import (
	"regexp"
	"strings"

	"github.com/empowersuite/backend-installer/installer/yamltree"
)

// A plain scalar of these characters reads as itself in YAML 1.1 and 1.2, in
// flow and in block, unless it is one of the words.
var (
	plainText  = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_~./+-]*[A-Za-z0-9_~+/]$`)
	plainWords = regexp.MustCompile(`(?i)^(yes|no|on|off|true|false|null|nan|inf|none)$`)
)

func (y *yamlFile) encode(l leaf, value string) (string, error) {
	switch {
	case l.style == plain && plainText.MatchString(value) && !plainWords.MatchString(value):
		return value, nil
	case l.style == singleQuoted && printable(value):
		return "'" + strings.ReplaceAll(value, "'", "''") + "'", nil
	case l.style == block:
		return encodeBlock(y.t.body, l, value), nil
	case l.style == empty:
		return " " + quoteYAML(value), nil
	default:
		return quoteYAML(value), nil
	}
}

// verify parses the new body and compares node by node.
func (y *yamlFile) verify(after []byte, edits []splice) error {
	if err := checkYAML(after); err != nil {
		return broken("it holds what YAML readers disagree on")
	}
	again, err := parseYAML(text{body: after, mark: y.t.mark})
	if err != nil {
		return broken("it is no YAML any more")
	}
	if len(again.nodes) != len(y.nodes) || len(again.docs) != len(y.docs) {
		return broken("it has more or fewer values")
	}
	moves := y.moves(again, edits)
	for i, old := range y.nodes {
		now := again.nodes[i]
		if due(edits, i) {
			if err := again.reads(now, old, edits[0], moves); err != nil {
				return err
			}
			edits = edits[1:]
			continue
		}
		if !sameNode(old, now) {
			return broken("another value changed")
		}
		if line, column := moves.position(old.Line, old.Column); now.Line != line || now.Column != column {
			return broken("another value moved")
		}
	}
	return reached(edits, "a value was not reached")
}

func sameNode(a, b *yamltree.Node) bool {
	return a.Kind == b.Kind && a.Style == b.Style && a.ShortTag() == b.ShortTag() &&
		a.Value == b.Value && a.Anchor == b.Anchor && len(a.Content) == len(b.Content)
}

// reads checks a changed value: what yaml.v3 says it is, and what the text
// itself says.
func (y *yamlFile) reads(now, old *yamltree.Node, e splice, moves moves) error {
	if now.Kind != yamltree.Scalar || now.Value != e.value || now.ShortTag() != "!!str" ||
		now.Anchor != old.Anchor || now.Style&yamltree.Tagged != old.Style&yamltree.Tagged {
		return broken("the value reads differently")
	}
	l, err := y.locate(now)
	start := moves.start(e)
	if err != nil || l.start != start || l.end > start+len(e.text) {
		return broken("the value is not where it was put")
	}
	return nil
}

// move is one edit's end, in the old body and in the new one.
type move struct {
	oldLine, oldColumn int
	newLine, newColumn int
}

type moves struct {
	ends  []move
	edits []splice
}

func (y *yamlFile) moves(again *yamlFile, edits []splice) moves {
	m := moves{edits: edits}
	for _, e := range edits {
		var end move
		end.oldLine, end.oldColumn = place(y.t.body, e.end)
		end.newLine, end.newColumn = place(again.t.body, shift(e.start, before(edits, e))+len(e.text))
		m.ends = append(m.ends, end)
	}
	return m
}

// before are the edits that come before e.
func before(edits []splice, e splice) []splice {
	for i := range edits {
		if edits[i].start == e.start {
			return edits[:i]
		}
	}
	return edits
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

// start is where the text of an edit is in the new body, behind the blank that
// an empty place gets.
func (m moves) start(e splice) int {
	return shift(e.start, before(m.edits, e)) + len(e.text) - len(strings.TrimLeft(e.text, " "))
}
