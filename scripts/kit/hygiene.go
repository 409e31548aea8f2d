package kit

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
)

// startBytes is what a search tells texts apart by, and the least that a form may have.
const startBytes = 8

const plainForm = "plain"

// Secret is a text to look for, and what it is.
type Secret struct{ Kind, Text string }

// Finding is a secret where it should not be.
type Finding struct{ Where, Kind, Form string }

// Search looks for many secrets, in every form, in one pass over a text.
type Search struct {
	byStart map[[startBytes]byte][]pattern
}

type pattern struct {
	kind, form string
	coded      []byte
}

// NewSearch is one for secrets.
func NewSearch(t *testing.T, secrets ...Secret) *Search {
	t.Helper()
	s := &Search{byStart: map[[startBytes]byte][]pattern{}}
	for _, one := range secrets {
		for form, coded := range Encodings(one.Text) {
			if len(coded) < startBytes {
				t.Fatalf("a %s is too short to be looked for", one.Kind)
			}
			if form != plainForm && string(coded) == one.Text {
				continue // told once is enough
			}
			start := [startBytes]byte(coded)
			s.byStart[start] = append(s.byStart[start], pattern{one.Kind, form, coded})
		}
	}
	return s
}

// In is what a text holds, each kind and form once.
func (s *Search) In(where string, text []byte) []Finding {
	var found []Finding
	for at := range max(0, len(text)-startBytes+1) {
		for _, p := range s.byStart[[startBytes]byte(text[at:])] {
			finding := Finding{where, p.kind, p.form}
			if bytes.HasPrefix(text[at:], p.coded) && !slices.Contains(found, finding) {
				found = append(found, finding)
			}
		}
	}
	return found
}

// Encodings are the forms in which a secret could be found again.
func Encodings(secret string) map[string][]byte {
	escaped, err := json.Marshal(secret)
	if err != nil {
		panic(err) // a string always marshals
	}
	forms := map[string][]byte{
		plainForm: []byte(secret), "JSON": bytes.Trim(escaped, `"`), "URL": []byte(url.QueryEscape(secret)), "UTF-16": UTF16LE(secret),
	}
	// Base64 of a longer text differs by where the secret begins in it.
	for shift := range 3 {
		coded := base64.StdEncoding.EncodeToString(append(make([]byte, shift), secret...))
		from, to := (shift*8+5)/6, (shift+len(secret))*8/6
		forms["base64 at "+string(rune('0'+shift))] = []byte(coded[from:to])
	}
	return forms
}

// Find fails the test where a text holds a secret in any form.
func Find(t *testing.T, where string, text []byte, secrets ...string) {
	t.Helper()
	var all []Secret
	for _, secret := range secrets {
		all = append(all, Secret{"secret", secret})
	}
	for _, f := range NewSearch(t, all...).In(where, text) {
		t.Errorf("%s holds the %s (%s)", f.Where, f.Kind, f.Form)
	}
}

// Between is what stands between two texts.
func Between(text, from, to string) string {
	_, rest, _ := strings.Cut(text, from)
	got, _, _ := strings.Cut(rest, to)
	return got
}

// UTF16LE is a text as Windows writes it.
func UTF16LE(text string) []byte {
	var wide []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		wide = binary.LittleEndian.AppendUint16(wide, unit)
	}
	return wide
}
