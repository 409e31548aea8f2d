package yamltree_test

import (
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/yamltree"
)

type shape struct {
	Name  string            `yaml:"name"`
	Count int               `yaml:"count"`
	Parts []part            `yaml:"parts"`
	Map   map[string]string `yaml:"map"`
}

type part struct {
	ID string `yaml:"id"`
}

func TestDecodeIsStrictAndTellsEveryMistakeWithItsPlace(t *testing.T) {
	var got shape
	err := yamltree.Decode([]byte("name: a\nnames: TST8Q~not-a-real-secret\nparts:\n  - id: x\n    size: 1\nmap: {a: b, a: c}\n"), &got)
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{`line 2, column 1: unknown key "names"`, `line 5, column 5: unknown key "size"`, `line 6, column 13: the key "a" is there twice`} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is missing in:\n%v", want, err)
		}
	}
}

// yaml.v3's own messages quote values: ours never do.
func TestNoErrorQuotesAValue(t *testing.T) {
	for _, text := range []string{
		"count: TST8Q~not-a-real-secret\n", "name: [TST8Q~not-a-real-secret]\n", "name: \"TST8Q~not-a-real-secret\n",
		"name: a\n TST8Q~not-a-real-secret: b\n", "name: *TST8Q\n", "a\n---\nTST8Q\n", "%TST8Q 1\n---\n", "\tTST8Q: x\n", "",
	} {
		var got shape
		err := yamltree.Decode([]byte(text), &got)
		if err == nil {
			t.Errorf("%q: no error", text)
			continue
		}
		if strings.Contains(err.Error(), "TST8Q") {
			t.Errorf("%q is quoted: %v", text, err)
		}
	}
}

func TestAWrongTypeNamesItsPlaceAndWhatIsWanted(t *testing.T) {
	for text, want := range map[string]string{
		"name: a\ncount: many\n":    "line 2, column 8: a whole number is wanted",
		"name: [a]\n":               "line 1, column 7: one value is wanted",
		"parts: x\n":                "line 1, column 8: a list is wanted",
		"parts: [x]\n":              "line 1, column 9: key: value is wanted",
		"map: [x]\n":                "line 1, column 6: key: value is wanted",
		"- x\n":                     "line 1, column 1: key: value is wanted",
		"count: many\nother: 1\n":   "line 2, column 1: unknown key \"other\"",
		"other: 1\ncount: [1, 2]\n": "line 2, column 8: a whole number is wanted",
	} {
		var got shape
		err := yamltree.Decode([]byte(text), &got)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q in it", text, err, want)
		}
	}
	var got shape
	if err := yamltree.Decode([]byte("name:\ncount: ~\nparts: null\nmap:\n"), &got); err != nil {
		t.Errorf("nothing at all: %v", err)
	}
}

// yaml.v3 tells the lines of its parser as one less, and leaves out the first.
func TestASyntaxErrorTellsItsLine(t *testing.T) {
	for text, want := range map[string]string{
		"a: 1\nk: 'o'ld\n": "line 2: ", "a: 1\n- b\n": "line 2: ", "a: [1\nk: old\n": "line 2: ", "k: 'o'ld\n": "line 1: ",
		"a: b: c\nk: old\n": "line 1: ", "\ta: 1\n": "line 1: ", "a: @x\n": "line 1: ", "%YAML 1.3\n---\nk: old\n": "line 1: ",
		"x: 1\na: \"\\q\"\n": "line 2: ", "a: 1\n\tb: 2\n": "line 2: ", "a: 1\n b: 2\n": "line 2: ", "a: \"x\n": "line 1: ", "b: 1\na: [\n": "line 2: ", "a: !x!y z\n": "line 1: ",
		"a: 1\nü: \x01\n": "line 2, column 4: ", "a: 1\nb: \xff\n": "line 2, column 4: ", "a: \"\\q\"\n": "line 1: ",
		"a: 1\nj: *x\n": "not valid YAML", // yaml.v3 does not tell
	} {
		var got shape
		if err := yamltree.Decode([]byte(text), &got); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", text, err, want)
		}
	}
}

func TestWhatIsEncodedDecodesTheSame(t *testing.T) {
	want := shape{Name: "it's: #1", Count: 3, Parts: []part{{"x"}}, Map: map[string]string{"k": "null"}}
	text, err := yamltree.Encode(want)
	if err != nil {
		t.Fatal(err)
	}
	var got shape
	if err := yamltree.Decode(text, &got); err != nil || got.Name != want.Name || got.Map["k"] != "null" || got.Parts[0].ID != "x" {
		t.Errorf("got %+v, %v from\n%s", got, err, text)
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"a: b\n", "- &a x\n- *a\n", "a: |\n  x\n", "{", "!!binary x", "? a\n: b\n", "a: !!float\n"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(_ *testing.T, text []byte) {
		_, _ = yamltree.Parse(text) // must not panic
		var into shape
		_ = yamltree.Decode(text, &into)
	})
}
