package document_test

import (
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/document"
	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/document/syntax/syntaxtest"
)

// What Find takes, Edit can change: "possible" is what a person acts upon.
func TestFindRefusesWhatTheSecondParserDoes(t *testing.T) {
	for _, c := range []struct {
		format          document.Format
		at, text, place string
	}{
		{document.TOML, "/k", "d = 1979-99-99\nk = \"old\"\n", "1:5: "},
		{document.TOML, "/k", "k = \"old\"\n[\"ü\"]\nd = 1979-99-99\n", "3:5: "},
		{document.INI, "a/k", "[a]\nk=old\nb=`x\n", "2:3: "},
		{document.INI, "a/k", "[a]\nk=old\n=b\n", "3:1: "},
		{document.INI, "a/k", "[a]\nk=old\n[b\n", "3:1: "},
		{document.XML, "/a/k", "<a>\n<‹×/><k>old</k></a>", "2:1: "},
	} {
		src := []byte(c.text)
		_, err := document.Find(src, c.format, document.Slot{At: c.at})
		wantKind(t, err, syntax.ParserDiffer)
		if err == nil || !strings.HasPrefix(err.Error(), c.place) {
			t.Errorf("%q: got %v, want it at %s", c.text, err, c.place)
		}
		_, err = document.Edit(src, c.format, at(c.at, entra))
		wantKind(t, err, syntax.ParserDiffer)
	}
}

// sops signs all of a file: with another value in it sops refuses to read it.
func TestWhatSopsHasSignedIsRefused(t *testing.T) {
	for _, c := range []struct {
		format        document.Format
		at, add, text string
	}{
		{document.JSON, "/a", "/b", `{"a":"x","sops":{"kms":null,"mac":"y"}}`},
		{document.JSONC, "/a/b", "/a/c", `{"sops":{"mac":"y"},"a":{"b":"x"}}`},
		{document.INI, "a/k", "a/l", "[a]\nk = x\n[sops]\nmac = y\n"},
		{document.YAML, "/a", "/b", "a: x\nsops:\n  mac: y\n"},
		{document.Env, "A", "B", "A=x\nsops_mac=y\n"},
		{document.SystemdEnv, "A", "B", "A=x\nsops_mac=y\n"},
	} {
		src := []byte(c.text)
		_, err := document.Find(src, c.format, document.Slot{At: c.at})
		wantKind(t, err, syntax.Encrypted)
		_, err = document.Edit(src, c.format, at(c.at, entra))
		wantKind(t, err, syntax.Encrypted)
		_, err = document.Add(src, c.format, at(c.add, entra))
		wantKind(t, err, syntax.Encrypted)
	}
}

func TestANameThatOnlyLooksLikeThatOfSopsIsEdited(t *testing.T) {
	for _, text := range []string{
		`{"a":"x","sops":{"Mac":"y"}}`, `{"a":"x","sops":"mac"}`, `{"a":"x","b":{"sops":{"mac":"y"}}}`, `{"sops":{},"a":"x","c":{"mac":"y"}}`,
		`{"a":"x","sops":{"b":{"mac":"y"}}}`, `{"a":"x","sops":[{"mac":"y"}]}`,
	} {
		want := strings.Replace(text, `"x"`, `"`+entra+`"`, 1)
		if out, err := document.Edit([]byte(text), document.JSON, at("/a", entra)); err != nil || string(out) != want {
			t.Errorf("%s: %q, %v", text, out, err)
		}
	}
}

// A value that another program would decrypt is given to no format.
func TestAValueThatLooksEncryptedIsRefused(t *testing.T) {
	for _, p := range append(pairs(), pair{document.Raw, "", "", "one"}) {
		for _, value := range syntaxtest.Foreign() {
			_, err := document.Edit([]byte(p.text), p.format, at(p.one, value))
			wantKind(t, err, syntax.Unrepresent)
			if p.format == document.Raw {
				continue
			}
			_, err = document.Add([]byte(p.text), p.format, at(p.one[:len(p.one)-1]+"Z", value))
			wantKind(t, err, syntax.Unrepresent)
		}
	}
}
