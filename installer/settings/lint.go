package settings

import (
	"errors"
	"fmt"
	"strings"
	"unicode"

	"github.com/empowersuite/backend-installer/installer/secret"
)

// Lengths of a client secret's value.
// https://learn.microsoft.com/graph/api/resources/passwordcredential (2026).
const (
	minSecretChars = 16
	maxSecretChars = 64
)

// LintSecret looks at a value that is to be a client secret before it is sent
// anywhere. It returns the value without a final line end and without blanks
// around it, and notes on what is odd but possible. The error says why the
// value cannot be a client secret and what to do, without quoting it.
func LintSecret(v secret.Value, allowGUID bool) (clean secret.Value, notes []string, err error) {
	text := strings.TrimSuffix(strings.TrimSuffix(v.Reveal(), "\n"), "\r")
	trimmed := strings.TrimFunc(text, func(r rune) bool { return unicode.IsSpace(r) || r == '\uFEFF' || r == '\u200B' })
	if trimmed != text {
		notes = append(notes, "blanks around the client secret were left out")
	}
	if err := malformed(trimmed, allowGUID); err != nil {
		return secret.Value{}, nil, err
	}
	return secret.New(trimmed), append(notes, oddities(trimmed)...), nil
}

func malformed(text string, allowGUID bool) error {
	if text == "" {
		return errors.New("it is empty")
	}
	for _, sign := range signs() {
		if sign.shows(text) {
			return errors.New(sign.says)
		}
	}
	switch {
	case isGUID(text) && !allowGUID:
		return errors.New("it is a GUID, so it is probably the Secret ID: the column beside it, Value, is wanted (--allow-guid-secret if yours really is a GUID)")
	case len(text) < minSecretChars || len(text) > maxSecretChars:
		return fmt.Errorf("it has %d characters and a client secret has %d to %d: copy the column Value, whole",
			len(text), minSecretChars, maxSecretChars)
	}
	return nil
}

// sign is something that a client secret never shows.
type sign struct {
	shows func(text string) bool
	says  string
}

func signs() []sign {
	foreign := func(r rune) bool { return r > unicode.MaxASCII || unicode.IsControl(r) }
	return []sign{
		{func(t string) bool { return strings.ContainsAny(t, "\r\n") }, "it has more than one line: give the value and nothing else"},
		{quoted, "it stands in quotes: give it without them"},
		{masked, "it is masked: what the portal shows later than right after the creation is not the value"},
		{placeholder, "it is a placeholder: give the real value"},
		{func(t string) bool { return strings.ContainsFunc(t, unicode.IsSpace) }, "it has a blank inside: copy it again, whole"},
		{func(t string) bool { return strings.ContainsFunc(t, foreign) }, "it has characters that no client secret has: copy it again from the portal"},
	}
}

func masked(text string) bool {
	return strings.Trim(text, "*•●·…") == "" || strings.HasSuffix(text, "***") || strings.HasSuffix(text, "•••")
}

func quoted(text string) bool {
	first, last := text[:1], text[len(text)-1:]
	return len(text) > 1 && first == last && strings.Contains("\"'`", first) || strings.HasPrefix(text, "“")
}

// IsPlaceholder reports whether a value only stands where a secret is meant to be
// filled in, or refers to where it is kept.
func IsPlaceholder(v secret.Value) bool {
	text := strings.TrimSpace(v.Reveal())
	return text != "" && placeholder(text)
}

// placeholder knows what stands where a secret was meant to be filled in.
func placeholder(text string) bool {
	lower := strings.ToLower(text)
	for _, opening := range []string{"<", "${", "{{", "$(", "%", "[", "@microsoft.keyvault("} {
		closing := map[string]string{"<": ">", "${": "}", "{{": "}}", "$(": ")", "%": "%", "[": "]"}[opening]
		if strings.HasPrefix(lower, opening) && (closing == "" || strings.HasSuffix(lower, closing)) {
			return true
		}
	}
	if strings.Trim(lower, lower[:1]) == "" {
		return true // xxxxxxxxxxxx
	}
	return matches(`^(change|replace|fill)[-_ ]?(me|this|in)$|^(your|my|the|new|insert|enter)?[-_ ]?(new|azure|entra)?[-_ ]?(app|client)?[-_ ]?(secret|password)[-_ ]?(value|here)?$|^(todo|tbd|none|null|redacted|\[redacted\])$`, lower)
}

// looksSecret knows the whole form of today's client secrets.
func looksSecret(text string) bool {
	return matches(`^[A-Za-z0-9._~-]{3}(7Q~[A-Za-z0-9._~-]{31}|8Q~[A-Za-z0-9._~-]{34})$`, text)
}

// oddities are worth a look and no reason to refuse: the form of a client
// secret is not documented.
func oddities(text string) []string {
	shape := matches(`^[A-Za-z0-9._~-]{3}[78]Q~[A-Za-z0-9._~-]*$`, text)
	want := map[byte]int{'7': 37, '8': 40}
	switch {
	case !shape:
		return nil
	case len(text) != want[text[3]]:
		return []string{fmt.Sprintf("the client secret has %d characters; those that begin like it have %d: was all of it copied?", len(text), want[text[3]])}
	case text[3] == '8' && !checksumHolds(text):
		return []string{"the client secret's checksum does not hold: if Entra ID refuses it, it was mistyped or cut"}
	}
	return nil
}
