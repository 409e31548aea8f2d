package document_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/empowersuite/backend-installer/installer/document"
)

func samples() []sample { return append(append(jsonSamples(), yamlSamples()...), rawSamples()...) }

func TestTheOldValueIsReadAndSettingItAgainChangesNothing(t *testing.T) {
	for _, s := range samples() {
		t.Run(s.name, func(t *testing.T) {
			if got := mustFind(t, s.src(), s.format, s.slot).Value.Reveal(); got != s.old {
				t.Errorf("got %q, want %q", got, s.old)
			}
			if out := mustEdit(t, s.src(), s.format, at(s.slot, s.old)); !bytes.Equal(out, s.src()) {
				t.Errorf("got %q, want %q", out, s.src())
			}
		})
	}
}

func TestANastyValueReadsBackAndNothingElseChanges(t *testing.T) {
	for _, s := range samples() {
		t.Run(s.name, func(t *testing.T) {
			for _, value := range nasty() {
				out, err := document.Edit(s.src(), s.format, at(s.slot, value))
				if err != nil {
					if s.format != document.Raw || kindOf(err) != document.Unrepresent {
						t.Errorf("%q: %v", value, err)
					}
					continue
				}
				wantLaws(t, s, out, value)
			}
		})
	}
}

// wantLaws: read after set is the value, every other byte stays, and a second
// time changes nothing.
func wantLaws(t *testing.T, s sample, out []byte, value string) {
	t.Helper()
	src := s.src()
	start, end := s.span()
	if !bytes.HasPrefix(out, src[:start]) || !bytes.HasSuffix(out[start:], src[end:]) {
		t.Errorf("%q: a byte outside changed: %q", value, out)
	}
	m, err := document.Find(out, s.format, s.slot)
	if err != nil || m.Value.Reveal() != value {
		t.Errorf("%q: reads %q, %v from %q", value, m.Value.Reveal(), err, out)
		return
	}
	if again := mustEdit(t, out, s.format, at(s.slot, value)); !bytes.Equal(again, out) {
		t.Errorf("%q: a second time changes it: %q, %q", value, out, again)
	}
}

func TestTheMarkedTextIsTheOneThatIsReplaced(t *testing.T) {
	for _, s := range samples() {
		start, end := s.span()
		if gotStart, gotEnd, err := document.Span(s.src(), s.format, s.slot); err != nil || gotStart != start || gotEnd != end {
			t.Errorf("%s: got %d to %d, %v, want %d to %d", s.name, gotStart, gotEnd, err, start, end)
		}
	}
}

// The step that reads the result again is what makes an edit safe: whatever a
// careless encoder gets past it must still be right.
func TestACarelessEncoderGetsNothingWrongThrough(t *testing.T) {
	refused, passed := 0, 0
	for _, s := range append(jsonSamples(), yamlSamples()...) {
		for _, value := range append(nasty(), `"quoted"`, `"", "x": "y"`, "a\n  b: c", "x # comment", "'single'") {
			out, err := document.EditCareless(s.src(), s.format, at(s.slot, value))
			if err != nil {
				refused++
				continue
			}
			passed++
			wantLaws(t, s, out, value)
		}
	}
	if refused < 1000 || passed < 100 {
		t.Errorf("%d refused, %d passed: the test proves nothing", refused, passed)
	}
}

func TestUTF16IsEditedInItsOwnBytes(t *testing.T) {
	const before, after = "\r\n  // ü 漢 😀\r\n  \"Secret\" : ", " , // \"Secret\": \"decoy\"\r\n}\r\n"
	for _, bigEndian := range []bool{false, true} {
		src := wide("{"+before+`"old"`+after, bigEndian)
		slot := document.Slot{At: "/Secret"}
		for _, value := range []string{entra, "", "😀 ü \"", "\x00"} {
			out := mustEdit(t, src, document.JSONC, at(slot, value))
			head, tail := wide("{"+before, bigEndian), wide(after, bigEndian)[2:]
			if !bytes.HasPrefix(out, head) || !bytes.HasSuffix(out, tail) {
				t.Errorf("%q, big endian %v: a byte outside changed", value, bigEndian)
			}
			if got := mustFind(t, out, document.JSONC, slot).Value.Reveal(); got != value {
				t.Errorf("got %q, want %q", got, value)
			}
		}
		if out := mustEdit(t, src, document.JSONC, at(slot, "old")); !bytes.Equal(out, src) {
			t.Error("the same value changed the file")
		}
		if m := mustFind(t, src, document.JSONC, slot); m.Line != 3 || m.Column != 14 {
			t.Errorf("at %d:%d, want 3:14", m.Line, m.Column)
		}
	}
}

