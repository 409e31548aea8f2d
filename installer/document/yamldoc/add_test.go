package yamldoc_test

import (
	"testing"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/document/syntax/syntaxtest"
	"github.com/empowersuite/backend-installer/installer/document/yamldoc"
)

func TestAnEntryIsAddedInTheFilesOwnManner(t *testing.T) {
	add := func(name, at, text, want string) syntaxtest.Addition {
		return syntaxtest.Addition{Name: name, At: at, Value: "new", Text: text, Want: want}
	}
	cases := []syntaxtest.Addition{
		add("at the top", "/key", "a: 1\n", "a: 1\nkey: new\n"),
		add("no final newline", "/key", "a: 1", "a: 1\nkey: new"),
		add("in a mapping", "/m/key", "m:\n    a: 1\nb: 2\n", "m:\n    a: 1\n    key: new\nb: 2\n"),
		add("the quotes of the last entry", "/key", "a: \"x\"\n", "a: \"x\"\nkey: \"new\"\n"),
		add("single quotes", "/key", "a: 'x'\n", "a: 'x'\nkey: 'new'\n"),
		add("CRLF and a mark", "/m/key", "\xef\xbb\xbfm:\r\n  a: x\r\nb: y\r\n", "\xef\xbb\xbfm:\r\n  a: x\r\n  key: new\r\nb: y\r\n"),
		add("behind a comment", "/m/key", "m:\n  a: x # why\n# of b\nb: y\n", "m:\n  a: x # why\n  key: new\n# of b\nb: y\n"),
		add("before blank lines", "/m/key", "m:\n  a: x\n\n\nb: y\n", "m:\n  a: x\n  key: new\n\n\nb: y\n"),
		add("behind a nested mapping", "/m/key", "m:\n  a:\n    b:\n      - x\n      - y: {z: 1}\nc: 2\n", "m:\n  a:\n    b:\n      - x\n      - y: {z: 1}\n  key: new\nc: 2\n"),
		add("behind a literal block", "/m/key", "m:\n  a: |\n    x\n    y\n\nb: z\n", "m:\n  a: |\n    x\n    y\n  key: new\n\nb: z\n"),
		add("behind a block that keeps its blank lines", "/m/key", "m:\n  a: |+\n    x\n\n\nb: z\n", "m:\n  a: |+\n    x\n\n\n  key: new\nb: z\n"),
		add("behind a kept block at the end", "/key", "a: |+\n  x\n\n", "a: |+\n  x\n\nkey: new\n"),
		add("behind a folded block", "/key", "a: >-\n  x\n  y\n", "a: >-\n  x\n  y\nkey: new\n"),
		add("behind several lines in quotes", "/key", "a: \"x\n  y\" # z\n", "a: \"x\n  y\" # z\nkey: \"new\"\n"),
		add("behind nothing", "/key", "a:\n", "a:\nkey: new\n"),
		add("behind an alias", "/key", "a: &x 1\nb: *x\n", "a: &x 1\nb: *x\nkey: new\n"),
		add("in a list", "/l/1/key", "l:\n- a: 1\n- a: 2\n  b: 3\n- a: 4\n", "l:\n- a: 1\n- a: 2\n  b: 3\n  key: new\n- a: 4\n"),
		add("below a key without a value", "/m/key", "a:\n    b: 1\nm:\nc: 2\n", "a:\n    b: 1\nm:\n    key: new\nc: 2\n"),
		add("below a key with a comment", "/m/key", "m: # none yet\nc: 2\n", "m: # none yet\n  key: new\nc: 2\n"),
		add("between braces", "/m/key", "m: {a: 1} # x\n", "m: {a: 1, key: new} # x\n"),
		add("between empty braces", "/m/key", "m: {}\n", "m: {key: new}\n"),
		add("behind a trailing comma", "/m/key", "m: {a: [1, 2],}\n", "m: {a: [1, 2], key: new,}\n"),
		add("in JSON", "/m/key", "{\"m\": {\"a\": \"x\"}}\n", "{\"m\": {\"a\": \"x\", \"key\": \"new\"}}\n"),
		add("a key that needs quotes", "/a: b", "a: 1\n", "a: 1\n\"a: b\": new\n"),
		add("a key that is a word", "/yes", "a: 1\n", "a: 1\n\"yes\": new\n"),
		add("in one of several documents", "/m/key", "a: 1\n---\nm:\n  b: 2\n...\n---\nc: 3\n", "a: 1\n---\nm:\n  b: 2\n  key: new\n...\n---\nc: 3\n"),
		add("to an empty file", "/key", "", "key: new\n"),
		add("to a file of comments", "/key", "# why\r\n\r\n", "# why\r\n\r\nkey: new\r\n"),
		add("to a comment without a line end", "/key", "\xef\xbb\xbf# why", "\xef\xbb\xbf# why\nkey: new"),
		add("LF behind a head with CRLF", "/key", "# head\r\na: 1\n", "# head\r\na: 1\nkey: new\n"),
		add("CRLF behind a head with LF", "/m/key", "# head\nm:\r\n  a: 1\r\nb: 2\n", "# head\nm:\r\n  a: 1\r\n  key: new\r\nb: 2\n"),
		add("CRLF at the end", "/key", "# head\nb: 1\r\na: 1", "# head\nb: 1\r\na: 1\r\nkey: new"),
		add("CRLF below a key", "/m/key", "# head\nm:\r\n", "# head\nm:\r\n  key: new\r\n"),
		add("CRLF between braces", "/key", "# head\n{\r\n  a: 1\r\n}\n", "# head\n{\r\n  a: 1,\r\n  key: new\r\n}\n"),
		add("in a Secret", "/stringData/key", "apiVersion: v1\nkind: Secret\nstringData:\n  a: x\ntype: Opaque\n", "apiVersion: v1\nkind: Secret\nstringData:\n  a: x\n  key: new\ntype: Opaque\n"),
	}
	syntaxtest.Additions(t, yamldoc.Open, cases)
}

