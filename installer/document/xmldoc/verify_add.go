package xmldoc

import (
	"github.com/empowersuite/backend-installer/installer/document/syntax"
)

// addition passes what an addition brought before an event of the old body. It
// has passed that one, too, where it was the end of an element that was />.
func (c *comparison) addition(before event) (passed bool, err error) {
	if len(c.edits) == 0 || !c.edits[0].Added {
		return false, nil
	}
	e := c.edits[0]
	target, err := parse(e.Old.Path)
	if err != nil {
		return false, syntax.Broken("what was added has no address")
	}
	if target.last().positioned() {
		if before.kind == evTag && before.all.start == e.Start() {
			return false, c.newAttribute(target.attribute)
		}
		return false, nil
	}
	virtual := before.kind == evClose && before.short
	opened := e.Start() != e.End()
	if virtual != opened || before.all.start < e.End() {
		return false, nil
	}
	end := e.Start() + c.moved + len(e.Splices[0].Text)
	if err := c.newElement(target, end); err != nil || !opened {
		return false, err
	}
	return true, c.shut(before)
}

func (c *comparison) newAttribute(name string) error {
	e, err := c.take()
	if err != nil {
		return err
	}
	if e.kind != evAttribute || string(e.name.of(c.now.body)) != name || c.now.meaning(e) != c.edits[0].Text {
		return syntax.Broken("the attribute reads differently")
	}
	c.done()
	return nil
}

// newElement passes blanks, the element, and blanks before end.
func (c *comparison) newElement(target address, end int) error {
	want, why := target.fresh(c.edits[0].Text)
	if why != "" {
		return syntax.Broken(why)
	}
	if err := c.blanks(end); err != nil {
		return err
	}
	open, err := c.take()
	if err != nil {
		return err
	}
	if open.kind != evOpen || string(open.name.of(c.now.body)) != want.name {
		return syntax.Broken("the element is not there")
	}
	for _, a := range want.attributes {
		e, err := c.take()
		if err != nil {
			return err
		}
		if e.kind != evAttribute || string(e.name.of(c.now.body)) != a.attribute || c.now.meaning(e) != a.value {
			return syntax.Broken("an attribute of the element reads differently")
		}
	}
	tag, err := c.take()
	if err != nil {
		return err
	}
	text, err := c.chars()
	if err != nil {
		return err
	}
	shut, err := c.take()
	if err != nil {
		return err
	}
	if tag.kind != evTag || text != want.text || shut.kind != evClose || shut.all.end > end {
		return syntax.Broken("the element reads differently")
	}
	err = c.blanks(end)
	c.done()
	return err
}

// blanks passes blanks that end at end or before it.
func (c *comparison) blanks(end int) error {
	e, err := c.peek()
	if err == nil && e.kind == evText && e.all.end <= end && blank(e.all.of(c.now.body)) {
		c.ahead = nil
	}
	return err
}
