package inifile_test

import (
	"testing"

	"github.com/empowersuite/backend-installer/installer/document/inifile"
	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/document/syntax/syntaxtest"
)

func TestAnAdditionToINIIsWrittenAsTheFileIs(t *testing.T) {
	add := func(name, at, text, want string) syntaxtest.Addition {
		return syntaxtest.Addition{Name: name, At: at, Value: "v", Text: text, Want: want}
	}
	syntaxtest.Additions(t, inifile.Open, []syntaxtest.Addition{
		add("behind the last key", "a/k", "[a]\nj = 1\n; x\n\n; about b\n[b]\n", "[a]\nj = 1\nk = v\n; x\n\n; about b\n[b]\n"),
		add("tight", "a/k", "[a]\nj=1\n[b]\nl = 2\n", "[a]\nj=1\nk=v\n[b]\nl = 2\n"),
		add("a colon", "a/k", "[a]\nj: 1\n", "[a]\nj: 1\nk: v\n"),
		add("indented", "a/k", "[a]\r\n\tj = 1\r\n\r\n[b]\r\n", "[a]\r\n\tj = 1\r\n\tk = v\r\n\r\n[b]\r\n"),
		add("no final newline", "a/k", "[a]\r\nj = 1", "[a]\r\nj = 1\r\nk = v"),
		add("in a column", "a/key", "[a]\nj      = 1\nlonger = 2\nl      =\n", "[a]\nj      = 1\nlonger = 2\nl      =\nkey    = v\n"),
		add("an empty section", "b/k", "[a]\n\tj=1\n[b]\n\n[c]\nl = 2\n", "[a]\n\tj=1\n[b]\n\tk=v\n\n[c]\nl = 2\n"),
		add("the only section, empty", "b/k", "[b]", "[b]\nk = v"),
		add("a section of comments", "b/k", "[b] ; x\n;j =\n", "[b] ; x\nk = v\n;j =\n"),
		add("the default in a comment", "auth.azuread/client_secret", "[auth.azuread]\n;name = Azure AD\n;client_secret =\n;scopes = x\n", "[auth.azuread]\n;name = Azure AD\n;client_secret =\nclient_secret = v\n;scopes = x\n"),
		add("the default in a tight comment", "a/k", "[a]\n  #k=\n", "[a]\n  #k=\n  k=v\n"),
		add("the default in a comment between keys", "a/k", "[a]\n  j=1\n# k = x\n  l=2\n[b]\n;k =\n", "[a]\n  j=1\n# k = x\n  k=v\n  l=2\n[b]\n;k =\n"),
		add("the default before the keys", "a/k", "[a]\n;k = x\n  l=2\n", "[a]\n;k = x\n  k=v\n  l=2\n"),
		add("the last of two defaults in comments", "a/k", "[a]\n; k = x\n;k = y\nj = 1\n", "[a]\n; k = x\n;k = y\nk = v\nj = 1\n"),
		add("the default at the end", "a/k", "[a]\nj = 1\n;k =", "[a]\nj = 1\n;k =\nk = v"),
		add("a default of a longer name", "a/k", "[a]\n;kk = x\n;k.k = x\nj = 1\n", "[a]\n;kk = x\n;k.k = x\nj = 1\nk = v\n"),
		add("before any section", "/k", "j = 1\n\n[a]\n", "j = 1\nk = v\n\n[a]\n"),
		add("the only one before any section", "/k", "; The file.\r\n\r\n; about a\r\n[a]\r\nj=1\r\n", "; The file.\r\n\r\nk=v\r\n\r\n; about a\r\n[a]\r\nj=1\r\n"),
		add("the only one, others indented", "/k", "[a]\n\tj=1\n", "k=v\n\n[a]\n\tj=1\n"),
		add("the top of the file", "/k", "[a]\r\n", "k = v\r\n\r\n[a]\r\n"),
		add("an empty file", "/k", "", "k = v\n"),
		add("only comments", "/k", "; x", "; x\nk = v"),
		add("a key alone", "mysqld/k", "[mysqld]\nskip\n", "[mysqld]\nskip\nk = v\n"),
		add("behind a value of several lines", "a/k", "[a]\nj = 1\n  x\n  y\n[b]\n", "[a]\nj = 1\n  x\n  y\nk = v\n[b]\n"),
		add("a byte order mark", "a/k", "\xef\xbb\xbf[a]\nj = 1\n", "\xef\xbb\xbf[a]\nj = 1\nk = v\n"),
		add("a section with a slash", "a~1b/k", "[a/b]\n", "[a/b]\nk = v\n"),
		add("another section with the key", "a/k", "[a]\n[b]\nk = x\n", "[a]\nk = v\n[b]\nk = x\n"),
	})
}

