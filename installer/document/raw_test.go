package document_test

import (
	"testing"

	"github.com/empowersuite/backend-installer/installer/document"
)

func rawSamples() []sample {
	in := func(name string, finalNewline bool, text, old string) sample {
		return sample{"raw: " + name, document.Raw, document.Slot{FinalNewline: finalNewline}, text, old}
	}
	return []sample{
		in("a value", false, "«old»", "old"),
		in("nothing", false, "«»", ""),
		in("a newline that belongs to it", false, "«old\n»", "old\n"),
		in("several lines", false, "«one\r\ntwo\n»", "one\r\ntwo\n"),
		in("a final newline", true, "«old»\n", "old"),
		in("a final CRLF", true, "«old»\r\n", "old"),
		in("several lines and a final newline", true, "«one\n\ntwo\n»\n", "one\n\ntwo\n"),
		in("only a newline", true, "«»\n", ""),
	}
}

func TestAMissingFinalNewlineIsAddedWithANewValueOnly(t *testing.T) {
	slot := document.Slot{FinalNewline: true}
	if got := mustEdit(t, []byte("old"), document.Raw, at(slot, "old")); string(got) != "old" {
		t.Errorf("got %q", got)
	}
	if got := mustEdit(t, []byte("old"), document.Raw, at(slot, entra)); string(got) != entra+"\n" {
		t.Errorf("got %q", got)
	}
}

func TestARawFileThatIsNotSureIsRefused(t *testing.T) {
	for _, c := range []struct {
		name, pointer, text string
		want                document.Kind
	}{
		{"a place within", "/a", entra, document.BadPointer},
		{"a mark", "", "\xef\xbb\xbf" + entra, document.Encoding},
		{"UTF-16", "", string(wide(entra, false)), document.Encoding},
		{"UTF-16, big endian", "", string(wide(entra, true)), document.Encoding},
		{"a NUL", "", entra + "\x00", document.Encoding},
		{"no UTF-8", "", entra + "\xff", document.Encoding},
		{"encrypted", "", "$ANSIBLE_VAULT;1.1;AES256\n00\n", document.Encrypted},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := document.Edit([]byte(c.text), document.Raw, at(document.Slot{At: c.pointer}, "x"))
			wantKind(t, err, c.want)
		})
	}
}

func TestAValueThatARawFileCannotHoldIsRefused(t *testing.T) {
	for _, value := range []string{entra + "\x00", "\ufeff" + entra} {
		_, err := document.Edit([]byte("old"), document.Raw, set(value))
		wantKind(t, err, document.Unrepresent)
	}
	_, err := document.Edit([]byte("old\n"), document.Raw, at(document.Slot{FinalNewline: true}, entra+"\r"))
	wantKind(t, err, document.Unrepresent)
}
