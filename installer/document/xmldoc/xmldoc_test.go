package xmldoc_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/document/syntax/syntaxtest"
	"github.com/empowersuite/backend-installer/installer/document/xmldoc"
)

func TestValuesAreReplacedInPlace(t *testing.T) {
	syntaxtest.Run(t, xmldoc.Open, samples(), controls)
}

func TestACarelessEncoderIsCaught(t *testing.T) {
	syntaxtest.Mutation(t, xmldoc.Open, samples(), 400)
}

func FuzzLaws(f *testing.F) { syntaxtest.Fuzz(f, xmldoc.Open, samples()) }

func TestUTF16IsEditedAsUTF8(t *testing.T) {
	for _, s := range samples() {
		if strings.Contains(s.Text, "encoding=") || strings.HasPrefix(s.Text, "\ufeff") {
			continue
		}
		if !strings.HasPrefix(s.Text, "<?xml") {
			s.Text = `<?xml version="1.0" encoding="utf-16"?>` + "\r\n" + s.Text
		}
		wide(t, s, false)
		wide(t, s, true)
	}
}

// wide proves the laws on a sample in UTF-16.
func wide(t *testing.T, s syntaxtest.Sample, bigEndian bool) {
	t.Helper()
	start, end := strings.Index(s.Text, "«"), strings.Index(s.Text, "»")
	src := syntaxtest.Wide(string(s.Source()), bigEndian)
	before, behind := syntaxtest.Wide(s.Text[:start], bigEndian), syntaxtest.Wide(s.Text[end+len("»"):], bigEndian)[2:]
	for _, value := range syntaxtest.Nasty() {
		out, err := syntaxtest.Set(xmldoc.Open, src, s.At, value)
		if syntaxtest.KindOf(err) == syntax.Unrepresent && controls(s, value) {
			continue
		}
		if err != nil || !bytes.HasPrefix(out, before) || !bytes.HasSuffix(out, behind) {
			t.Errorf("%s: %q: %v", s.Name, value, err)
			continue
		}
		if got, err := syntaxtest.Get(xmldoc.Open, out, s.At); err != nil || got != value {
			t.Errorf("%s: reads %q, %v, want %q", s.Name, got, err, value)
		}
	}
}

func TestNotationIsKeptWhereItCarriesTheValue(t *testing.T) {
	for _, c := range []struct{ text, at, value, want string }{
		{`<a b="x"/>`, "/a/@b", `"'<>&`, `<a b="&quot;'&lt;&gt;&amp;"/>`},
		{`<a b='x'/>`, "/a/@b", `"'`, `<a b='"&apos;'/>`},
		{`<a b='x'/>`, "/a/@b", "\t\n\r ä😀\u0085", `<a b='&#x9;&#xA;&#xD; &#xE4;&#x1F600;&#x85;'/>`},
		{`<a>x</a>`, "/a", `"']]>` + "\n", `<a>"']]&gt;&#xA;</a>`},
		{`<a><![CDATA[x]]></a>`, "/a", `<&>]]`, `<a><![CDATA[<&>]]]]></a>`},
		{`<a><![CDATA[x]]></a>`, "/a", `]]>`, `<a>]]&gt;</a>`},
		{`<a><![CDATA[x]]></a>`, "/a", "ä", `<a>&#xE4;</a>`},
		{`<a><![CDATA[x]]> </a>`, "/a", "y", `<a>y</a>`},
		{`<a />`, "/a", "y", `<a>y</a>`},
		{`<a></a>`, "/a", "y", `<a>y</a>`},
		{`<a><b c="1" /></a>`, "/a/b", "y", `<a><b c="1">y</b></a>`},
	} {
		out, err := syntaxtest.Set(xmldoc.Open, []byte(c.text), c.at, c.value)
		if err != nil || string(out) != c.want {
			t.Errorf("%s: got %q, %v, want %q", c.text, out, err, c.want)
		}
	}
}

func TestPathsHavePositionsAlone(t *testing.T) {
	f, err := xmldoc.Open([]byte(appConfig))
	if err != nil {
		t.Fatal(err)
	}
	v, err := f.Find(appSecret)
	if want := "/configuration[1]/appSettings[1]/add[2]/@value"; err != nil || v.Path != want {
		t.Errorf("got %q, %v, want %q", v.Path, err, want)
	}
}

func TestSeveralEditsAreVerifiedAtOnce(t *testing.T) {
	src := `<a><b c="1" d="2">x</b><e/><f>y</f></a>`
	f, err := xmldoc.Open([]byte(src))
	if err != nil {
		t.Fatal(err)
	}
	var edits []syntax.Edit
	for _, at := range []string{"/a/b/@c", "/a/b/@d", "/a/b", "/a/e", "/a/f"} {
		v, err := f.Find(at)
		if err != nil {
			t.Fatal(err)
		}
		e, err := f.Replace(v, "<"+at+">")
		if err != nil {
			t.Fatal(err)
		}
		edits = append(edits, e)
	}
	out := syntax.Applied([]byte(src), edits)
	if err := f.Verify(out, edits); err != nil {
		t.Errorf("%v: %q", err, out)
	}
	want := `<a><b c="&lt;/a/b/@c&gt;" d="&lt;/a/b/@d&gt;">&lt;/a/b&gt;</b><e>&lt;/a/e&gt;</e><f>&lt;/a/f&gt;</f></a>`
	if string(out) != want {
		t.Errorf("got %q, want %q", out, want)
	}
	for i := range edits {
		some := append(append([]syntax.Edit{}, edits[:i]...), edits[i+1:]...)
		if err := f.Verify(out, some); syntaxtest.KindOf(err) != syntax.Verify {
			t.Errorf("one edit more than asked for: %v", err)
		}
		if err := f.Verify(syntax.Applied([]byte(src), some), edits); syntaxtest.KindOf(err) != syntax.Verify {
			t.Errorf("one edit less than asked for: %v", err)
		}
	}
}
