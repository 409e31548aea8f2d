package kubernetes

import (
	"encoding/base64"
	"errors"
	"slices"
	"unicode/utf8"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/document/yamldoc"
	"github.com/empowersuite/backend-installer/installer/yamltree"
)

// Within opens a file that a Secret holds.
type Within func(format string, src []byte) (syntax.File, error)

// file is a manifest.
type file struct {
	yaml   *yamldoc.File
	within Within
}

// Open reads a manifest to its end.
func Open(src []byte, within Within) (syntax.File, error) {
	y, err := yamldoc.Parse(src)
	if err != nil {
		return nil, err
	}
	return file{y, within}, nil
}

// Text implements syntax.File.
func (f file) Text() syntax.Text { return f.yaml.Text() }

// place is what an address leads to.
type place struct {
	address
	secret *yamltree.Node
	scalar syntax.Value // of the manifest
	text   string       // what it stands for
}

// Find implements syntax.File.
func (f file) Find(at string) (syntax.Value, error) {
	p, err := f.place(at)
	if err != nil {
		return syntax.Value{}, err
	}
	v := p.scalar
	v.Path, v.Text = at, p.text
	if p.format == "" {
		return v, f.notCopied(p, p.text)
	}
	in, err := f.within(p.format, []byte(p.text))
	if err != nil {
		return v, f.inside(p, err)
	}
	inner, err := in.Find(p.inner)
	if err != nil {
		return v, f.inside(p, err)
	}
	v.Text = inner.Text
	if splices, ok := f.inBlock(p, []syntax.Splice{{Start: inner.Start, End: inner.End}}); ok {
		v.Start, v.End = splices[0].Start, splices[0].End
	}
	return v, f.notCopied(p, inner.Text)
}

// inBlock are splices of a file within as splices of the manifest, where it is
// there as it is.
func (f file) inBlock(p place, splices []syntax.Splice) ([]syntax.Splice, bool) {
	if p.field != stringData {
		return nil, false
	}
	return f.yaml.InBlock(p.scalar, splices)
}

// field is data or stringData of the one Secret that an address is about.
func (f file) field(a address) (secret, field *yamltree.Node, err error) {
	if secret, err = f.secret(a); err != nil {
		return nil, nil, err
	}
	if err := f.changeable(secret, a); err != nil {
		return nil, nil, err
	}
	field, err = f.yaml.Member(secret, a.field)
	if err == nil && field == nil {
		err = f.yaml.Refuse(syntax.NotFound, secret, "the Secret has no "+a.field)
	}
	return secret, field, err
}

// place resolves an address.
func (f file) place(at string) (place, error) {
	a, err := parse(at)
	if err != nil {
		return place{}, err
	}
	secret, field, err := f.field(a)
	if err != nil {
		return place{}, err
	}
	n, err := f.yaml.Member(field, a.key)
	if err == nil && n == nil {
		err = f.yaml.Refuse(syntax.NotFound, field, "no "+a.key+" in "+a.field)
	}
	if err != nil {
		return place{}, err
	}
	p := place{address: a, secret: secret}
	if p.scalar, err = f.yaml.Scalar(n, "/"+a.field+"/"+a.key); err != nil {
		return p, err
	}
	p.text = p.scalar.Text
	if a.field == stringData {
		return p, nil
	}
	bytes, err := base64.StdEncoding.DecodeString(p.text) // passes over line ends, as the cluster does
	switch {
	case err != nil:
		return p, f.yaml.Refuse(syntax.Encoding, n, a.key+" is no base64")
	case !utf8.Valid(bytes):
		return p, f.yaml.Refuse(syntax.Encoding, n, a.key+" stands for bytes that are no text")
	}
	p.text = string(bytes)
	return p, nil
}

// encode is a text as the field holds it.
func (a address) encode(text string) string {
	if a.field == data {
		return base64.StdEncoding.EncodeToString([]byte(text))
	}
	return text
}

// Replace implements syntax.File.
func (f file) Replace(v syntax.Value, text string) (syntax.Edit, error) {
	return f.change(v.Path, text, false)
}

