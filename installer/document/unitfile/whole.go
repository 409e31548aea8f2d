package unitfile

import (
	"slices"
	"strings"
	"unicode"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
)

// literal reports whether systemd takes a value as it is but for specifiers: it
// does not split it, and quotes and backslashes mean nothing in it.
func literal(key string) bool {
	return slices.Contains([]string{
		"Description", "User", "Group", "WorkingDirectory", "RootDirectory", "PIDFile", "EnvironmentFile",
	}, key)
}

// whole is the value of an assignment that is no Environment=.
func (s *scanner) whole(a assignment) syntax.Value {
	first, last := a.pieces[0], a.pieces[len(a.pieces)-1]
	v := syntax.Value{Path: a.section + "/" + a.key, Style: plain, Text: strings.Trim(s.joined(a), blanks)}
	v.Start, v.End = first.start, max(last.end, first.start)
	for v.Start < v.End && isBlank(s.body[v.Start]) {
		v.Start++
	}
	for v.End > v.Start && isBlank(s.body[v.End-1]) {
		v.End--
	}
	if len(a.pieces) > 1 {
		v.Refusal = syntax.Reason(syntax.Unsupported, "a value that goes on in the next line")
		return v
	}
	v.Text, v.Refusal = meaning(a.key, v.Text)
	return v
}

// meaning is what a whole value means, or why it is not certain.
func meaning(key, raw string) (string, *syntax.Error) {
	if no := syntax.Foreign(raw); no != nil {
		return raw, no
	}
	text, ok := resolved(raw)
	switch {
	case !ok:
		return raw, &syntax.Error{Kind: syntax.Templated, Reason: "a specifier of systemd in the value: change what it stands for"}
	case literal(key):
		return text, nil
	case strings.ContainsAny(raw, `\"'%`):
		return raw, syntax.Reason(syntax.Unsupported, "quotes, a backslash or %% in the value: what they mean depends on the key")
	}
	return raw, nil
}

// resolved is a text with %% as %, false where it holds another specifier.
func resolved(raw string) (string, bool) {
	text := strings.ReplaceAll(raw, "%%", "")
	return strings.ReplaceAll(raw, "%%", "%"), !strings.Contains(text, "%")
}

// writeWhole is how a text is written as the value of a key.
func writeWhole(key, text string) (string, error) {
	reason := ""
	switch {
	case strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }):
		reason = "it holds a control character or an invisible one"
	case strings.Trim(text, " ") != text:
		reason = "a blank at its start or end would be lost"
	case strings.HasSuffix(text, `\`):
		reason = "a backslash at its end would make the line go on in the next one"
	case !literal(key) && strings.ContainsAny(text, `\"'%`):
		reason = "what quotes, a backslash and % mean depends on the key"
	case syntax.Foreign(text) != nil:
		reason = "it looks like an expression of a template or like an encrypted value"
	}
	if reason != "" {
		return "", &syntax.Error{Kind: syntax.Unrepresent, Reason: "a unit file cannot hold the value here: " + reason}
	}
	return strings.ReplaceAll(text, "%", "%%"), nil
}
