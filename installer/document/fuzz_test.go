package document_test

import (
	"bytes"
	"testing"
	"unicode/utf8"

	"github.com/empowersuite/backend-installer/installer/document"
	"github.com/empowersuite/backend-installer/installer/document/syntax/syntaxtest"
	"github.com/empowersuite/backend-installer/installer/secret"
)

// FuzzEdit makes two changes at once, or adds two places, in any format: both read
// back, the same again changes nothing, and what is refused is not half done.
func FuzzEdit(f *testing.F) {
	formats := document.Formats()
	for i, format := range formats {
		for _, p := range pairs() {
			if p.format == format {
				f.Add(uint8(i), []byte(p.text), p.one, p.two, entra, "another")
				f.Add(uint8(i), []byte(p.text), p.one+"Z", p.two+"Z", entra, "a\nb")
				f.Add(uint8(i), []byte(p.text), p.one, p.one, "", "{{ x }}")
			}
		}
	}
	f.Fuzz(func(t *testing.T, format uint8, src []byte, one, two, first, second string) {
		to := formats[int(format)%len(formats)]
		if !utf8.ValidString(first) || !utf8.ValidString(second) {
			return
		}
		changes := append(at(one, first), at(two, second)...)
		before := bytes.Clone(src)
		out, matches, err := document.Replace(src, to, changes)
		wantAllOrNothing(t, to, changes, out, err)
		if err == nil && len(matches) != len(changes) {
			t.Errorf("%d matches", len(matches))
		}
		out, err = document.Add(src, to, changes)
		wantAllOrNothing(t, to, changes, out, err)
		if !bytes.Equal(src, before) {
			t.Error("what was given was changed")
		}
	})
}

// wantAllOrNothing: every change reads back, or there is a reason and no result.
func wantAllOrNothing(t *testing.T, f document.Format, changes []document.Change, out []byte, err error) {
	t.Helper()
	if err != nil {
		if out != nil || syntaxtest.Unsafe(err) {
			t.Errorf("got %q, %v", out, err)
		}
		return
	}
	for _, c := range changes {
		if m, err := document.Find(out, f, c.Slot); err != nil || m.Value.Reveal() != c.Value.Reveal() {
			t.Errorf("%s reads %q, %v from %q", c.Slot.At, m.Value.Reveal(), err, out)
		}
	}
	reversed := []document.Change{{Slot: changes[1].Slot, Value: secret.New(changes[1].Value.Reveal())}, changes[0]}
	if again, err := document.Edit(out, f, reversed); err != nil || !bytes.Equal(again, out) {
		t.Errorf("a second time: %q, %v", again, err)
	}
}
