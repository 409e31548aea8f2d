package xmldoc

import (
	"fmt"
	"slices"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
)

// file is a file that was read to its end.
type file struct {
	t       syntax.Text
	charset charset
	show    func(body []byte) []byte // what the second parser sees of a body
}

// Open reads a file.
func Open(src []byte) (syntax.File, error) {
	return open(src, charset.wide)
}

func open(src []byte, show func(c charset, body []byte) []byte) (syntax.File, error) {
	t, c, err := decode(src)
	if err != nil {
		return nil, err
	}
	f := &file{t, c, func(body []byte) []byte { return show(c, body) }}
	s := f.checked(t.Body)
	for {
		e, err := s.next()
		switch {
		case err != nil:
			return nil, s.mistake(e, err)
		case e.kind == evEnd:
			return f, nil
		}
	}
}

// Text implements syntax.File.
func (f *file) Text() syntax.Text { return f.t }

// Find implements syntax.File.
func (f *file) Find(at string) (syntax.Value, error) {
	target, err := parse(at)
	if err != nil {
		return syntax.Value{}, err
	}
	here, err := f.find(target)
	if err != nil {
		return syntax.Value{}, err
	}
	n, err := f.only(at, target, here)
	if err != nil {
		return syntax.Value{}, err
	}
	v, err := f.value(n, target.attribute)
	switch e := syntax.Decrypted(v.Text); {
	case err != nil:
		return v, err
	case v.Refusal != nil:
		return v, v.Refusal
	case e != nil:
		return v, e.At(f.t.Body, v.Start)
	}
	return v, nil
}

// only is the one element that was found, which can be changed.
func (f *file) only(at string, target address, here found) (node, error) {
	switch {
	case here.count == 0 && here.near > 0:
		return node{}, f.nearly(syntax.NotFound, at, here)
	case here.count == 0:
		reason := "no " + at
		if here.deep > 0 && here.deep < len(target.steps) {
			reason += ": " + address{steps: target.steps[:here.deep]}.String() + " is here, but not that in it"
		}
		return node{}, syntax.Refuse(syntax.NotFound, f.t.Body, here.last, reason)
	case here.count > 1:
		line, _ := syntax.Place(f.t.Body, here.nodes[0].open.all.start)
		return node{}, syntax.Refuse(syntax.Ambiguous, f.t.Body, here.nodes[1].open.all.start,
			fmt.Sprintf("%s is there %d times, first in line %d", at, here.count, line))
	case here.near > 0:
		return node{}, f.nearly(syntax.Ambiguous, at, here)
	}
	return here.nodes[0], here.nodes[0].guard.refusal(f.t.Body)
}

func (f *file) nearly(kind syntax.Kind, at string, here found) error {
	return syntax.Refuse(kind, f.t.Body, here.near, at+" differs in upper and lower case only, which are one to .NET")
}

// Replace implements syntax.File.
func (f *file) Replace(v syntax.Value, text string) (syntax.Edit, error) {
	if err := representable(text); err != nil {
		return syntax.Edit{}, err
	}
	switch {
	case v.Style == quoted:
		return syntax.Replacement(v, escaped(text, f.t.Body[v.Start-1]), text), nil
	case v.Style == none && text == "":
		return syntax.Replacement(v, string(f.t.Body[v.Start:v.End]), text), nil
	case v.Style == none:
		name, err := f.nameBefore(v.Start)
		return syntax.Replacement(v, ">"+escaped(text, 0)+"</"+name+">", text), err
	case v.Style == section && plain(text):
		return syntax.Replacement(v, "<![CDATA["+text+"]]>", text), nil
	default:
		return syntax.Replacement(v, escaped(text, 0), text), nil
	}
}

// nameBefore is the name of the element whose tag ends here.
func (f *file) nameBefore(tagEnd int) (string, error) {
	s := f.scanner(f.t.Body)
	name := ""
	for {
		e, err := s.next()
		switch {
		case err != nil || e.kind == evEnd:
			return "", syntax.Broken("there is no element where one was")
		case e.kind == evTag && e.all.start == tagEnd:
			return name, nil
		case e.kind == evOpen:
			name = string(e.name.of(f.t.Body))
		}
	}
}

// Verify implements syntax.File.
func (f *file) Verify(after []byte, edits []syntax.Edit) error {
	c := comparison{
		old: f.scanner(f.t.Body), now: f.checked(after), // Open has checked the old one
		edits: slices.Clone(edits), grown: syntax.Growth(syntax.Splices(edits)),
	}
	return c.run()
}
