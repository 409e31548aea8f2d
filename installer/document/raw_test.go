package document_test

import (
	"testing"

	"github.com/empowersuite/backend-installer/installer/document"
	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/document/syntax/syntaxtest"
	"github.com/empowersuite/backend-installer/installer/secret"
)

func raw(finalNewline bool, value string) []document.Change {
	return []document.Change{{Slot: document.Slot{FinalNewline: finalNewline}, Value: secret.New(value)}}
}

func TestARawFileIsItsValue(t *testing.T) {
	for _, c := range []struct {
		finalNewline      bool
		text, old, newEnd string
	}{
		{false, "old", "old", ""},
		{false, "", "", ""},
		{false, "old\n", "old\n", ""},
		{false, "one\r\ntwo\n", "one\r\ntwo\n", ""},
		{true, "old\n", "old", "\n"},
		{true, "old\r\n", "old", "\r\n"},
		{true, "one\n\ntwo\n\n", "one\n\ntwo\n", "\n"},
		{true, "\n", "", "\n"},
		{true, "old", "old", "\n"},
	} {
		slot := document.Slot{FinalNewline: c.finalNewline}
		if got := mustFind(t, []byte(c.text), document.Raw, slot).Value.Reveal(); got != c.old {
			t.Errorf("%q: got %q, want %q", c.text, got, c.old)
		}
		if got := mustEdit(t, []byte(c.text), document.Raw, raw(c.finalNewline, c.old)); string(got) != c.text {
			t.Errorf("%q: the same value changed it to %q", c.text, got)
		}
		for _, value := range syntaxtest.Nasty() {
			out, err := document.Edit([]byte(c.text), document.Raw, raw(c.finalNewline, value))
			if syntaxtest.KindOf(err) == syntax.Unrepresent {
				continue
			}
			if err != nil || value != c.old && string(out) != value+c.newEnd {
				t.Errorf("%q set to %q: got %q, %v", c.text, value, out, err)
			}
		}
	}
}

func TestARawFileThatIsNotSureIsRefused(t *testing.T) {
	for _, c := range []struct {
		name, pointer, text string
		want                syntax.Kind
	}{
		{"a place within", "/a", entra, syntax.BadPointer},
		{"a mark", "", "\xef\xbb\xbf" + entra, syntax.Encoding},
		{"UTF-16", "", string(syntaxtest.Wide(entra, false)), syntax.Encoding},
		{"UTF-16, big endian", "", string(syntaxtest.Wide(entra, true)), syntax.Encoding},
		{"a NUL", "", entra + "\x00", syntax.Encoding},
		{"no UTF-8", "", entra + "\xff", syntax.Encoding},
		{"encrypted", "", "$ANSIBLE_VAULT;1.1;AES256\n00\n", syntax.Encrypted},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := document.Edit([]byte(c.text), document.Raw, at(c.pointer, "x"))
			wantKind(t, err, c.want)
		})
	}
	_, err := document.Add([]byte(entra), document.Raw, at("", "x"))
	wantKind(t, err, syntax.Present)
}

func TestAValueThatARawFileCannotHoldIsRefused(t *testing.T) {
	for _, value := range []string{entra + "\x00", "\ufeff" + entra} {
		_, err := document.Edit([]byte("old"), document.Raw, at("", value))
		wantKind(t, err, syntax.Unrepresent)
	}
	_, err := document.Edit([]byte("old\n"), document.Raw, raw(true, entra+"\r"))
	wantKind(t, err, syntax.Unrepresent)
}
