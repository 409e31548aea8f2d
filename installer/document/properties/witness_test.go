package properties_test

import (
	"slices"
	"testing"

	"github.com/empowersuite/backend-installer/installer/document/properties"
	"github.com/empowersuite/backend-installer/installer/document/syntax"
)

// The second parser sees the keys and texts that a person does: not fewer, and not
// those of the first parser.
func TestTheSecondParserReadsWhatJavaDoes(t *testing.T) {
	for body, want := range map[string][]syntax.Fact{
		"a=1\n# b=2\n! c=3\nd : x y \n":     {{Path: "a", Text: "1"}, {Path: "d", Text: "x y "}},
		"a = one \\\r\n   two\r\nb\r\n":     {{Path: "a", Text: "one two"}, {Path: "b"}},
		"\\u00e4\\ \\=:\\ud83d\\ude00\\t\n": {{Path: "ä =", Text: "😀\t"}},
		"a=\xfc\n":                          {{Path: "a", Text: "ü"}},
		"a=${b}\n":                          {{Path: "a", Text: "${b}"}},
		"":                                  {},
	} {
		w, ok := properties.Grammar([]byte(body)).(syntax.Witness)
		if !ok {
			t.Fatal("there is no second parser")
		}
		got, err := w.Facts([]byte(body))
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%q: got %v, %v, want %v", body, got, err, want)
			for _, f := range got {
				t.Errorf("%q = %q", f.Path, f.Text)
			}
		}
	}
}