func TestAllChangesAreMadeOrNone(t *testing.T) {
	one, two, three := document.Slot{At: "/a"}, document.Slot{At: "/b/c"}, document.Slot{At: "/d"}
	for f, c := range map[document.Format]struct{ src, want string }{
		document.JSONC: {
			`{"a":"1", "b":{"c":"2"}, /* x */ "d":"3",}`, `{"a":"a longer one", "b":{"c":""}, /* x */ "d":"3",}`,
		},
		document.YAML: {
			"a: one\nb: {c: \"2\"}   # x\nd: 'three'\n", "a: \"a longer one\"\nb: {c: \"\"}   # x\nd: 'three'\n",
		},
	} {
		for _, order := range [][]document.Change{
			append(at(one, "a longer one"), at(two, "")...),
			append(at(two, ""), at(one, "a longer one")...),
		} {
			if got := mustEdit(t, []byte(c.src), f, order); string(got) != c.want {
				t.Errorf("%s: got %q, want %q", f, got, c.want)
			}
		}
		all := append(append(at(one, "\n"), at(two, "# '")...), at(three, "\"")...)
		out := mustEdit(t, []byte(c.src), f, all)
		for _, change := range all {
			if got := mustFind(t, out, f, change.Slot).Value; !got.Equal(change.Value) {
				t.Errorf("%s %s: another value", f, change.Slot.At)
			}
		}
		for what, bad := range map[document.Kind][]document.Change{
			document.NotFound:  append(at(one, "x"), at(document.Slot{At: "/none"}, "y")...),
			document.Ambiguous: append(at(one, "x"), at(one, "y")...),
		} {
			out, err := document.Edit([]byte(c.src), f, bad)
			wantKind(t, err, what)
			if out != nil {
				t.Errorf("%s: got %q beside the error", f, out)
			}
		}
		if out := mustEdit(t, []byte(c.src), f, nil); string(out) != c.src {
			t.Errorf("%s: no change changed %q", f, out)
		}
	}
}

func TestAValueThatIsNoTextIsRefused(t *testing.T) {
	for _, s := range samples() {
		_, err := document.Edit(s.src(), s.format, at(s.slot, entra+"\xff"))
		wantKind(t, err, document.Unrepresent)
	}
}

func TestFormatsAreKnownByTheirNames(t *testing.T) {
	for name, want := range map[string]document.Format{
		"a/appsettings.json": document.JSONC, "A.JSON": document.JSONC, "x.jsonc": document.JSONC,
		"x.yaml": document.YAML, "x.YML": document.YAML, "secret": "", "x.txt": "", "json": "",
	} {
		if got, ok := document.FormatOf(name); got != want || ok != (want != "") {
			t.Errorf("%s: got %q, %v", name, got, ok)
		}
	}
	for _, f := range []document.Format{"", "toml"} {
		_, err := document.Edit(nil, f, set("x"))
		wantKind(t, err, document.Unsupported)
	}
}

func TestAnErrorTellsThePlaceAsFarAsItIsKnown(t *testing.T) {
	for want, e := range map[string]document.Error{
		"why":      {Reason: "why"},
		"3: why":   {Line: 3, Reason: "why"},
		"3:4: why": {Line: 3, Column: 4, Reason: "why"},
	} {
		if got := e.Error(); got != want {
			t.Errorf("got %q, want %q", got, want)
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
