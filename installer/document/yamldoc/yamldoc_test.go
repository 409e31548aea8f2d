package yamldoc_test

import (
	"strings"
	"testing"

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
		in("an empty text in a list", "/a/1", "a:\n  - x\n  -«»\n", ""),
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
