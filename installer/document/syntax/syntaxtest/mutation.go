package syntaxtest

import (
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
)

// Careless is a format whose encoder never quotes and never escapes.
func Careless(open Open) Open {
	return func(src []byte) (syntax.File, error) {
		f, err := open(src)
		return careless{f}, err
	}
}

type careless struct{ syntax.File }

func (c careless) Replace(v syntax.Value, text string) (syntax.Edit, error) {
	return syntax.Replacement(v, text, text), nil
}

// Add writes as an encoder would that knows the place and escapes nothing.
func (c careless) Add(at, text string) (syntax.Edit, error) {
	e, err := c.File.Add(at, Entra)
	for i := range e.Splices {
		e.Splices[i].Text = strings.ReplaceAll(e.Splices[i].Text, Entra, text)
	}
	e.Text = text
	return e, err
}

// Judge is how a parser that the format does not use reads a place.
type Judge func(src []byte, at string) (string, error)

// MutationOfAdd is Mutation for additions. What passes is also read by a judge,
// where there is one.
func MutationOfAdd(t *testing.T, open Open, cases []Addition, atLeast int, judge Judge) {
	t.Helper()
	if judge == nil {
		judge = func(src []byte, at string) (string, error) { return Get(open, src, at) }
	}
	refused, passed := 0, 0
	for _, c := range cases {
		for _, value := range append(Nasty(), careful()...) {
			out, err := Add(Careless(open), []byte(c.Text), c.At, value)
			if err != nil {
				refused++
				continue
			}
			passed++
			wantReads(t, open, out, c.At, value)
			if got, err := judge(out, c.At); err != nil || got != value {
				t.Errorf("%s: %q passed and is %q, %v to another parser in %q", c.Name, value, got, err, out)
			}
		}
	}
	if refused < atLeast || passed == 0 {
		t.Errorf("%d refused, %d passed: want %d refused at least", refused, passed, atLeast)
	}
}

// careful are values with which a careless encoder writes something else that is
// valid.
func careful() []string {
	return []string{`"quoted"`, `"", "x": "y"`, "a\n  b: c", "x # comment", "'single'", "a\nb = c", "</a><b>", `y", "z": "`, "y\nz=1"}
}

// Mutation proves that Verify catches a careless encoder: at least so many edits
// are refused, and whatever passes keeps the laws.
func Mutation(t *testing.T, open Open, samples []Sample, atLeast int) {
	t.Helper()
	refused, passed := 0, 0
	for _, s := range samples {
		for _, value := range append(Nasty(), careful()...) {
			out, err := Set(Careless(open), s.Source(), s.At, value)
			if err != nil {
				refused++
				continue
			}
			passed++
			if got, err := Get(open, out, s.At); err != nil || got != value {
				t.Errorf("%s: %q passed and reads %q, %v from %q", s.Name, value, got, err, out)
			}
		}
	}
	if refused < atLeast {
		t.Errorf("%d refused, %d passed: want %d refused at least", refused, passed, atLeast)
	}
}
