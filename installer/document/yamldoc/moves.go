package yamldoc

import (
	"slices"
	"strings"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
)

// move is one splice's end, in the old body and in the new one.
type move struct {
	oldLine, oldColumn int
	newLine, newColumn int
}

type moves struct {
	ends    []move
	splices []syntax.Splice
}

func (y *File) moves(again *File, splices []syntax.Splice) moves {
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

// span is where a value that was edited is in the new body, behind the blank that
// an empty place gets.
func (m moves) span(e syntax.Edit) (start, end int) {
	before := m.splices[:slices.Index(m.splices, e.Splices[0])]
	start = syntax.Shift(e.Old.Start, before)
	end = syntax.Shift(e.Old.End, before) + syntax.Growth(e.Splices)
	if e.Old.Style == empty {
		start += len(e.Splices[0].Text) - len(strings.TrimLeft(e.Splices[0].Text, " "))
	}
	return start, end
}
