package yamldoc_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/document/syntax/syntaxtest"
	"github.com/empowersuite/backend-installer/installer/document/yamldoc"
)

const secret = syntaxtest.Entra

func samples() []syntaxtest.Sample {
	in := func(name, at, text, old string) syntaxtest.Sample {
		return syntaxtest.Sample{Name: name, At: at, Text: text, Old: old}
	}
	return []syntaxtest.Sample{
		in("plain", "/a/b", "a:\n  b: «old»\n  c: x\n", "old"),
		in("plain with a comment", "/a", "# a: decoy\na:   «old»   # a: decoy\nb: 1\n", "old"),
		in("plain, several words", "/a", "a: «two words»\n", "two words"),
		in("plain, several lines", "/a", "a: «two\n  words\n\n  apart»\nb: x\n", "two words\napart"),
		in("double quotes", "/a", "a: «\"old\"» # x\n", "old"),
		in("double quotes with escapes", "/a", "a: «\"\\x41\\u00e9\\U0001F600\\t\\\"\\N\"»\n", "Aé😀\t\"\u0085"),
		in("double quotes, several lines", "/a", "a: «\"one\n  two\\\n  three\n\n  four\"»\nb: x\n", "one twothree\nfour"),
		in("single quotes", "/a", "a: «'it''s'» # x\n", "it's"),
		in("single quotes, several lines", "/a", "a: «'one\n  two'»\n", "one two"),
		in("empty quotes", "/a", "a: «\"\"»\nb: ''\n", ""),
		in("nothing", "/a", "a:«»\nb: x\n", ""),
		in("nothing, with a comment", "/a", "a:«» # x\nb: x\n", ""),
		in("nothing, at the end", "/a", "b: x\na:«»", ""),
		in("a flow map", "/a/b", "a: {x: 1, b: «old», \"c\": [b, old]}\n", "old"),
		in("a flow map of JSON", "/a/b", "{\"a\": {\"b\": «\"old\"»}, \"c\": 1}\n", "old"),
		in("a flow list", "/a/1", "a: [x, «old» , y]\n", "old"),
		in("a list", "/a/1/b", "a:\n- b: x\n- b: «old»\n  c: y\n", "old"),
		in("an element", "/1", "- x\n- «old»\n", "old"),
		in("literal", "/a", "a: «|\n  old»\nb: x\n", "old\n"),
		in("literal, stripped", "/a", "a: «|-\n    old»\nb: x\n", "old"),
		in("literal, kept", "/a", "a: «|+\n  old»\n\nb: x\n", "old\n\n"),
		in("literal, its own indentation", "/a", "a: «|2-\n    old»\nb: x\n", "  old"),
		in("literal, a comment", "/a", "a: «|- # why\n  one\n\n  two»\n# after\nb: x\n", "one\n\ntwo"),
		in("folded", "/a", "a: «>\n  one\n  two\n\n  three»\nb: x\n", "one two\nthree\n"),
		in("folded, stripped", "/a/b", "a:\n  b: «>-\n    one\n      more\n    two»\n  c: x\n", "one\n  more\ntwo"),
		in("literal, no final newline", "/a", "a: «|-\n  old»", "old"),
		in("an anchor that nobody uses", "/a", "a: &x «old»\n", "old"),
		in("a tag of texts", "/a", "a: !!str «old»\n", "old"),
		in("the mark and CRLF", "/a", "\xef\xbb\xbf# ü\r\na: «old»\r\nb:\r\n  - x\r\n", "old"),
		in("CRLF, literal", "/a", "a: «|-\r\n  one\r\n  two»\r\nb: x\r\n", "one\ntwo"),
		in("no final newline", "/a", "a: «old»", "old"),
		in("characters before it on the line", "/c", "{ü: 漢, 😀: x, c: «old»}\n", "old"),
		in("one of several documents", "/a", "%YAML 1.1\n---\nb: x\n...\n---\na: «old»\n--- # x\nc: y\n", "old"),
		in("a key in quotes", "/a b", "\"a b\": «old»\n", "old"),
		in("a key with a slash", "/a~1b", "a/b: «old»\n", "old"),
		in("a key that reads as a number", "/1", "1: «old»\n", "old"),
		in("a key far from its value", "/a", "a:\n\n    # why\n\n    «old»\nb: x\n", "old"),
		in("other places with anchors and merges", "/d", "a: &a {x: 1}\nb: *a\nc:\n  <<: *a\nd: «old»\n", "old"),
		in("a Secret of Kubernetes", "/stringData/x", "apiVersion: v1\nkind: Secret\ndata:\n  y: eA==\nstringData:\n  x: «old»\n", "old"),
		in("the whole file", "", "«old»\n", "old"),
		in("tabs after it", "/a", "a: «old»\t\t# x\n", "old"),
		in("a colon and a number sign within", "/a", "a: «http://x/#y»\n", "http://x/#y"),
		in("a directive of YAML 1.2", "/a", "%YAML 1.2\n---\na: «old»\n", "old"),
		in("beside what 1.1 and 1.2 resolve differently", "/a", "a: «old»\nb: [yes, 0o14, 014, 1_000, 2001-01-01, ~, <<, =]\n", "old"),
		in("a directive of a later document", "/b", "# x\n%YAML 1.2\n---\na: x\n...\n# y\n%YAML 1.2\n%TAG ! tag:x,2000:\n---\nb: «old»\n", "old"),
		in("what looks like a directive", "/b", "a: |\n  %YAML 1.2\n  ...\nb: «old»\n", "old"),
		in("blanks in double quotes", "/a", "a: «\"  x \t y  \"»\n", "  x \t y  "),
		in("blanks around line ends in quotes", "/a", "a: «\"x \t\n \t\n\t y\"»\n", "x\ny"),
		in("escaped line ends and blanks", "/a", "a: «\"x \\\n  \\ y\\\n\n  z\"»\n", "x  y\nz"),
		in("escaped line ends with CRLF", "/a", "a: «\"x\\\r\n  y\\\r\n\r\n  z\"»\r\n", "xy\nz"),
		in("every escape", "/a", "a: «\"\\0\\a\\b\\t\\n\\v\\f\\r\\e\\ \\\"\\\\\\N\\_\\L\\P\"»\n", "\x00\a\b\t\n\v\f\r\x1b \"\\\u0085\u00a0\u2028\u2029"),
		in("blanks within a plain scalar", "/a", "a: «x \t y»  \n", "x \t y"),
		in("single quotes of blanks", "/a", "a: «'   '»\n", "   "),
		in("literal, empty lines", "/a", "a: «|+\n\n\n  x\n   \n\n  y»\n\n\nb: x\n", "\n\nx\n \n\ny\n\n\n"),
		in("literal, a tab first on a line", "/a", "a: «|\n  x\n  \ty»\n", "x\n\ty\n"),
		in("literal, a digit and empty lines", "/a", "a: «|1\n\n  x\n y»\n", "\n x\ny\n"),
		in("literal in a list", "/a/0", "a:\n- «|-\n  old»\n- x\n", "old"),
		in("literal, a chomping before a digit", "/a", "a: «|-2\n   old»\n", " old"),
		in("literal, behind an anchor and a tag", "/a", "a: &x !!str «|-\n  old»\n", "old"),
		in("folded, deeper lines and empty ones", "/a", "a: «>\n  x\n  y\n\n    z\n\n\n  u\n  v»\n", "x y\n\n  z\n\n\nu v\n"),
		in("folded, a digit", "/a", "a: «>2-\n    x\n  y»\n", "  x\ny"),
		in("folded, kept", "/a", "a: «>+\n  x»\n\n", "x\n\n"),
		in("JSON of several lines", "/a/0/b", "{\n\t\"a\": [\n\t\t{\"b\":«\"old\"»}\n\t]\n}\n", "old"),
		in("beside what a controller keeps", "/a", "kind: SealedSecret\nspec: {b: c}\n---\na: «old»\n", "old"),
		in("beside the tag !", "/a", "a: «old»\nb: ! 5\nc: ! [x]\nd: -0\n", "old"),
		in("a value behind a comment", "/a", "a: # why\n  «old»\n", "old"),
		in("a key behind a question mark", "/a", "? a\n: «old»\n", "old"),
		in("a pair in a list", "/0/a", "[a: «old», b]\n", "old"),
		in("a merge that does not bring it in", "/b/c", "a: &a {x: 1}\nb:\n  <<: [*a, *a]\n  c: «old»\n", "old"),
		in("a merge that it overrides", "/b/x", "a: &a {x: 1}\nb:\n  <<: *a\n  x: «old»\n", "old"),
		in("an anchor before a tag on lines of their own", "/a", "a:\n  &x # c\n  !!str\n  «old»\n", "old"),
		in("an empty text in a list", "/a/1", "a:\n  - x\n  -«»\n", ""),
	}
}

