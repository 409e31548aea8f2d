package document_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/document"
	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/document/syntax/syntaxtest"
	"github.com/empowersuite/backend-installer/installer/secret"
)

const entra = syntaxtest.Entra

func at(pointer, value string) []document.Change {
	return []document.Change{{Slot: document.Slot{At: pointer}, Value: secret.New(value)}}
}

// wantKind also proves that neither value nor content is in the error.
func wantKind(t *testing.T, err error, want syntax.Kind) {
	t.Helper()
	if got := syntaxtest.KindOf(err); got != want {
		t.Errorf("got %v (%s), want %s", err, got, want)
	}
	if err != nil && strings.Contains(err.Error(), entra[:6]) {
		t.Errorf("the error quotes a value: %v", err)
	}
}

func mustEdit(t *testing.T, src []byte, f document.Format, changes []document.Change) []byte {
	t.Helper()
	before := bytes.Clone(src)
	out, err := document.Edit(src, f, changes)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(src, before) {
		t.Fatal("what was given was changed")
	}
	return out
}

func mustFind(t *testing.T, src []byte, f document.Format, slot document.Slot) document.Match {
	t.Helper()
	m, err := document.Find(src, f, slot)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// pair is a file of two values, "one" and "two".
type pair struct {
	format   document.Format
	one, two string
	text     string
}

func pairs() []pair {
	return []pair{
		{document.JSONC, "/a", "/b/c", "{\"a\":\"one\", \"b\":{\"C\":\"two\"}, /* x */ \"d\":\"3\",}\n"},
		{document.JSON, "/a", "/b/c", `{"a":"one", "b":{"c":"two"}}`},
		{document.TOML, "/a", "/b/c", "a = 'one' # x\n[b]\nc = \"two\"\n"},
		{document.INI, "/a", "b/c", "a = one\n; x\n[b]\nc=two\n"},
		{document.Env, "A", "C", "A=one\n# x\nC='two'\n"},
		{document.SystemdEnv, "A", "C", "A=one\n; x\nC=\"two\"\n"},
		{document.Unit, "Service/Environment/A", "Unit/Description", "[Unit]\nDescription=two\n[Service]\nEnvironment=\"A=one\"\n"},
		{document.Properties, "a", "b.c", "! x\na = one\nb.c: two\n"},
		{document.Kubernetes, "/stringData/a", "/stringData/b", "kind: Secret\nstringData:\n  a: one\n  b: \"two\"\n"},
		{document.XML, "/x/@a", "/x/b/c", "<x a='one'><b><c>two</c></b></x>\n"},
		{document.YAML, "/a", "/b/c", "a: one\nb: {c: \"two\"}   # x\nd: 'three'\n"},
	}
}

func TestSettingWhatIsThereChangesNothing(t *testing.T) {
	for _, p := range pairs() {
		for _, value := range []string{"one", "two"} {
			pointer := map[string]string{"one": p.one, "two": p.two}[value]
			if got := mustFind(t, []byte(p.text), p.format, document.Slot{At: pointer}).Value.Reveal(); got != value {
				t.Errorf("%s %s: got %q, want %q", p.format, pointer, got, value)
			}
			if out := mustEdit(t, []byte(p.text), p.format, at(pointer, value)); string(out) != p.text {
				t.Errorf("%s %s: got %q, want %q", p.format, pointer, out, p.text)
			}
		}
		if out := mustEdit(t, []byte(p.text), p.format, nil); string(out) != p.text {
			t.Errorf("%s: no change changed %q", p.format, out)
		}
	}
}

func TestAllChangesAreMadeOrNone(t *testing.T) {
	for _, p := range pairs() {
		want := strings.NewReplacer("one", entra, "two", "another").Replace(p.text)
		for _, order := range [][]document.Change{
			append(at(p.one, entra), at(p.two, "another")...),
			append(at(p.two, "another"), at(p.one, entra)...),
		} {
			if got := mustEdit(t, []byte(p.text), p.format, order); string(got) != want {
				t.Errorf("%s: got %q, want %q", p.format, got, want)
			}
		}
		for kind, bad := range map[syntax.Kind][]document.Change{
			syntax.Ambiguous:   append(at(p.one, "x"), at(p.one, "y")...),
			syntax.Unrepresent: append(at(p.two, "x"), at(p.one, entra+"\xff")...),
		} {
			out, err := document.Edit([]byte(p.text), p.format, bad)
			wantKind(t, err, kind)
			if out != nil {
				t.Errorf("%s: got %q beside the error", p.format, out)
			}
		}
	}
}

func TestAChangeThatLeadsTheAddressOfAnotherAstrayIsRefused(t *testing.T) {
	src := []byte("<a><b k='1' v='x'/><b k='2' v='y'/></a>")
	changes := append(at("/a/b[@k='1']/@v", entra), at("/a/b[1]/@k", "3")...)
	out, err := document.Edit(src, document.XML, changes)
	wantKind(t, err, syntax.Ambiguous)
	if out != nil {
		t.Errorf("refused, and yet %q", out)
	}
	out, err = document.Add([]byte("<a><c/></a>"), document.XML, append(at("/a/b", entra), at("/a/b[@k='1']", entra)...))
	wantKind(t, err, syntax.Ambiguous)
	if out != nil {
		t.Errorf("refused, and yet %q", out)
	}
}

func TestAPlaceIsAddedOnce(t *testing.T) {
	for _, p := range pairs() {
		missing := p.one[:len(p.one)-1] + "Z"
		out, err := document.Add([]byte(p.text), p.format, at(missing, entra))
		if err != nil {
			t.Errorf("%s: %v", p.format, err)
			continue
		}
		if got := mustFind(t, out, p.format, document.Slot{At: missing}).Value.Reveal(); got != entra {
			t.Errorf("%s: reads %q", p.format, got)
		}
		_, err = document.Add(out, p.format, at(missing, entra))
		wantKind(t, err, syntax.Present)
		_, err = document.Add([]byte(p.text), p.format, at(missing, "\xff"))
		wantKind(t, err, syntax.Unrepresent)
	}
}

func TestUTF16IsEditedInItsOwnBytes(t *testing.T) {
	const before, after = "\r\n  // ü 漢 😀\r\n  \"Secret\" : ", " , // \"Secret\": \"decoy\"\r\n}\r\n"
	for _, bigEndian := range []bool{false, true} {
		src := syntaxtest.Wide("{"+before+`"old"`+after, bigEndian)
		slot := document.Slot{At: "/Secret"}
		for _, value := range []string{entra, "", "😀 ü \"", "\x00"} {
			out := mustEdit(t, src, document.JSONC, at(slot.At, value))
			head, tail := syntaxtest.Wide("{"+before, bigEndian), syntaxtest.Wide(after, bigEndian)[2:]
			if !bytes.HasPrefix(out, head) || !bytes.HasSuffix(out, tail) {
				t.Errorf("%q, big endian %v: a byte outside changed", value, bigEndian)
			}
			if got := mustFind(t, out, document.JSONC, slot).Value.Reveal(); got != value {
				t.Errorf("got %q, want %q", got, value)
			}
		}
		if m := mustFind(t, src, document.JSONC, slot); m.Line != 3 || m.Column != 14 {
			t.Errorf("at %d:%d, want 3:14", m.Line, m.Column)
		}
	}
}

func TestAnEncodingThatIsNotSureIsRefused(t *testing.T) {
	const json = `{"a":"` + entra + `"}`
	wide := string(syntaxtest.Wide(json, false))
	for _, f := range []document.Format{document.JSONC, document.YAML} {
		for name, text := range map[string]string{
			"UTF-32":                         "\xff\xfe\x00\x00{\x00\x00\x00",
			"UTF-32, big endian":             "\x00\x00\xfe\xff\x00\x00\x00{",
			"UTF-16 without a mark":          wide[2:],
			"UTF-16, cut off":                wide + "x",
			"UTF-16, half a pair":            wide + "\x3d\xd8",
			"UTF-16, half a pair, then text": wide + "\x3d\xd8a\x00",
			"UTF-16, the wrong half first":   string(syntaxtest.Wide(json, true)) + "\xde\x00\xd8\x3d",
			"UTF-16, a NUL":                  wide + "\x00\x00",
			"a NUL":                          json + "\x00",
			"Latin 1":                        "{\"a\":\"" + entra + "\xfc\"}",
			"an overlong form":               json + "\xc0\xaf",
			"half a pair in UTF-8":           json + "\xed\xa0\xbd",
			"cut off":                        json + "\xf0\x9f\x98",
		} {
			_, err := document.Find([]byte(text), f, document.Slot{At: "/a"})
			if syntaxtest.KindOf(err) != syntax.Encoding {
				t.Errorf("%s, %s: got %v (%s)", f, name, err, syntaxtest.KindOf(err))
			}
		}
	}
}

func TestAMarkAloneIsAnEmptyFile(t *testing.T) {
	for _, text := range []string{"\xef\xbb\xbf", "\xff\xfe", "\xfe\xff"} {
		_, err := document.Find([]byte(text), document.JSONC, document.Slot{At: "/a"})
		wantKind(t, err, syntax.Syntax)
	}
}

func TestFormatsAreKnownByTheirNames(t *testing.T) {
	for name, want := range map[string]document.Format{
		"a/appsettings.json": document.JSONC, "A.JSON": document.JSONC, "x.jsonc": document.JSONC,
		"x.yaml": document.YAML, "x.YML": document.YAML, "web.config": document.XML, "grafana.ini": document.INI, "x.toml": document.TOML, "application.properties": document.Properties, ".env": document.Env, "backend.env": document.Env, "secret": "", "x.txt": "", "json": "",
	} {
		if got, ok := document.FormatOf(name); got != want || ok != (want != "") {
			t.Errorf("%s: got %q, %v", name, got, ok)
		}
	}
	for _, f := range []document.Format{"", "hcl"} {
		_, err := document.Edit(nil, f, at("", "x"))
		wantKind(t, err, syntax.Unsupported)
	}
}

func TestAnAddressIsCheckedWithoutAFile(t *testing.T) {
	for _, c := range []struct {
		format document.Format
		at     string
		want   syntax.Kind
	}{
		{document.JSONC, "/a/b", ""},
		{document.JSONC, "a", syntax.BadPointer},
		{document.JSON, "/~2", syntax.BadPointer},
		{document.YAML, "/a", ""},
		{document.YAML, "a.b", syntax.BadPointer},
		{document.XML, "/a/b[@c=\"d\"]/@e", ""},
		{document.XML, "//a", syntax.BadPointer},
		{document.TOML, "/a", ""},
		{document.TOML, "a", syntax.BadPointer},
		{document.INI, "a.b/c", ""},
		{document.INI, "a", syntax.BadPointer},
		{document.Raw, "", ""},
		{document.Raw, "/a", syntax.BadPointer},
		{"hcl", "", syntax.Unsupported},
	} {
		if got := syntaxtest.KindOf(document.CheckAt(c.format, c.at)); got != c.want {
			t.Errorf("%s %s: got %s, want %s", c.format, c.at, got, c.want)
		}
	}
}

func TestTheExamplesOfAPlaceAreAddresses(t *testing.T) {
	for _, d := range document.Descriptions() {
		for _, at := range d.Places {
			if err := document.CheckAt(d.Format, at); err != nil {
				t.Errorf("%s: %s: %v", d.Format, at, err)
			}
		}
		if d.Reads == "" || len(d.Places) == 0 != (d.Format == document.Raw) {
			t.Errorf("%s: %q, %d places", d.Format, d.Reads, len(d.Places))
		}
	}
}

func TestAPlaceCountsLinesAndCharacters(t *testing.T) {
	for _, c := range []struct {
		format       document.Format
		slot, text   string
		line, column int
	}{
		{document.JSONC, "/a", `{"a":"x"}`, 1, 6},
		{document.JSONC, "/a", "\xef\xbb\xbf{\r\n\"ü漢😀\":1,\"a\":\"x\"}", 2, 13},
		{document.JSONC, "/a", "{\r\"a\":\"x\"}", 2, 5},
		{document.YAML, "/a", "# ü\r\nü: 1\r\na:  x\r\n", 3, 5},
		{document.YAML, "/a", "{ü: 漢, a: x}", 1, 11},
		{document.Raw, "", "x", 1, 1},
	} {
		m := mustFind(t, []byte(c.text), c.format, document.Slot{At: c.slot})
		if got := fmt.Sprintf("%d:%d", m.Line, m.Column); got != fmt.Sprintf("%d:%d", c.line, c.column) {
			t.Errorf("%q: at %s, want %d:%d", c.text, got, c.line, c.column)
		}
	}
}

func TestARefusalIsFoundInWhatWrapsIt(t *testing.T) {
	_, err := document.Find([]byte(`{}`), document.JSON, document.Slot{At: "/a"})
	var e *syntax.Error
	if err = fmt.Errorf("read: %w", err); !errors.As(err, &e) || e.Kind != syntax.NotFound {
		t.Errorf("got %v", err)
	}
}
