package tomldoc_test

import (
	"testing"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/document/syntax/syntaxtest"
	"github.com/empowersuite/backend-installer/installer/document/tomldoc"
)

func TestAnAdditionToTOMLIsWrittenAsTheFileIs(t *testing.T) {
	add := func(name, at, text, want string) syntaxtest.Addition {
		return syntaxtest.Addition{Name: name, At: at, Value: "v", Text: text, Want: want}
	}
	syntaxtest.Additions(t, tomldoc.Open, []syntaxtest.Addition{
		add("an empty file", "/k", "", "k = \"v\"\n"),
		add("only comments", "/k", "# x\n", "# x\nk = \"v\"\n"),
		add("only a comment, no newline", "/k", "# x", "# x\nk = \"v\""),
		add("behind the last key", "/k", "a = 1\nb = 2 # x\n\n# about t\n[t]\n", "a = 1\nb = 2 # x\nk = \"v\"\n\n# about t\n[t]\n"),
		add("before the first table", "/k", "# The file.\n\n# about t\n  [t]\na = 1\n", "# The file.\n\nk = \"v\"\n\n# about t\n  [t]\na = 1\n"),
		add("before the table that begins the file", "/k", "[t]\r\na = 1\r\n", "k = \"v\"\r\n\r\n[t]\r\na = 1\r\n"),
		add("a table", "/t/k", "[t]\n  a=1\n  # c\n\n# about u\n[u]\nb = 1\n", "[t]\n  a=1\n  k=\"v\"\n  # c\n\n# about u\n[u]\nb = 1\n"),
		add("a column", "/t/key", "[t]\na      = 1\nlonger = 2\n", "[t]\na      = 1\nlonger = 2\nkey = \"v\"\n"),
		add("a wide column", "/t/key", "[t]\nlongest  = 1\na        =\t2\n", "[t]\nlongest  = 1\na        =\t2\nkey      =\t\"v\"\n"),
		add("a wide column that is not wide enough", "/t/a-long-key", "[t]\na   = 2\n", "[t]\na   = 2\na-long-key = \"v\"\n"),
		add("the last line, no newline", "/t/k", "[t]\r\na = 1", "[t]\r\na = 1\r\nk = \"v\""),
		add("an empty table", "/t/k", "[s]\n  [t] # x\n\n[u]\n", "[s]\n  [t] # x\n  k = \"v\"\n\n[u]\n"),
		add("an empty table at the end", "/t/k", "[t]", "[t]\nk = \"v\""),
		add("behind lines", "/t/k", "[t]\na = \"\"\"\n[x]\n\"\"\"\n[u]\n", "[t]\na = \"\"\"\n[x]\n\"\"\"\nk = \"v\"\n[u]\n"),
		add("behind an array of lines", "/t/k", "[t]\na = [ # x\n  1,\n]\n[u]\n", "[t]\na = [ # x\n  1,\n]\nk = \"v\"\n[u]\n"),
		add("a table that was named before", "/a/k", "[a.b]\nx = 1\n[a]\ny = 1\n[c]\n", "[a.b]\nx = 1\n[a]\ny = 1\nk = \"v\"\n[c]\n"),
		add("an element of an array of tables", "/a/0/k", "[[a]]\nb = 1\n[[a]]\nb = 2\n", "[[a]]\nb = 1\nk = \"v\"\n[[a]]\nb = 2\n"),
		add("the last element of an array of tables", "/a/1/k", "[[a]]\nb = 1\n[[a]]\nb = 2\n", "[[a]]\nb = 1\n[[a]]\nb = 2\nk = \"v\"\n"),
		add("a table of dotted keys", "/a/b/k", "a . b.c=1\na.x = 2\n", "a . b.c=1\na . b.k=\"v\"\na.x = 2\n"),
		add("a table of dotted keys within a table", "/t/a/k", "[t]\n  a.b = 1\n  c = 2\n", "[t]\n  a.b = 1\n  a.k = \"v\"\n  c = 2\n"),
		add("an inline table", "/t/k", "t = {a=1, b=2} # x\n", "t = {a=1, b=2, k=\"v\"} # x\n"),
		add("an empty inline table", "/t/k", "t = {}\n", "t = { k = \"v\" }\n"),
		add("an empty inline table with a blank", "/t/k", "t = { }\n", "t = { k = \"v\" }\n"),
		add("an empty inline table before an array", "/a/0/k", "a = [{}, [], 1]\n", "a = [{ k = \"v\" }, [], 1]\n"),
		add("a table in an array", "/a/1/k", "a = [{x = 1}, {x = 2}, [], {}]\n", "a = [{x = 1}, {x = 2, k = \"v\"}, [], {}]\n"),
		add("dotted keys in an inline table", "/t/a/k", "t = {a.b = 1, c = 2}\n", "t = {a.b = 1, a.k = \"v\", c = 2}\n"),
		add("lines in braces", "/t/k", "t = {\n  a = 1, # x\n}\n", "t = {\n  a = 1, k = \"v\", # x\n}\n"),
		add("a key that needs quotes", "/t/a.b c", "[t]\n", "[t]\n\"a.b c\" = \"v\"\n"),
		add("a key with a slash", "/t/a~1b", "[t]\n", "[t]\n\"a/b\" = \"v\"\n"),
		add("an empty key", "/t/", "[t]\n", "[t]\n\"\" = \"v\"\n"),
		add("a key that is not ASCII", "/ü", "", "\"\\u00FC\" = \"v\"\n"),
		add("a byte order mark", "/k", "\xef\xbb\xbf[t]\n", "\xef\xbb\xbfk = \"v\"\n\n[t]\n"),
	})
}

func TestWhatCannotBeAddedToTOMLIsRefused(t *testing.T) {
	for _, c := range []struct {
		at, text string
		want     syntax.Kind
	}{
		{"/t/k", "[u]\n", syntax.NotFound},
		{"/t/k", "t = 1\n", syntax.NotFound},
		{"/t/a/k", "[t]\na = 'x'\n", syntax.NotFound},
		{"/t/k", "[t.u]\na = 1\n", syntax.NotFound},
		{"/t/2/k", "[[t]]\n[[t]]\n", syntax.NotFound},
		{"/t/00/k", "[[t]]\n", syntax.NotFound},
		{"/t/1", "[[t]]\n", syntax.Unsupported},
		{"/t/1", "t = ['a']\n", syntax.Unsupported},
		{"/t/0", "t = ['a']\n", syntax.Present},
		{"/t", "[t]\n", syntax.Present},
		{"/t", "[t.u]\n", syntax.Present},
		{"/t", "t.u = 1\n", syntax.Present},
		{"", "t = 1\n", syntax.NotString},
		{"k", "t = 1\n", syntax.BadPointer},
	} {
		if out, err := syntaxtest.Add(tomldoc.Open, []byte(c.text), c.at, "v"); syntaxtest.KindOf(err) != c.want {
			t.Errorf("%s in %q: got %q, %v, want %s", c.at, c.text, out, err, c.want)
		}
	}
}