func TestAnEntryBetweenBracesIsAddedInTheirManner(t *testing.T) {
	add := func(name, at, text, want string) syntaxtest.Addition {
		return syntaxtest.Addition{Name: name, At: at, Value: "new", Text: text, Want: want}
	}
	syntaxtest.Additions(t, yamldoc.Open, []syntaxtest.Addition{
		add("in JSON of one line", "/key", `{"a": 1}`, `{"a": 1, "key": "new"}`),
		add("in JSON without blanks", "/key", `{"a":1,"b":{}}`, `{"a":1,"b":{},"key":"new"}`),
		add("in JSON with a blank before the colon", "/key", `{"a" : 1}`, `{"a" : 1, "key" : "new"}`),
		add("in an empty object of JSON", "/b/key", "{\"b\": {}}\n", "{\"b\": {\"key\": \"new\"}}\n"),
		add("in JSON that is nothing else", "/key", "{}", `{"key": "new"}`),
		add("on its line of JSON", "/m/key", "{\n  \"m\": {\n\t\"a\": \"x\"\n  }\n}\n", "{\n  \"m\": {\n\t\"a\": \"x\",\n\t\"key\": \"new\"\n  }\n}\n"),
		add("on its line, before a brace", "/key", "{\n  a: 1}\n", "{\n  a: 1,\n  key: new}\n"),
		add("on its line, behind a comment", "/key", "{\n  a: 1 # why\n}\n", "{\n  a: 1, # why\n  key: new\n}\n"),
		add("on its line, behind a comma and a comment", "/key", "{\n  a: 1, # why\n}\n", "{\n  a: 1, # why\n  key: new,\n}\n"),
		add("on its line, behind brackets", "/key", "{\r\n  a: [1,\r\n    2]\r\n}\r\n", "{\r\n  a: [1,\r\n    2],\r\n  key: new\r\n}\r\n"),
		add("with quoted keys in YAML", "/m/key", "m: {\"a\": x}\n", "m: {\"a\": x, \"key\": \"new\"}\n"),
		add("with quoted keys of the other kind", "/m/key", "m: {'a': 'x'}\n", "m: {'a': 'x', key: 'new'}\n"),
		add("between braces that hold a comment", "/m/key", "m: { # none\n  }\n", "m: {key: new # none\n  }\n"),
		add("between braces of an anchor", "/m/key", "m: &x {}\n", "m: &x {key: new}\n"),
		add("behind a pair in a list", "/m/key", "m: {a: [b: c]}\n", "m: {a: [b: c], key: new}\n"),
		add("behind a line end before the brace", "/m/key", "m: {a: 1\n  }\n", "m: {a: 1, key: new\n  }\n"),
	})
}

