package xmldoc

import (
	"bytes"
	"strings"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
)

// comparison reads a body before and after its edits in step.
type comparison struct {
	old   scanner
	now   *checked
	edits []syntax.Edit // that were not reached
	moved int           // by what is behind the edits that were
	ahead *event        // of now, looked at but not taken
	grown int
}

func (c *comparison) run() error {
	for {
		before, err := c.old.next()
		if err != nil {
			return err
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
	switch c.reached(before) {
	case notReached:
		return c.same(before, after)
	case anAttribute:
		return c.attribute(before, after)
	case aTag:
		if err := c.same(before, after); err != nil {
			return err
		}
		return c.text()
	case anEmptyTag:
		return c.text()
	default:
		return nil
	}
}

// place is what of an edit an event is.
type place uint8

const (
	notReached  place = iota
	anAttribute       // whose value is replaced
	aTag              // behind which a text is replaced
	anEmptyTag        // which is replaced by > and a text
	anOpenedTag       // an empty one, behind which an element is added
)

func (c *comparison) reached(before event) place {
	if len(c.edits) == 0 {
		return notReached
	}
	e := c.edits[0]
	where := span{e.Start(), e.End()}
	switch {
	case before.kind == evTag:
		return tagged(before, where, e.Added)
	case before.kind == evAttribute && before.value == where:
		return anAttribute
	default:
		return notReached
	}
}

// tagged is what of an edit the end of a start tag is.
func tagged(tag event, where span, added bool) place {
	switch {
	case tag.short && tag.all == where && added:
		return anOpenedTag
	case tag.short && tag.all == where:
		return anEmptyTag
	case !tag.short && tag.all.end == where.start && !added:
		return aTag
	default:
		return notReached
	}
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
