package syntax_test

import (
	"bytes"
	"testing"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/document/syntax/syntaxtest"
)

// displaced reads b of a body that was edited in another place than it is.
type displaced struct {
	lines
	start, end int // by how much
}

func (d displaced) Values(body []byte) ([]syntax.Value, error) {
	values, err := d.lines.Values(body)
	for i := range values {
		if values[i].Path == "b" && bytes.Contains(body, []byte("new")) {
			values[i].Start += d.start
			values[i].End += d.end
		}
	}
	return values, err
}

// A value that was not edited is where the text before it moved it to, and nowhere
// else, though it is the same value.
func TestAValueThatMovedOtherwiseIsRefused(t *testing.T) {
	for _, c := range []struct {
		start, end int
		want       syntax.Kind
	}{{0, 0, ""}, {1, 1, syntax.Verify}, {-1, -1, syntax.Verify}, {0, 1, syntax.Verify}, {-1, 0, syntax.Verify}} {
		open := func(src []byte) (syntax.File, error) {
			return syntax.Open(syntax.Text{Body: src}, displaced{start: c.start, end: c.end})
		}
		for _, at := range []string{"a", "c"} { // before it and behind it
			_, err := syntaxtest.Set(open, []byte("a=old\nb=x\nc=old\n"), at, "new")
			if got := syntaxtest.KindOf(err); got != c.want {
				t.Errorf("%s, %d to %d: got %v (%s), want %s", at, c.start, c.end, err, got, c.want)
			}
		}
		_, err := syntaxtest.Add(open, []byte("a=old\nb=x\n"), "c", "new")
		if got := syntaxtest.KindOf(err); got != c.want {
			t.Errorf("added, %d to %d: got %v (%s), want %s", c.start, c.end, err, got, c.want)
		}
	}
}
