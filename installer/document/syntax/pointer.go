package syntax

import (
	"strings"
	"unicode/utf8"
)

// ParsePointer splits an RFC 6901 pointer.
func ParsePointer(at string) ([]string, error) {
	if at == "" {
		return nil, nil
	}
	if !strings.HasPrefix(at, "/") || !utf8.ValidString(at) {
		return nil, badPointer(at)
	}
	tokens := strings.Split(at[1:], "/")
	for i, t := range tokens {
		if strings.Contains(strings.NewReplacer("~0", "", "~1", "").Replace(t), "~") {
			return nil, badPointer(at)
		}
		tokens[i] = strings.ReplaceAll(strings.ReplaceAll(t, "~1", "/"), "~0", "~")
	}
	return tokens, nil
}

func badPointer(at string) error {
	return &Error{Kind: BadPointer, Reason: "not a JSON Pointer (RFC 6901) like /AzureAd/ClientSecret: " + strings.ToValidUTF8(at, "�")}
}

// FormatPointer is the pointer of tokens.
func FormatPointer(tokens []string) string {
	var b strings.Builder
	for _, t := range tokens {
		b.WriteString("/" + strings.ReplaceAll(strings.ReplaceAll(t, "~", "~0"), "/", "~1"))
	}
	return b.String()
}
