package document_test

import (
	"bytes"
	"testing"
	"unicode/utf8"

	"github.com/empowersuite/backend-installer/installer/document"
)

func FuzzJSON(f *testing.F) { seed(f, jsonSamples(), document.JSONC) }

func FuzzYAML(f *testing.F) { seed(f, yamlSamples(), document.YAML) }

func FuzzRaw(f *testing.F) { seed(f, rawSamples(), document.Raw) }

// seed tries the laws on files that nobody thought of.
func seed(f *testing.F, samples []sample, format document.Format) {
	f.Helper()
	values := nasty()
	for i, s := range samples {
		f.Add(s.src(), s.slot.At, s.slot.FinalNewline, values[i%len(values)])
		f.Add(s.src(), s.slot.At, s.slot.FinalNewline, entra)
	}
	f.Fuzz(func(t *testing.T, src []byte, pointer string, finalNewline bool, value string) {
		slot := document.Slot{At: pointer, FinalNewline: finalNewline}
		start, end, err := document.Span(src, format, slot)
		if err != nil {
			wantRefusal(t, nil, err, true)
			return
		}
		old, err := document.Find(src, format, slot)
		if err != nil {
			t.Fatalf("a place without a value: %v", err)
		}
		wantNoChange(t, src, format, at(slot, old.Value.Reveal()))
		out, err := document.Edit(src, format, at(slot, value))
		if err != nil {
			wantRefusal(t, out, err, format != document.YAML)
			return
		}
		if !bytes.HasPrefix(out, src[:start]) || !bytes.HasSuffix(out[start:], src[end:]) {
			t.Errorf("a byte outside changed: %q", out)
		}
		m, err := document.Find(out, format, slot)
		if err != nil || m.Value.Reveal() != value || !utf8.ValidString(value) {
			t.Errorf("reads %q, %v", m.Value.Reveal(), err)
		}
		wantNoChange(t, out, format, at(slot, value))
	})
}

func wantNoChange(t *testing.T, src []byte, format document.Format, changes []document.Change) {
	t.Helper()
	if same, err := document.Edit(src, format, changes); err != nil || !bytes.Equal(same, src) {
		t.Errorf("the same value: %q, %v", same, err)
	}
}

// wantRefusal: in YAML the step that reads the result again may be what refuses.
func wantRefusal(t *testing.T, out []byte, err error, foreseen bool) {
	t.Helper()
	kind := kindOf(err)
	if out != nil || kind == "" || kind == document.Verify && foreseen {
		t.Errorf("got %q, %v", out, err)
	}
}
