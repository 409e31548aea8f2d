package kit

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"unicode/utf16"
)

// Encodings are the forms in which a secret could be found again.
func Encodings(secret string) map[string][]byte {
	escaped, err := json.Marshal(secret)
	if err != nil {
		panic(err) // a string always marshals
	}
	forms := map[string][]byte{
		"plain": []byte(secret), "JSON": bytes.Trim(escaped, `"`), "URL": []byte(url.QueryEscape(secret)), "UTF-16": UTF16LE(secret),
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
	for _, secret := range secrets {
		for form, coded := range Encodings(secret) {
			if bytes.Contains(text, coded) {
				t.Errorf("%s holds the secret (%s)", where, form)
			}
		}
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