// TestJSONStaysJSON: what reads a manifest as JSON reads it after the edit.
func TestJSONStaysJSON(t *testing.T) {
	for _, text := range []string{`{"a":"old"}`, "{\n  \"a\": \"old\",\n  \"b\": {\"c\": [1, null, \"\\u00e9\"]}\n}\n", `{"x":{},"a":"ü"}`, `{"a":"😀\u2028"}`} {
		for _, value := range syntaxtest.Nasty() {
			for at, do := range map[string]func(syntaxtest.Open, []byte, string, string) ([]byte, error){"a": syntaxtest.Set, "ö😀": syntaxtest.Add} {
				out, err := do(yamldoc.Open, []byte(text), "/"+at, value)
				if syntaxtest.KindOf(err) == syntax.Unrepresent && strings.Contains(value, "{{") {
					continue
				}
				var reads map[string]any
				if err != nil || json.Unmarshal(out, &reads) != nil || reads[at] != value {
					t.Errorf("%q in %q: %v, %q", value, text, err, out)
				}
			}
		}
	}
}

func TestSeveralValuesAreReplacedAtOnce(t *testing.T) {
	const text = "a: one\nb:\n- 'two' # c\n- |\n  three\nc: {d: \"four\", e: }\n"
	f, err := yamldoc.Open([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	var edits []syntax.Edit
	for _, at := range []string{"/a", "/b/0", "/b/1", "/c/d"} {
		v, err := f.Find(at)
		if err != nil {
			t.Fatal(err)
		}
		e, err := f.Replace(v, "the new, "+at)
		if err != nil {
			t.Fatal(err)
		}
		edits = append(edits, e)
	}
	body, out := f.Text().Edited(syntax.Splices(edits))
	const want = "a: \"the new, /a\"\nb:\n- 'the new, /b/0' # c\n- |-\n  the new, /b/1\nc: {d: \"the new, /c/d\", e: }\n"
	if err := f.Verify(body, edits); err != nil || string(out) != want {
		t.Errorf("got %q, %v, want %q", out, err, want)
	}
	for i := range edits {
		if err := f.Verify(body, append(edits[:i:i], edits[i+1:]...)); !syntax.Is(err, syntax.Verify) {
			t.Errorf("without edit %d: %v", i, err)
		}
	}
}

// expressions are values that a template would not take as they are.
func expressions(_ syntaxtest.Sample, value string) bool { return strings.Contains(value, "{{") }

func TestALawfulEditOfYAML(t *testing.T) {
	syntaxtest.Run(t, yamldoc.Open, samples(), expressions)
}

func TestACarelessEncoderGetsNothingWrongThrough(t *testing.T) {
	syntaxtest.Mutation(t, yamldoc.Open, samples(), 1000)
}

func FuzzYAML(f *testing.F) { syntaxtest.Fuzz(f, yamldoc.Open, samples()) }

func TestTheQuotingStaysWhereItCanCarryTheValue(t *testing.T) {
	for _, c := range []struct{ text, value, want string }{
		{"a: old\n", secret, "a: " + secret + "\n"},
		{"a: old\n", "yes", "a: \"yes\"\n"},
		{"a: old\n", "1e3", "a: \"1e3\"\n"},
		{"a: old\n", "x y", "a: \"x y\"\n"},
		{"a: 'old'\n", "it's", "a: 'it''s'\n"},
		{"a: 'old'\n", "ü", "a: \"\\xfc\"\n"},
		{"a: \"old\"\n", "x\"y\\z😀漢", "a: \"x\\\"y\\\\z\\U0001f600\\u6f22\"\n"},
		{"a:\n", "x", "a: \"x\"\n"},
		{"a:   # c\n", "x", "a: \"x\"   # c\n"},
		{"a: |  # c\n  one\n  two\n", "x", "a: |-  # c\n  x\n"},
		{"a: |-\n  one\n", "x\n", "a: |\n  x\n"},
		{"a: >-\n    one\n    two\n", "# x", "a: >-\n    # x\n"},
		{"a: |-\n  one\n", "x\ny", "a: \"x\\ny\"\n"},
		{"a: &b old\n", "another", "a: &b another\n"},
	} {
		out, err := syntaxtest.Set(yamldoc.Open, []byte(c.text), "/a", c.value)
		if err != nil || string(out) != c.want {
			t.Errorf("%q set to %q: got %q, %v, want %q", c.text, c.value, out, err, c.want)
		}
	}
}
