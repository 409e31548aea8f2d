package xmldoc

import (
	"bytes"
	"strings"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
)

// comparison reads a body before and after its edits in step.
type comparison struct {
	old, now *checked
	edits    []syntax.Edit // that were not reached
	moved    int           // by what is behind the edits that were
	ahead    *event        // of now, looked at but not taken
	grown    int
}

func (c *comparison) run() error {
	for {
		before, err := c.old.next()
		if err != nil {
			return refused(err, syntax.Refuse(syntax.ParserDiffer, c.old.body, c.old.pos,
				"a second parser does not read this, or reads it differently: the file cannot be edited safely"))
		}
		passed, err := c.addition(before)
		if err != nil {
			return err
		}
		if passed {
			continue
		}
		after, err := c.take()
		if err != nil {
			return err
		}
		if err := c.pair(before, after); err != nil {
			return err
		}
		if before.kind == evEnd {
			break
		}
	}
	if len(c.edits) > 0 || c.moved != c.grown {
		return syntax.Broken("a value was not reached")
	}
	return nil
}

// take is the next event of the new body.
func (c *comparison) take() (event, error) {
	e, err := c.peek()
	c.ahead = nil
	return e, err
}

func (c *comparison) peek() (event, error) {
	if c.ahead == nil {
		e, err := c.now.next()
		if err != nil {
			return e, syntax.Broken("it is no XML any more, or not to a second parser")
		}
		c.ahead = &e
	}
	return *c.ahead, nil
}

// pair compares an event of the old body with that of the new one.
func (c *comparison) pair(before, after event) error {
	if before.kind != after.kind || before.all.start+c.moved != after.all.start {
		return syntax.Broken("something moved that should not")
	}
	if len(c.edits) == 0 || c.edits[0].Added && !c.opens(before, after) {
		return c.same(before, after)
	}
	if c.edits[0].Added {
		return nil
	}
	v := c.edits[0].Old
	switch {
	case v.Style == quoted && before.kind == evAttribute && before.value == span{v.Start, v.End}:
		return c.attribute(before, after)
	case v.Style == none && before.kind == evTag && before.all == span{v.Start, v.End}:
		return c.text()
	case (v.Style == written || v.Style == section) && before.kind == evTag && !before.short && before.all.end == v.Start:
		if err := c.same(before, after); err != nil {
			return err
		}
		return c.text()
	default:
		return c.same(before, after)
	}
}

// opens reports whether an addition makes /> to >.
func (c *comparison) opens(before, after event) bool {
	e := c.edits[0]
	return before.kind == evTag && before.short && !after.short && before.all == span{e.Start(), e.End()}
}

// same compares bytes: in the same surroundings they mean the same.
func (c *comparison) same(before, after event) error {
	if !bytes.Equal(before.all.of(c.old.body), after.all.of(c.now.body)) {
		return syntax.Broken("another value changed")
	}
	return nil
}

// done leaves the edit that was reached.
func (c *comparison) done() {
	c.moved += syntax.Growth(c.edits[0].Splices)
	c.edits = c.edits[1:]
}

func (c *comparison) attribute(before, after event) error {
	if !bytes.Equal(before.name.of(c.old.body), after.name.of(c.now.body)) || c.now.meaning(after) != c.edits[0].Text {
		return syntax.Broken("the value reads differently")
	}
	c.done()
	return nil
}

// meaning is the text of an event, "" where it has none.
func (c *checked) meaning(e event) string {
	switch e.kind {
	case evAttribute:
		return c.charset.meaning(e.value.of(c.body), true)
	case evText:
		return c.charset.meaning(e.all.of(c.body), false)
	case evCData:
		return c.charset.lines(e.value.of(c.body))
	default:
		return ""
	}
}

func (e event) isText() bool { return e.kind == evText || e.kind == evCData }

// text passes the old and the new text of an element. Its end is left to pair.
func (c *comparison) text() error {
	want := c.edits[0].Text
	short := c.edits[0].Old.Style == none
	for !short && c.old.pos < c.edits[0].End() {
		if e, err := c.old.next(); err != nil || !e.isText() {
			return syntax.Broken("the old text is not what it was")
		}
	}
	now, err := c.chars()
	if err != nil {
		return err
	}
	if now != want {
		return syntax.Broken("the value reads differently")
	}
	c.done()
	if !short {
		return nil
	}
	end, err := c.old.next()
	if err != nil {
		return syntax.Broken("the old text is not what it was")
	}
	return c.shut(end)
}

// shut passes the end of an element that was /> and may be an end tag now.
func (c *comparison) shut(before event) error {
	after, err := c.take()
	if err != nil {
		return err
	}
	if after.kind != evClose || !bytes.Equal(before.name.of(c.old.body), after.name.of(c.now.body)) {
		return syntax.Broken("an element does not end where it did")
	}
	return nil
}

// chars takes what the new body has of text here.
func (c *comparison) chars() (string, error) {
	var b strings.Builder
	for {
		e, err := c.peek()
		if err != nil || !e.isText() {
			return b.String(), err
		}
		b.WriteString(c.now.meaning(e))
		c.ahead = nil
	}
}
