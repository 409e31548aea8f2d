package jsonc_test

import (
	"testing"

	"github.com/empowersuite/backend-installer/installer/document/jsonc"
	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/document/syntax/syntaxtest"
)

func TestAMemberIsAddedInTheFilesOwnManner(t *testing.T) {
	add := func(name, at, value, text, want string) syntaxtest.Addition {
		return syntaxtest.Addition{Name: name, At: at, Value: value, Text: text, Want: want}
	}
	syntaxtest.Additions(t, jsonc.Open, []syntaxtest.Addition{
		add("to an empty object", "/a", "x", `{}`, `{"a": "x"}`),
		add("to an empty object with a blank", "/a", "x", `{ }`, `{ "a": "x" }`),
		add("to an empty object on two lines", "/b/a", "x", "{\n    \"b\": {\n    }\n}\n", "{\n    \"b\": {\n        \"a\": \"x\"\n    }\n}\n"),
		add("to an empty object with a comment", "/a", "x", "{ // none\r\n}\r\n", "{ // none\r\n  \"a\": \"x\"\r\n}\r\n"),
		add("on one line, tight", "/b", "x", `{"a":1}`, `{"a":1, "b":"x"}`),
		add("on one line, tight, in the manner of the last", "/c", "x", `{"a":1,"b":2}`, `{"a":1,"b":2,"c":"x"}`),
		add("on one line, loose", "/c", "x", `{ "a" : 1,  "b" : 2 }`, `{ "a" : 1,  "b" : 2,  "c" : "x" }`),
		add("on one line, with a trailing comma", "/b", "x", `{"a":1,}`, `{"a":1, "b":"x",}`),
		add("on a line of its own", "/b", "x", "{\n  \"a\": 1\n}\n", "{\n  \"a\": 1,\n  \"b\": \"x\"\n}\n"),
		add("with tabs and CRLF", "/o/b", "x", "\xef\xbb\xbf{\r\n\t\"o\": {\r\n\t\t\"a\":1\r\n\t}\r\n}", "\xef\xbb\xbf{\r\n\t\"o\": {\r\n\t\t\"a\":1,\r\n\t\t\"b\":\"x\"\r\n\t}\r\n}"),
		add("behind a comment", "/b", "x", "{\n  \"a\": 1 // why, and, how\n}\n", "{\n  \"a\": 1, // why, and, how\n  \"b\": \"x\"\n}\n"),
		add("behind a comment with CRLF", "/b", "x", "{\r\n  \"a\": 1 /* y */ // z\r\n}", "{\r\n  \"a\": 1, /* y */ // z\r\n  \"b\": \"x\"\r\n}"),
		add("behind a trailing comma and a comment", "/b", "x", "{\n  \"a\": 1, // why\n}\n", "{\n  \"a\": 1, // why\n  \"b\": \"x\",\n}\n"),
		add("before comments on lines of their own", "/b", "x", "{\n  \"a\": 1\n  // \"b\": \"decoy\"\n}\n", "{\n  \"a\": 1,\n  \"b\": \"x\"\n  // \"b\": \"decoy\"\n}\n"),
		add("behind an object", "/b", "x", "{\n  \"a\": {\n    \"c\": [1, 2]\n  }\n}\n", "{\n  \"a\": {\n    \"c\": [1, 2]\n  },\n  \"b\": \"x\"\n}\n"),
		add("the bracket on the last line", "/b", "x", "{ \"a\": 1,\n  \"c\": 2 }\n", "{ \"a\": 1,\n  \"c\": 2,\n  \"b\": \"x\" }\n"),
		add("in an object of an array", "/l/1/b", "x", "{\"l\": [{}, {\"a\": 1}]}", "{\"l\": [{}, {\"a\": 1, \"b\": \"x\"}]}"),
		add("a name that needs escapes", "/ü~1\"", "x", `{}`, `{"\u00fc/\"": "x"}`),
	})
}

func TestWhatCannotBeAddedIsRefused(t *testing.T) {
	for _, c := range []struct {
		at, text string
		want     syntax.Kind
	}{
		{"/a", `{"a":"x"}`, syntax.Present},
		{"/A", `{"a":null}`, syntax.Present},
		{"/a/b", `{"a:b":1,"a":{}}`, syntax.Present},
		{"", `{}`, syntax.Present},
		{"/a/b", `{}`, syntax.NotFound},
		{"/a/b", `{"a":"x"}`, syntax.Unsupported},
		{"/a/0", `{"a":[]}`, syntax.Unsupported},
		{"/a/b", `{"a":{},"A":{}}`, syntax.Ambiguous},
		{"/a", `{"b":}`, syntax.Syntax},
		{"a", `{}`, syntax.BadPointer},
	} {
		out, err := syntaxtest.Add(jsonc.Open, []byte(c.text), c.at, syntaxtest.Entra)
		if syntaxtest.KindOf(err) != c.want || out != nil {
			t.Errorf("%s to %s: got %q, %v (%s), want %s", c.at, c.text, out, err, syntaxtest.KindOf(err), c.want)
		}
	}
}
