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
		if before.kind != evTag || before.all.start != e.Start() {
			return false, nil
		}
		err := c.newAttribute(condition{attribute: target.attribute, value: e.Text})
		c.done()
		return false, err
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

// newElement passes blanks, the element, and blanks before end.
func (c *comparison) newElement(target address, end int) error {
	want, why := target.fresh(c.edits[0].Text)
	if why != "" {
		return syntax.Broken(why)
	}
	if err := c.blanks(end); err != nil {
		return err
	}
	if err := c.newTag(want); err != nil {
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
	if text != want.text || shut.kind != evClose || shut.all.end > end {
		return syntax.Broken("the element reads differently")
	}
	err = c.blanks(end)
	c.done()
	return err
}

// newTag passes the start tag of an element.
func (c *comparison) newTag(want fresh) error {
	open, err := c.take()
	if err != nil {
		return err
	}
	if open.kind != evOpen || string(open.name.of(c.now.body)) != want.name {
		return syntax.Broken("the element is not there")
	}
	for _, a := range want.attributes {
		if err := c.newAttribute(a); err != nil {
			return err
		}
	}
	tag, err := c.take()
	if err == nil && tag.kind != evTag {
		err = syntax.Broken("the element has more attributes")
	}
	return err
}

// newAttribute passes an attribute.
func (c *comparison) newAttribute(want condition) error {
	e, err := c.take()
	if err != nil {
		return err
	}
	if e.kind != evAttribute || string(e.name.of(c.now.body)) != want.attribute || c.now.meaning(e) != want.value {
		return syntax.Broken("the attribute reads differently")
	}
	return nil
}

// blanks passes blanks that end at end or before it.
func (c *comparison) blanks(end int) error {
	e, err := c.peek()
	if err == nil && e.kind == evText && e.all.end <= end && blank(e.all.of(c.now.body)) {
		c.ahead = nil
	}
	return err
}