func TestAnEntryHasTheQuotesOfMostOthers(t *testing.T) {
	for text, want := range map[string]string{
		"a: 'x'\nb: 'y'\nc: z\n":    "'new'",
		"a: \"x\"\nb: 1\nc: true\n": "\"new\"",
		"a: \"x\"\nb: 'y'\n":        "'new'",
		"a: 'x'\nb: |\n  y\n":       "'new'",
		"a: 1\n":                    "new",
		"a: x\nb: y\nc: 'z'\n":      "new",
	} {
		out, err := syntaxtest.Add(yamldoc.Open, []byte(text), "/key", "new")
		if err != nil || string(out) != text+"key: "+want+"\n" {
			t.Errorf("%q: got %q, %v, want %s", text, out, err, want)
		}
	}
}

func TestWhatCannotBeAddedIsRefused(t *testing.T) {
	for _, c := range []struct {
		at, text string
		want     syntax.Kind
	}{
		{"/a", "a: " + secret + "\n", syntax.Present},
		{"/a", "a:\n", syntax.Present},
		{"/a/b", "c: 1\n", syntax.NotFound},
		{"/a/b", "", syntax.NotFound},
		{"/a", "---\n", syntax.Unsupported},
		{"/a/b", "a: " + secret + "\n", syntax.Unsupported},
		{"/a/b", "a: [1]\n", syntax.Unsupported},
		{"/a/b", "a: &x\n", syntax.Unsupported},
		{"/b/c", "a: &x {d: 1}\nb: *x\n", syntax.Shared},
		{"/a/c", "a: &x {d: 1}\nb: *x\n", syntax.Shared},
		{"/b/d", "a: &x {d: 1}\nb:\n  <<: *x\n", syntax.Shared},
		{"/c", "a: 1\n---\nb: 1\n", syntax.Ambiguous},
		{"/m/c", "{m: }\n", syntax.Unsupported},
		{"/c", "{m: }\n", syntax.Unsupported},
		{"/c", "{m}\n", syntax.Unsupported},
		{"/0/c", "[a: b]\n", syntax.Unsupported},
		{"/0/c", "[{a: b}: c]\n", syntax.Unsupported},
		{"/c", "? a\n: b\n", syntax.Unsupported},
		{"/c", "? [a]\n: b\n", syntax.Unsupported},
		{"/c", "?\n  a\n: b\n", syntax.Unsupported},
		{"/a/c", "? a\n:\n", syntax.Unsupported},
		{"/0/c", "-\n", syntax.Unsupported},
		{"/-", "- a\n", syntax.Unsupported},
		{"/a/-", "a: []\n", syntax.Unsupported},
		{"/a/b", "a: ~\n", syntax.Unsupported},
		{"/a/b", "a: ''\n", syntax.Unsupported},
		{"/a/b", "a: !x {c: d}\n", syntax.Tagged},
		{"/b", "a: x\nsops: {mac: x}\n", syntax.Encrypted},
		{"/spec/b", "kind: SealedSecret\nspec: {}\n", syntax.Encrypted},
		{"/b", "a: x\nb: y\nb: z\n", syntax.Ambiguous},
		{"/a/c", "a: {b: 1}\na: {b: 2}\n", syntax.Ambiguous},
		{"/b", "a: |\n  x", syntax.Unsupported},
		{"", "a: 1\n", syntax.Present},
		{"", "", syntax.Unsupported},
		{"b", "a: 1\n", syntax.BadPointer},
		{"/data/x", "apiVersion: v1\nkind: Secret\ndata: {y: eA==}\n", syntax.Unsupported},
	} {
		out, err := syntaxtest.Add(yamldoc.Open, []byte(c.text), c.at, secret)
		if syntaxtest.KindOf(err) != c.want || out != nil {
			t.Errorf("%s to %q: got %q, %v (%s), want %s", c.at, c.text, out, err, syntaxtest.KindOf(err), c.want)
		}
	}
}
