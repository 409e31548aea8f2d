// Package syntaxtest holds the laws that every format of package document keeps,
// as tests for the packages of the formats.
//
// # What it is
//
// Run proves the laws on samples with each of the Nasty values, Fuzz on files
// that nobody thought of, Refusals on files that must be refused. Careless
// stands for a broken encoder: what Verify lets through of its work must still
// be right.
//
// # Units
//
// A sample is a text in which « and » stand around what may change.
package syntaxtest

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
)

// Entra has the form of a client secret and is none.
const Entra = "TST8Q~not-a-real-secret-0000000000000001"

// Open is a format.
type Open func(src []byte) (syntax.File, error)

// Sample is a file with a marked value.
type Sample struct {
	Name string
	At   string
	Text string // « and » stand around the text that may change
	Old  string // what that means
}

// Source is the file.
func (s Sample) Source() []byte {
	return []byte(strings.NewReplacer("«", "", "»", "").Replace(s.Text))
}

// Span is where the marks are.
func (s Sample) Span() (start, end int) {
	start = strings.Index(s.Text, "«")
	return start, strings.Index(s.Text, "»") - len("«")
}

// Run proves on samples: what is marked is what is found; setting what is there
// changes nothing; read after set is the value; every byte outside of the marks
// stays; a second time changes nothing. refused tells which values a format
// cannot carry in the place of a sample: they must be refused for a reason of
// syntax.Unrepresent, as those that are Foreign, and no others.
func Run(t *testing.T, open Open, samples []Sample, refused func(s Sample, value string) bool) {
	t.Helper()
	for _, s := range samples {
		t.Run(s.Name, func(t *testing.T) {
			wantFound(t, open, s)
			wantNoEdit(t, open, s.Source(), s.At, s.Old)
			for _, value := range Nasty() {
				out, err := Set(open, s.Source(), s.At, value)
				switch {
				case err == nil:
					wantLaws(t, open, s, out, value)
				case KindOf(err) != syntax.Unrepresent || refused == nil || !refused(s, value):
					t.Errorf("%q: %v", value, err)
				}
			}
			for _, value := range Foreign() {
				if out, err := Set(open, s.Source(), s.At, value); KindOf(err) != syntax.Unrepresent {
					t.Errorf("%q: %v, %q", value, err, out)
				}
			}
		})
	}
}

func wantFound(t *testing.T, open Open, s Sample) {
	t.Helper()
	f, err := open(s.Source())
	if err != nil {
		t.Fatal(err)
	}
	v, err := f.Find(s.At)
	if err != nil {
		t.Fatal(err)
	}
	start, end := s.Span()
	from, to := f.Text().Offset(v.Start), f.Text().Offset(v.End)
	if from != start || to != end || v.Text != s.Old {
		t.Errorf("found %q at %d to %d, want %q at %d to %d", v.Text, from, to, s.Old, start, end)
	}
}

func wantLaws(t *testing.T, open Open, s Sample, out []byte, value string) {
	t.Helper()
	src := s.Source()
	start, end := s.Span()
	if !bytes.HasPrefix(out, src[:start]) || !bytes.HasSuffix(out[start:], src[end:]) {
		t.Errorf("%q: a byte outside changed: %q", value, out)
	}
	if got, err := Get(open, out, s.At); err != nil || got != value {
		t.Errorf("%q: reads %q, %v from %q", value, got, err, out)
		return
	}
	wantNoEdit(t, open, out, s.At, value)
}

// wantNoEdit: replacing a value by itself is left to the caller of a File, which
// does not even ask; but what Replace would write must pass Verify.
func wantNoEdit(t *testing.T, open Open, src []byte, at, value string) {
	t.Helper()
	out, err := Set(open, src, at, value)
	if KindOf(err) == syntax.Unrepresent {
		return
	}
	if err != nil {
		t.Errorf("the same value: %v", err)
		return
	}
	if got, err := Get(open, out, at); err != nil || got != value {
		t.Errorf("the same value: %q, %v from %q", got, err, out)
	}
}

// Get is the value of a place.
func Get(open Open, src []byte, at string) (string, error) {
	f, err := open(src)
	if err != nil {
		return "", err
	}
	v, err := f.Find(at)
	return v.Text, err
}

// Set replaces a value and verifies the result.
func Set(open Open, src []byte, at, value string) ([]byte, error) {
	f, err := open(src)
	if err != nil {
		return nil, err
	}
	v, err := f.Find(at)
	if err != nil {
		return nil, err
	}
	edit, err := f.Replace(v, value)
	if err != nil {
		return nil, err
	}
	return syntax.Make(f, src, []syntax.Edit{edit})
}

// Add adds a value and verifies the result.
func Add(open Open, src []byte, at, value string) ([]byte, error) {
	f, err := open(src)
	if err != nil {
		return nil, err
	}
	edit, err := f.Add(at, value)
	if err != nil {
		return nil, err
	}
	return syntax.Make(f, src, []syntax.Edit{edit})
}

// Addition is a file to which a place is added, and what it must be afterwards.
type Addition struct {
	Name, At, Value, Text, Want string
}

// Additions proves that adding writes what a person would have written, reads
// back, and that a second time is refused.
func Additions(t *testing.T, open Open, cases []Addition) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			out, err := Add(open, []byte(c.Text), c.At, c.Value)
			if err != nil {
				t.Fatal(err)
			}
			if string(out) != c.Want {
				t.Errorf("got %q, want %q", out, c.Want)
			}
			if got, err := Get(open, out, c.At); err != nil || got != c.Value {
				t.Errorf("reads %q, %v", got, err)
			}
			_, err = Add(open, out, c.At, c.Value)
			if KindOf(err) != syntax.Present {
				t.Errorf("a second time: %v", err)
			}
			wantAddable(t, open, c)
		})
	}
}

// wantAddable: every other value is added, too, or cannot be represented.
func wantAddable(t *testing.T, open Open, c Addition) {
	t.Helper()
	for _, value := range append(Nasty(), Foreign()...) {
		out, err := Add(open, []byte(c.Text), c.At, value)
		switch {
		case err == nil && syntax.Representable(value) == nil:
			wantReads(t, open, out, c.At, value)
		case KindOf(err) != syntax.Unrepresent:
			t.Errorf("%q: %v", value, err)
		}
	}
}

// Refusal is a file in which a place cannot be changed.
type Refusal struct {
	Name, At, Text string
	Want           syntax.Kind
	Place          string // "line:column", not compared where empty
}

// Refusals proves that a place is refused, where and why, by error alone, that
// Find refuses it already, unless it is for the value, and that no error quotes
// what is near it: put Entra there.
func Refusals(t *testing.T, open Open, cases []Refusal) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			out, err := Set(open, []byte(c.Text), c.At, Entra)
			if KindOf(err) != c.Want || out != nil {
				t.Errorf("got %q, %v (%s), want %s", out, err, KindOf(err), c.Want)
			}
			if _, found := Get(open, []byte(c.Text), c.At); found == nil {
				t.Error("Find takes it")
			}
			if err != nil && (strings.Contains(err.Error(), Entra[:6]) || !strings.HasPrefix(err.Error(), c.Place)) {
				t.Errorf("got %q, want it at %q and without a value", err, c.Place)
			}
		})
	}
}

// KindOf is why an error refuses, "" where it is none of this package.
func KindOf(err error) syntax.Kind {
	var e *syntax.Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return ""
}

func wantReads(t *testing.T, open Open, src []byte, at, value string) {
	t.Helper()
	if got, err := Get(open, src, at); err != nil || got != value {
		t.Errorf("reads %q, %v, want %q from %q", got, err, value, src)
	}
}
