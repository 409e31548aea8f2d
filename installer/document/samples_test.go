package document_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/empowersuite/backend-installer/installer/document"
	"github.com/empowersuite/backend-installer/installer/secret"
)

// entra has the form of a client secret and is none.
const entra = "TST8Q~not-a-real-secret-0000000000000001"

// sample is a file in which « and » stand around the text that may change.
type sample struct {
	name   string
	format document.Format
	slot   document.Slot
	text   string
	old    string
}

func (s sample) src() []byte {
	return []byte(strings.NewReplacer("«", "", "»", "").Replace(s.text))
}

// span is what the marks say.
func (s sample) span() (start, end int) {
	start = strings.Index(s.text, "«")
	return start, strings.Index(s.text, "»") - len("«")
}

func set(value string) []document.Change { return []document.Change{{Value: secret.New(value)}} }

func at(slot document.Slot, value string) []document.Change {
	return []document.Change{{Slot: slot, Value: secret.New(value)}}
}

func kindOf(err error) document.Kind {
	var e *document.Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return ""
}

// wantKind also proves that neither value nor content is in the error.
func wantKind(t *testing.T, err error, want document.Kind) {
	t.Helper()
	if kindOf(err) != want {
		t.Errorf("got %v (%s), want %s", err, kindOf(err), want)
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

// wide is a text in UTF-16 with a byte order mark.
func wide(text string, bigEndian bool) []byte {
	var out []byte
	for _, u := range append([]uint16{0xfeff}, utf16.Encode([]rune(text))...) {
		low, high := byte(u), byte(u>>8)
		if bigEndian {
			low, high = high, low
		}
		out = append(out, low, high)
	}
	return out
}

// nasty are values that break careless writers.
func nasty() []string {
	return []string{
		entra, "", "x", " ", "\t", "a b", " edges ", "trailing ", " leading", `"`, `'`, `''`, `\`, `\\`, `\"`, "a\"b'c",
		"# x", "a # b", "a: b", "a:", ": a", "- x", "-", "? x", "?", "{a, b]", "[", "]", "{", "}", ",", "a,b", "*a", "&b", "!c", "|", ">", "%x", "@x", "`x`",
		"yes", "No", "on", "null", "~", "true", "1", "0o17", "0x1F", "1e3", "1_000", ".inf", ".nan", "-.5", "2001-01-01", "12:30:45", "<<", "=", "None",
		"a\nb", "a\n", "\na", "a\r\nb", "a\r", "\r", "a\tb", "\x00", "\x01", "\x1b[0m", "\x7f", "\u0085", "\u00a0", "\u2028", "\u2029", "\ufeff", "a\ufeff", "\ufffd",
		"ü", "漢字", "😀", "e\u0301", "\u202ereversed", "---", "...", "--- a", "\n---\n", "${X} %P% $(id)", "&amp;]]>", `\u0041`, `\x41`, "//x", "/* x */", "*/", "<secret>",
		"ends~", "ends.", "~starts", "a~b.c", strings.Repeat("long ", 300), strings.Repeat("x", 1200),
	}
}
