package document

import (
	"bytes"
	"cmp"
	"slices"
	"unicode/utf8"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/secret"
)

// Find returns the value that a slot holds. It refuses what Edit would refuse
// for reasons of the file's own; see syntax.Kind.
func Find(src []byte, f Format, s Slot) (Match, error) {
	file, err := open(src, f, s.FinalNewline)
	if err != nil {
		return Match{}, err
	}
	v, err := file.Find(s.At)
	if err != nil {
		return Match{}, err
	}
	return match(file, v), nil
}

func match(file syntax.File, v syntax.Value) Match {
	line, column := syntax.Place(file.Text().Body, v.Start)
	return Match{Value: secret.New(v.Text), Line: line, Column: column}
}

// Edit returns a copy of src in which every change is made, or an error and
// nothing. It returns only what was read again and found right.
func Edit(src []byte, f Format, changes []Change) ([]byte, error) {
	out, _, err := Replace(src, f, changes)
	return out, err
}

// Replace is Edit that also returns what Find would have of src, for each change:
// the file is read once for both.
func Replace(src []byte, f Format, changes []Change) ([]byte, []Match, error) {
	if len(changes) == 0 {
		return bytes.Clone(src), nil, nil
	}
	file, err := open(src, f, changes[0].Slot.FinalNewline)
	if err != nil {
		return nil, nil, err
	}
	all, err := found(file, changes)
	if err != nil {
		return nil, nil, err
	}
	matches := make([]Match, len(all))
	for i, p := range all {
		matches[i] = match(file, p.Value)
	}
	edits, err := plan(file, all)
	if err != nil {
		return nil, nil, err
	}
	out, err := syntax.Make(file, src, edits)
	if err == nil {
		out, err = settled(out, f, changes)
	}
	if err != nil {
		return nil, nil, err
	}
	return out, matches, nil
}

// Add returns a copy of src to which every change is added as a place that was
// missing, or an error and nothing. What is there already is refused with
// syntax.Present. It returns only what was read again and found right.
func Add(src []byte, f Format, changes []Change) ([]byte, error) {
	out := bytes.Clone(src)
	for _, c := range changes {
		file, err := open(out, f, c.Slot.FinalNewline)
		if err != nil {
			return nil, err
		}
		if err := isText(c); err != nil {
			return nil, err
		}
		edit, err := file.Add(c.Slot.At, c.Value.Reveal())
		if err != nil {
			return nil, err
		}
		if out, err = syntax.Make(file, out, []syntax.Edit{edit}); err != nil {
			return nil, err
		}
	}
	return settled(out, f, changes)
}

// settled is out where every address leads to what was set there. One change alone
// always does: that is the format's law. Of several, one may change what the
// address of another asks for.
func settled(out []byte, f Format, changes []Change) ([]byte, error) {
	if len(changes) < 2 {
		return out, nil
	}
	file, err := open(out, f, changes[0].Slot.FinalNewline)
	if err != nil {
		return nil, err
	}
	for _, c := range changes {
		if v, err := file.Find(c.Slot.At); err != nil || v.Text != c.Value.Reveal() {
			return nil, &syntax.Error{
				Kind:   syntax.Ambiguous,
				Reason: "another of the changes changes what " + c.Slot.At + " asks for: name the place by its position",
			}
		}
	}
	return out, nil
}

// pending is a value that was found, and what it is to be.
type pending struct {
	syntax.Value
	want string
}

// found are the values of the slots, in the order of the changes.
func found(file syntax.File, changes []Change) ([]pending, error) {
	var all []pending
	for _, c := range changes {
		v, err := file.Find(c.Slot.At)
		if err != nil {
			return nil, err
		}
		if err := isText(c); err != nil {
			return nil, syntax.Placed(err, file.Text().Body, v.Start)
		}
		all = append(all, pending{v, c.Value.Reveal()})
	}
	return all, nil
}

// plan writes the texts, in the order of the file. Changes that change nothing are
// left out.
func plan(file syntax.File, all []pending) ([]syntax.Edit, error) {
	slices.SortFunc(all, func(a, b pending) int { return cmp.Compare(a.Start, b.Start) })
	for i := 1; i < len(all); i++ {
		if all[i].Start < all[i-1].End || all[i].Start == all[i-1].Start {
			return nil, syntax.Refuse(syntax.Ambiguous, file.Text().Body, all[i].Start, "two changes are for this one place")
		}
	}
	var edits []syntax.Edit
	for _, p := range all {
		if p.want == p.Text {
			continue
		}
		edit, err := file.Replace(p.Value, p.want)
		if err != nil {
			return nil, syntax.Placed(err, file.Text().Body, p.Start)
		}
		edits = append(edits, edit)
	}
	return edits, nil
}

func isText(c Change) error {
	if !utf8.ValidString(c.Value.Reveal()) {
		return &syntax.Error{Kind: syntax.Unrepresent, Reason: "the value is not valid UTF-8"}
	}
	return nil
}
