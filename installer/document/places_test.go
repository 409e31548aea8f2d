package document_test

import (
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/document"
	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/document/syntax/syntaxtest"
)

// A refusal for the value names the place that it was meant for.
func TestAValueThatCannotBeRepresentedIsRefusedWithItsPlace(t *testing.T) {
	for _, c := range []struct {
		format                 document.Format
		at, text, value, place string
	}{
		{document.INI, "s/k", "[s]\nk='q'\nj=1\n", `"""`, "2:3: "},
		{document.INI, "s/k", "[s]\nk=q\n", "#", "2:3: "},
		{document.Env, "B", "A=x\nB=y\n", "#", "2:3: "},
		{document.Unit, "Service/Environment/A", "[Service]\nEnvironment=A=x\n", "\x01", "2:13: "},
		{document.Properties, "b", "a=x\nb = y\n", "${c}", "2:5: "},
		{document.XML, "/a/@b", "<a\nb='x'/>", "\x01", "2:4: "},
		{document.YAML, "/b", "a: x\nb: y\n", "{{ x }}", "2:4: "},
		{document.JSON, "/b", "{\n\"b\": \"x\"}", "\xff", "2:6: "},
		{document.JSON, "/b", "{\n\"b\": \"x\"}", "$ANSIBLE_VAULT;", "2:6: "},
		{document.Kubernetes, "/stringData/a#env:B", "kind: Secret\nstringData:\n  a: |\n    B=x\n", "#", "3:6: "},
	} {
		_, err := document.Edit([]byte(c.text), c.format, at(c.at, c.value))
		wantKind(t, err, syntax.Unrepresent)
		if err == nil || !strings.HasPrefix(err.Error(), c.place) {
			t.Errorf("%s %q: got %v, want it at %s", c.format, c.text, err, c.place)
		}
	}
}

// A place that is missing is told with what is nearest to it.
func TestWhatIsNotFoundIsToldWithWhatIsNearest(t *testing.T) {
	for _, c := range []struct {
		format          document.Format
		at, text, place string
	}{
		{document.JSON, "/b/c", "{\"a\":1,\n\"b\":{}}", "2:5: "},
		{document.JSON, "/c", "\n{\"a\":1}", "2:1: "},
		{document.TOML, "/b/c/d", "a=1\n[b]\n[b.c]\ne=1\n", "3:4: "},
		{document.TOML, "/x", "a=1\n", "2:1: "},
		{document.INI, "b/x", "[a]\nk=1\n[b]\nk=1\nl=1\n", "4:3: "},
		{document.INI, "c/x", "[a]\nk=1\n", "3:1: "},
		{document.Env, "X", "A=x\n", "2:1: "},
		{document.Unit, "Service/Environment/X", "[Unit]\nAfter=x\n[Service]\nUser=y\nEnvironment=A=x\n", "5:13: "},
		{document.Properties, "x", "a=1", "1:4: "},
		{document.XML, "/a/b/c", "<a>\n<b/></a>", "2:1: "},
		{document.XML, "/x", "<a/>", "1:1: "},
		{document.YAML, "/a/b/c", "a:\n  b: {}\n", "2:6: "},
		{document.YAML, "/a", "# x\n", "2:1: "},
	} {
		_, err := document.Find([]byte(c.text), c.format, document.Slot{At: c.at})
		wantKind(t, err, syntax.NotFound)
		if err == nil || !strings.HasPrefix(err.Error(), c.place) {
			t.Errorf("%s %q: got %v, want it at %s", c.format, c.text, err, c.place)
		}
	}
	_, err := document.Find(append(syntaxtest.Wide("{\n}", false), 'x'), document.JSON, document.Slot{At: "/a"})
	if err == nil || !strings.HasPrefix(err.Error(), "2:2: ") {
		t.Errorf("UTF-16 that is cut off: %v", err)
	}
}

func TestReplaceTellsWhatWasThere(t *testing.T) {
	for _, p := range pairs() {
		changes := append(at(p.two, "another"), at(p.one, entra)...)
		out, matches, err := document.Replace([]byte(p.text), p.format, changes)
		if err != nil || len(matches) != 2 || matches[0].Value.Reveal() != "two" || matches[1].Value.Reveal() != "one" {
			t.Errorf("%s: %v, %d matches", p.format, err, len(matches))
			continue
		}
		for i, c := range changes {
			m := mustFind(t, []byte(p.text), p.format, c.Slot)
			if m.Line != matches[i].Line || m.Column != matches[i].Column {
				t.Errorf("%s: %d:%d, Find says %d:%d", p.format, matches[i].Line, matches[i].Column, m.Line, m.Column)
			}
		}
		if again := mustEdit(t, []byte(p.text), p.format, changes); string(again) != string(out) {
			t.Errorf("%s: %q, Edit makes %q", p.format, out, again)
		}
	}
}
