package syntax_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/document/syntax/syntaxtest"
)

func decode(t *testing.T, src []byte) syntax.Text {
	t.Helper()
	text, err := syntax.Decode(src)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestEveryEncodingComesBackAsItWas(t *testing.T) {
	const content = "a ü 漢 😀\r\nb\n"
	for name, src := range map[string][]byte{
		"UTF-8": []byte(content), "UTF-8 with a mark": []byte(syntax.MarkUTF8 + content),
		"UTF-16": syntaxtest.Wide(content, false), "UTF-16, big endian": syntaxtest.Wide(content, true), "nothing": {},
	} {
		text := decode(t, src)
		if name != "nothing" && string(text.Body) != content {
			t.Errorf("%s: the body is %q", name, text.Body)
		}
		if _, out := text.Edited(nil); !bytes.Equal(out, src) {
			t.Errorf("%s: got %q, want %q", name, out, src)
		}
		if text.Wide() != strings.HasPrefix(name, "UTF-16") {
			t.Errorf("%s: wide is %v", name, text.Wide())
		}
	}
}

func TestASpliceIsMadeInTheFilesEncoding(t *testing.T) {
	for _, wide := range []bool{false, true} {
		src, want := []byte(syntax.MarkUTF8+"ü=alt;"), []byte(syntax.MarkUTF8+"ü=😀 neu;")
		if wide {
			src, want = syntaxtest.Wide("ü=alt;", false), syntaxtest.Wide("ü=😀 neu;", false)
		}
		text := decode(t, src)
		splice := []syntax.Splice{{Start: 3, End: 6, Text: "😀 neu"}}
		body, out := text.Edited(splice)
		if !bytes.Equal(out, want) || string(body) != "ü=😀 neu;" {
			t.Errorf("got %q and %q, want %q", body, out, want)
		}
		if !syntax.SameOutside(text, src, out, splice) {
			t.Errorf("wide %v: a splice changed a byte outside", wide)
		}
		for i := range out {
			spoilt := bytes.Clone(out)
			spoilt[i] ^= 1
			inside := i >= text.Offset(3) && i < text.Offset(3)+text.Size("😀 neu")
			if syntax.SameOutside(text, src, spoilt, splice) != inside {
				t.Errorf("wide %v: byte %d changed, and the comparison says %v", wide, i, !inside)
			}
		}
		if syntax.SameOutside(text, src, out[:len(out)-1], splice) || syntax.SameOutside(text, src, append(out, 'x'), splice) {
			t.Errorf("wide %v: another length is the same", wide)
		}
	}
}

func TestAPlaceIsCountedInCharacters(t *testing.T) {
	body := []byte("ü\r\n漢x\ry\nz")
	for offset, want := range map[int][2]int{0: {1, 1}, 2: {1, 2}, 4: {2, 1}, 7: {2, 2}, 9: {3, 1}, 11: {4, 1}} {
		if line, column := syntax.Place(body, offset); line != want[0] || column != want[1] {
			t.Errorf("%d: got %d:%d, want %d:%d", offset, line, column, want[0], want[1])
		}
	}
}

func TestAQuotedTextIsASCIIOnOneLine(t *testing.T) {
	for _, value := range syntaxtest.Nasty() {
		quoted := syntax.Quote(value, func(rune) string { return "?" })
		if strings.ContainsFunc(quoted, func(r rune) bool { return r < ' ' || r > '~' }) {
			t.Errorf("%q: got %q", value, quoted)
		}
	}
	if got := syntax.Quote("a\"\\\n\r\tü", func(r rune) string { return "<" + string(r) + ">" }); got != `"a\"\\\n\r\t<ü>"` {
		t.Errorf("got %s", got)
	}
}

func TestAPointerComesBackAsItWas(t *testing.T) {
	for at, want := range map[string][]string{"": nil, "/": {""}, "/a/b": {"a", "b"}, "/a~1b/~0~01": {"a/b", "~~1"}} {
		tokens, err := syntax.ParsePointer(at)
		if err != nil || strings.Join(tokens, "|") != strings.Join(want, "|") || len(tokens) != len(want) {
			t.Errorf("%s: got %q, %v", at, tokens, err)
		}
		if got := syntax.FormatPointer(tokens); got != at {
			t.Errorf("got %s, want %s", got, at)
		}
	}
	for _, at := range []string{"a", "/a~", "/~2", "/\xff"} {
		if _, err := syntax.ParsePointer(at); !syntax.Is(err, syntax.BadPointer) {
			t.Errorf("%q: %v", at, err)
		}
	}
}