// Add implements syntax.File. A key is added to a field that is there, or a place
// to the file that a key holds.
func (f file) Add(at, text string) (syntax.Edit, error) {
	a, err := parse(at)
	if err != nil {
		return syntax.Edit{}, err
	}
	if a.format != "" {
		return f.change(at, text, true)
	}
	secret, field, err := f.field(a)
	if err != nil {
		return syntax.Edit{}, err
	}
	n, err := f.yaml.Member(field, a.key)
	if n != nil {
		err = f.yaml.Refuse(syntax.Present, n, "/"+a.field+"/"+a.key+" is there")
	}
	if err == nil {
		err = f.writable(place{address: a, secret: secret}, text)
	}
	if err != nil {
		return syntax.Edit{}, err
	}
	e, err := f.yaml.AddTo(field, a.key, a.encode(text))
	e.Old.Path, e.Text = at, text
	return e, err
}

// change is an edit of the scalar, or within the file that it holds.
func (f file) change(at, text string, add bool) (syntax.Edit, error) {
	p, err := f.place(at)
	if err == nil {
		err = f.writable(p, text)
	}
	if err != nil {
		return syntax.Edit{}, err
	}
	whole := text
	if p.format != "" {
		var splices []syntax.Splice
		if splices, whole, err = f.rewritten(p, text, add); err != nil {
			return syntax.Edit{}, err
		}
		if e, ok, err := f.editBlock(p, splices, whole); ok || err != nil {
			e.Old.Path, e.Text, e.Added = at, text, add
			return e, err
		}
	}
	e, err := f.yaml.Replace(p.scalar, p.encode(whole))
	e.Old.Path, e.Text, e.Added = at, text, add
	return e, err
}

// editBlock is the edit of a literal block that changes the inner value only. It
// is not ok where the file is not in one.
func (f file) editBlock(p place, splices []syntax.Splice, whole string) (e syntax.Edit, ok bool, err error) {
	if _, ok := f.inBlock(p, nil); !ok {
		return e, false, nil
	}
	if err := yamldoc.Representable(whole); err != nil {
		return e, false, err
	}
	e.Old = p.scalar
	if e.Splices, ok = f.inBlock(p, splices); !ok {
		err = syntax.Refuse(syntax.Unsupported, f.Text().Body, p.scalar.Start, "the block that "+p.key+" is cannot take this line by line: change it by hand")
	}
	return e, ok, err
}

// rewritten is the file that a place holds after an edit, which its own format
// has verified.
func (f file) rewritten(p place, text string, add bool) (splices []syntax.Splice, whole string, err error) {
	in, err := f.within(p.format, []byte(p.text))
	if err != nil {
		return nil, "", f.inside(p, err)
	}
	var e syntax.Edit
	if add {
		e, err = in.Add(p.inner, text)
	} else {
		var v syntax.Value
		if v, err = in.Find(p.inner); err == nil {
			e, err = in.Replace(v, text)
		}
	}
	if err != nil {
		return nil, "", f.inside(p, err)
	}
	out, err := syntax.Make(in, []byte(p.text), []syntax.Edit{e})
	return e.Splices, string(out), f.inside(p, err)
}

// inside says of an inner file's refusal where that file is.
func (f file) inside(p place, err error) error {
	var e *syntax.Error
	if err == nil || !errors.As(err, &e) || e.Kind == syntax.BadPointer {
		return err
	}
	return syntax.Refuse(e.Kind, f.Text().Body, p.scalar.Start, "in the file that "+p.key+" holds: "+e.Error())
}

// Verify implements syntax.File: what the manifest must be is worked out anew from
// what it was.
func (f file) Verify(after []byte, edits []syntax.Edit) error {
	var outer []syntax.Edit
	texts := map[int]string{} // what a scalar stands for so far, for several edits within it
	for _, e := range edits {
		a, err := parse(e.Old.Path)
		if err != nil {
			return err
		}
		if a.format == "" {
			e.Text = a.encode(e.Text)
			outer = append(outer, e)
			continue
		}
		p, err := f.place(e.Old.Path)
		if err != nil {
			return err
		}
		before, again := texts[p.scalar.Ordinal]
		if again {
			p.text = before
		}
		_, whole, err := f.rewritten(p, e.Text, e.Added)
		if err != nil {
			return err
		}
		texts[p.scalar.Ordinal] = whole
		e.Text, e.Added = p.encode(whole), false
		if again {
			last := &outer[len(outer)-1]
			last.Splices, last.Text = append(slices.Clone(last.Splices), e.Splices...), e.Text
			continue
		}
		outer = append(outer, e)
	}
	return f.yaml.Verify(after, outer)
}
