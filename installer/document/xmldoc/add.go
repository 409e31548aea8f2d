package xmldoc

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
)

// Add implements syntax.File. The path of its edit ends in the element as the
// address names it where that comes new, and in its position where it is there:
// so Verify can tell.
func (f *file) Add(at, text string) (syntax.Edit, error) {
	target, err := parse(at)
	if err != nil {
		return syntax.Edit{}, err
	}
	here, err := f.find(target)
	switch {
	case err != nil:
		return syntax.Edit{}, err
	case here.count > 0:
		return syntax.Edit{}, syntax.Refuse(syntax.Present, f.t.Body, here.nodes[0].open.all.start, at+" is there")
	case here.near > 0:
		return syntax.Edit{}, f.nearly(syntax.Present, at, here)
	}
	if err := representable(text); err != nil {
		return syntax.Edit{}, err
	}
	if target.attribute != "" {
		if e, ok, err := f.addAttribute(at, target, text); ok || err != nil {
			return e, err
		}
	}
	return f.addElement(target, text)
}

// addAttribute is not ok where the element is not there.
func (f *file) addAttribute(at string, target address, text string) (e syntax.Edit, ok bool, err error) {
	owner := address{steps: target.steps}
	here, err := f.find(owner)
	if err != nil || here.count == 0 {
		return e, false, err
	}
	n, err := f.only(owner.String(), owner, here)
	if err != nil {
		return e, false, err
	}
	if !addable(target.attribute) {
		return e, false, &syntax.Error{Kind: syntax.Unsupported, Reason: "no " + at + ": " + onlyPlain}
	}
	in, err := f.read(n.open, "")
	pos := in.tagEnd.all.start
	added := in.separator(f.t.Body) + target.attribute + "=" + quotation(text, quote(f.t.Body, in.tag))
	return addition(n.path+"/@"+target.attribute, text, syntax.Splice{Start: pos, End: pos, Text: added}), true, err
}

const onlyPlain = "a name that is added is ASCII and has no prefix, which might not be declared"

func addable(name string) bool {
	return !strings.ContainsFunc(name, func(r rune) bool { return r == ':' || r >= utf8.RuneSelf }) && name != "xmlns"
}

func addition(path, text string, s syntax.Splice) syntax.Edit {
	return syntax.Edit{Splices: []syntax.Splice{s}, Old: syntax.Value{Path: path}, Text: text, Added: true}
}

// fresh is an element to add.
type fresh struct {
	name       string
	attributes []condition // each once
	text       string
	short      bool // nothing within
}

// fresh is the element that an address asks for, or why it cannot be added.
func (a address) fresh(text string) (fresh, string) {
	last := a.last()
	e := fresh{name: last.name, text: text}
	if !addable(last.name) {
		return e, onlyPlain
	}
	all := slices.Clone(last.conditions)
	if a.attribute != "" {
		if len(all) == 0 {
			return e, "the element that is to have the attribute is missing: name it by its attributes to add it"
		}
		all = append(all, condition{attribute: a.attribute, value: text})
		e.text, e.short = "", true
	}
	for _, c := range all {
		i := slices.IndexFunc(e.attributes, func(o condition) bool { return o.attribute == c.attribute })
		switch {
		case c.attribute == "":
			return e, "an element is added at the end, not at a position"
		case !addable(c.attribute):
			return e, onlyPlain
		case representable(c.value) != nil:
			return e, "XML cannot hold the attribute " + c.attribute
		case i >= 0 && e.attributes[i].value != c.value:
			return e, "it asks for two values of the attribute " + c.attribute
		case i < 0:
			e.attributes = append(e.attributes, c)
		}
	}
	return e, ""
}

func (f *file) addElement(target address, text string) (syntax.Edit, error) {
	above := address{steps: target.steps[:len(target.steps)-1]}
	if len(above.steps) == 0 {
		return syntax.Edit{}, &syntax.Error{Kind: syntax.NotFound, Reason: "the root element has another name"}
	}
	here, err := f.find(above)
	if err != nil {
		return syntax.Edit{}, err
	}
	n, err := f.only(above.String(), above, here)
	if err != nil {
		return syntax.Edit{}, err
	}
	in, err := f.read(n.open, target.last().name)
	if err != nil {
		return syntax.Edit{}, err
	}
	if in.words > 0 {
		return syntax.Edit{}, syntax.Refuse(syntax.Unsupported, f.t.Body, in.words, "the element holds text: no element is added to it")
	}
	e, why := target.fresh(text)
	if why != "" {
		return syntax.Edit{}, &syntax.Error{Kind: syntax.Unsupported, Reason: "no " + target.String() + ": " + why}
	}
	path := address{[]step{target.last()}, target.attribute}
	return addition(n.path+path.String(), text, f.insertion(in, e)), nil
}

// insertion puts a new element behind its kin, else behind the last child, else
// behind the last comment.
func (f *file) insertion(in *element, e fresh) syntax.Splice {
	body := f.t.Body
	like := in.last
	if in.kin.end.kind == evClose {
		like = in.kin
	}
	if like.end.kind == evClose {
		text := lastLine(string(like.gap.of(body))) + e.write(like.tail(body), quote(body, like.tag))
		return syntax.Splice{Start: like.behind, End: like.behind, Text: text}
	}
	lead, indented := f.lead(in.open.all.start)
	text := e.write(in.tail(body), quote(body, in.tag))
	if indented {
		text = lead + f.unit() + text
	}
	at := in.tagEnd.all
	if in.tagEnd.short {
		return syntax.Splice{Start: at.start, End: at.end, Text: ">" + text + lead + "</" + string(in.open.name.of(body)) + ">"}
	}
	if in.aside.kind != evEnd {
		at = in.aside.all
	}
	if at.end == in.end.all.start {
		text += lead
	}
	return syntax.Splice{Start: at.end, End: at.end, Text: text}
}