func TestWhatCannotBeAddedToINIIsRefused(t *testing.T) {
	for _, c := range []struct {
		at, text string
		want     syntax.Kind
	}{
		{"a/k", "[b]\n", syntax.NotFound},
		{"a/k", "[A]\n", syntax.NotFound},
		{"a/k", "k = 1\n", syntax.NotFound},
		{"a/k", "[a]\n[a]\n", syntax.Ambiguous},
		{"a/k", "[a]\n[A]\n", syntax.Ambiguous},
		{"a/k", "[a]\nK = x\n", syntax.Ambiguous},
		{"a/k", "[a]\nk#\n", syntax.Ambiguous},
		{"a/k", "[a]\nK ; x\n", syntax.Ambiguous},
		{"a/k", "[a]\nk\n", syntax.Present},
		{"a/k", "[ a ]\n", syntax.ParserDiffer},
		{"a/k", "[a]\nj = x\\\n", syntax.ParserDiffer},
		{"a/k", "[a]\nj = `x\n", syntax.ParserDiffer},
		{"a/k", "[a]\nj = x\n;k =\n  y\n", syntax.ParserDiffer},
		{"/k", "[DEFAULT]\nj = x\n", syntax.ParserDiffer},
		{"a/k k", "[a]\n", syntax.Unrepresent},
		{"a/ü", "[a]\n", syntax.Unrepresent},
		{"a/-", "[a]\n", syntax.Unrepresent},
		{"a/k:l", "[a]\n", syntax.Unrepresent},
		{"a/~1k", "[a]\n", syntax.Unrepresent},
		{"k", "[a]\n", syntax.BadPointer},
	} {
		if out, err := syntaxtest.Add(inifile.Open, []byte(c.text), c.at, "v"); syntaxtest.KindOf(err) != c.want {
			t.Errorf("%s in %q: got %q, %v, want %s", c.at, c.text, out, err, c.want)
		}
	}
}

func TestSeveralEditsAreMadeAtOnce(t *testing.T) {
	f, err := inifile.Open([]byte("[a]\nj = x\n[b]\nk =\n;l =\n"))
	if err != nil {
		t.Fatal(err)
	}
	v, err := f.Find("b/k")
	if err != nil {
		t.Fatal(err)
	}
	first, err := f.Add("a/k", "1")
	if err != nil {
		t.Fatal(err)
	}
	second, err := f.Replace(v, "2")
	if err != nil {
		t.Fatal(err)
	}
	third, err := f.Add("b/l", "3")
	if err != nil {
		t.Fatal(err)
	}
	edits := []syntax.Edit{first, second, third}
	body, out := f.Text().Edited(syntax.Splices(edits))
	if err := f.Verify(body, edits); err != nil || string(out) != "[a]\nj = x\nk = 1\n[b]\nk = 2\n;l =\nl = 3\n" {
		t.Errorf("got %q, %v", out, err)
	}
	if err := f.Verify(body, edits[:2]); !syntax.Is(err, syntax.Verify) {
		t.Errorf("an edit that was not asked for: %v", err)
	}
}
