package yamldoc

import (
	"slices"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/yamltree"
)

// Verify parses the new body, with both parsers, and compares node by node.
func (y *File) Verify(after []byte, edits []syntax.Edit) error {
	if err := checkYAML(after); err != nil {
		return syntax.Broken("it holds what YAML readers disagree on")
	}
	again, err := parseYAML(syntax.Text{Body: after, Mark: y.t.Mark})
	if err != nil {
		return syntax.Broken("it is no YAML any more")
	}
	if slices.ContainsFunc(edits, func(e syntax.Edit) bool { return Representable(e.Text) != nil }) {
		return syntax.Broken("it holds a value that Find refuses")
	}
	c := y.changes(edits)
	if !slices.Equal(c.made(y.facts()), again.facts()) {
		return syntax.Broken("it means something else")
	}
	if err := y.samePlaces(again, c); err != nil {
		return err
	}
	if now, err := secondFacts(after, len(again.nodes)); err != nil || !slices.Equal(c.made(y.second), now) {
		return syntax.Broken("a second parser reads it differently")
	}
	return nil
}

// changes are what edits do to the nodes of a file, by their ordinals.
type changes struct {
	splices  []syntax.Splice
	replaced map[int]syntax.Edit
	grown    map[int]bool   // has one entry more
	entries  map[int][]fact // come before
}

func (y *File) changes(edits []syntax.Edit) changes {
	c := changes{syntax.Splices(edits), map[int]syntax.Edit{}, map[int]bool{}, map[int][]fact{}}
	for _, e := range edits {
		if !e.Added {
			c.replaced[e.Old.Ordinal] = e
			continue
		}
		scalar := fact{kind: uint32(yamltree.Scalar), tag: "!!str"}
		key, value := scalar, scalar
		key.value, value.value = e.Old.Text, e.Text
		i := e.Old.Ordinal
		if i == none {
			c.entries[0] = []fact{{kind: uint32(yamltree.Document), length: 1}, {kind: uint32(yamltree.Mapping), tag: "!!map", length: 2}, key, value}
			continue
		}
		c.grown[i] = true
		behind := i + 1 + descendants(y.nodes[i])
		c.entries[behind] = append(c.entries[behind], key, value)
	}
	return c
}

func descendants(n *yamltree.Node) int {
	count := 0
	for todo := slices.Clone(n.Content); len(todo) > 0; count++ {
		n, todo = todo[len(todo)-1], todo[:len(todo)-1]
		todo = append(todo, n.Content...)
	}
	return count
}

// made are facts as they must be after the changes.
func (c changes) made(facts []fact) []fact {
	all := make([]fact, 0, len(facts)+2)
	for i, f := range facts {
		all = append(all, c.entries[i]...)
		if e, ok := c.replaced[i]; ok {
			f.tag, f.value = "!!str", e.Text
		}
		if c.grown[i] {
			f = fact{uint32(yamltree.Mapping), "!!map", "", f.anchor, f.length + 2}
		}
		all = append(all, f)
	}
	return append(all, c.entries[len(facts)]...)
}

// samePlaces: what was not edited has its style, and moved with the text before
// it only; what was edited is where it was put.
func (y *File) samePlaces(again *File, c changes) error {
	moves := y.moves(again, c.splices)
	added := 0
	for i, old := range y.nodes {
		added += len(c.entries[i])
		now := again.nodes[i+added]
		if e, ok := c.replaced[i]; ok {
			if err := again.reads(now, old, e, moves); err != nil {
				return err
			}
			continue
		}
		if c.grown[i] && old.Kind != now.Kind {
			continue // it was nothing, and is a mapping now
		}
		if now.Style != old.Style {
			return syntax.Broken("another value changed its style")
		}
		if isEmpty(old) && isEmpty(now) {
			continue // has no text; yaml.v3 gives it the place of what comes next
		}
		if line, column := moves.position(old.Line, old.Column); now.Line != line || now.Column != column {
			return syntax.Broken("another value moved")
		}
	}
	return nil
}

// reads checks a changed value by what the text itself says.
func (y *File) reads(now, old *yamltree.Node, e syntax.Edit, moves moves) error {
	if now.Style&yamltree.Tagged != old.Style&yamltree.Tagged {
		return syntax.Broken("the value lost its tag")
	}
	v, err := y.locate(now)
	start, end := moves.span(e)
	if err != nil || v.Start != start || v.End > end {
		return syntax.Broken("the value is not where it was put")
	}
	return nil
}
