package tomldoc_test

import (
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/pelletier/go-toml/v2"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/document/syntax/syntaxtest"
	"github.com/empowersuite/backend-installer/installer/document/tomldoc"
)

// decoded is what go-toml's decoder reads, which takes no byte order mark.
func decoded(t *testing.T, src []byte) map[string]any {
	t.Helper()
	var all map[string]any
	if err := toml.Unmarshal([]byte(strings.TrimPrefix(string(src), syntax.MarkUTF8)), &all); err != nil {
		t.Fatalf("%q: %v", src, err)
	}
	return all
}

// put sets the value of a place.
func put(t *testing.T, all any, at, value string) {
	t.Helper()
	tokens, err := syntax.ParsePointer(at)
	if err != nil {
		t.Fatal(err)
	}
	last := tokens[len(tokens)-1]
	for _, token := range tokens[:len(tokens)-1] {
		switch v := all.(type) {
		case map[string]any:
			all = v[token]
		case []any:
			i, err := strconv.Atoi(token)
			if err != nil {
				t.Fatal(err)
			}
			all = v[i]
		}
	}
	switch v := all.(type) {
	case map[string]any:
		v[last] = value
	case []any:
		i, err := strconv.Atoi(last)
		if err != nil {
			t.Fatal(err)
		}
		v[i] = value
	default:
		t.Fatalf("%s is nowhere", at)
	}
}

// printed makes a number that is none equal to itself.
func printed(all map[string]any) string {
	for key, value := range all {
		if f, ok := value.(float64); ok && math.IsNaN(f) {
			all[key] = "nan"
		}
	}
	return fmt.Sprintf("%#v", all)
}

func TestGoTOMLReadsWhatIsWritten(t *testing.T) {
	for _, s := range samples() {
		for _, value := range syntaxtest.Nasty() {
			out, err := syntaxtest.Set(tomldoc.Open, s.Source(), s.At, value)
			if err != nil {
				t.Fatal(err)
			}
			want, got := decoded(t, s.Source()), decoded(t, out)
			put(t, want, s.At, value)
			if !reflect.DeepEqual(got, want) && printed(got) != printed(want) {
				t.Errorf("%s: %q reads otherwise to go-toml in %q", s.Name, value, out)
			}
		}
	}
}

func TestSeveralEditsAreMadeAtOnce(t *testing.T) {
	const src = "a = 'x'\n[t]\nb = 'y' # y\nc = {}\n[u]\nd = 'z'\n"
	f, err := tomldoc.Open([]byte(src))
	if err != nil {
		t.Fatal(err)
	}
	var edits []syntax.Edit
	for _, c := range []struct{ at, value string }{{"/a", "X'"}, {"/t/b", "Y"}, {"/t/c/k", "new"}, {"/t/k", "new"}, {"/u/d", "Z"}, {"/u/k", "new"}} {
		edit, err := f.Add(c.at, c.value)
		if syntax.Is(err, syntax.Present) {
			v, findErr := f.Find(c.at)
			if findErr != nil {
				t.Fatal(findErr)
			}
			edit, err = f.Replace(v, c.value)
		}
		if err != nil {
			t.Fatal(err)
		}
		edits = append(edits, edit)
	}
	const want = "a = \"X'\"\n[t]\nb = 'Y' # y\nc = { k = \"new\" }\nk = \"new\"\n[u]\nd = 'Z'\nk = \"new\"\n"
	body, out := f.Text().Edited(syntax.Splices(edits))
	if err := f.Verify(body, edits); err != nil || string(out) != want {
		t.Errorf("got %q, %v", out, err)
	}
	if err := f.Verify(body, edits[:5]); !syntax.Is(err, syntax.Verify) {
		t.Errorf("an edit that was not asked for: %v", err)
	}
	if err := f.Verify([]byte(src), edits); !syntax.Is(err, syntax.Verify) {
		t.Errorf("edits that were not made: %v", err)
	}
}
