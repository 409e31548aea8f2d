// Package secret holds values that must not be printed.
//
// A Value keeps its text behind a pointer and answers every way of printing,
// marshalling and logging with a fixed mark. Reveal is the only way out. Two
// values are compared by people through a keyed fingerprint, never through a
// bare hash.
package secret

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
)

// Redacted is what every printed Value reads.
const Redacted = "[redacted]"

// KeyBytes is the length of a fingerprint key.
const KeyBytes = 32

// ErrKey says that a fingerprint key is not KeyBytes bytes in hexadecimal.
var ErrKey = errors.New("not a fingerprint key of 64 hexadecimal digits")

type text struct{ s string }

// Value is a text that cannot be printed. The zero Value is empty.
type Value struct{ p *text }

// New makes a Value of a text.
func New(s string) Value { return Value{&text{s}} }

// Reveal returns the text. Call it only where the text leaves the program on
// purpose: in a request to Entra ID, or in a configuration file.
func (v Value) Reveal() string {
	if v.p == nil {
		return ""
	}
	return v.p.s
}

// IsZero reports whether there is no text.
func (v Value) IsZero() bool { return v.p == nil || v.p.s == "" }

// Len is the length of the text in bytes.
func (v Value) Len() int { return len(v.Reveal()) }

// Equal compares in a time that depends only on the lengths.
func (v Value) Equal(o Value) bool {
	return subtle.ConstantTimeCompare([]byte(v.Reveal()), []byte(o.Reveal())) == 1
}

// String is Redacted.
func (Value) String() string { return Redacted }

// GoString is Redacted.
func (Value) GoString() string { return Redacted }

// Format prints Redacted for every verb.
func (Value) Format(f fmt.State, _ rune) {
	_, _ = io.WriteString(f, Redacted) // a State's error has no way to the caller
}

// MarshalText is Redacted, for JSON, YAML and XML alike.
func (Value) MarshalText() ([]byte, error) { return []byte(Redacted), nil }

// MarshalYAML is Redacted.
func (Value) MarshalYAML() (any, error) { return Redacted, nil }

// LogValue is Redacted.
func (Value) LogValue() slog.Value { return slog.StringValue(Redacted) }

// Key makes fingerprints that are comparable between the hosts that share it.
type Key struct{ v Value }

// NewKey makes a Key of KeyBytes random bytes.
func NewKey(random io.Reader) (Key, error) {
	b := make([]byte, KeyBytes)
	if _, err := io.ReadFull(random, b); err != nil {
		return Key{}, fmt.Errorf("draw a fingerprint key: %w", err)
	}
	return Key{New(string(b))}, nil
}

// ParseKey reads a Key as Encode wrote it; blanks around it do not matter.
func ParseKey(s string) (Key, error) {
	b, err := hex.DecodeString(strings.TrimSpace(s))
	if err != nil || len(b) != KeyBytes {
		return Key{}, ErrKey
	}
	return Key{New(string(b))}, nil
}

// Encode is the Key in hexadecimal with a final newline, for its file.
func (k Key) Encode() Value { return New(hex.EncodeToString([]byte(k.v.Reveal())) + "\n") }

// Fingerprint is the first 64 bits of HMAC-SHA-256(key, value) in hexadecimal,
// in two groups: "9f86d081-884c7d65". The empty Value has the fingerprint "".
func (k Key) Fingerprint(v Value) string {
	if v.IsZero() {
		return ""
	}
	mac := hmac.New(sha256.New, []byte(k.v.Reveal()))
	mac.Write([]byte(v.Reveal()))
	h := hex.EncodeToString(mac.Sum(nil)[:8])
	return h[:8] + "-" + h[8:]
}
