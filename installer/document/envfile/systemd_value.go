package envfile

import (
	"strings"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
)

// Encode implements syntax.Grammar.
func (systemd) Encode(body []byte, v syntax.Value, text string) (string, error) {
	if text == "" && v.Style == bare && v.End < len(body) && isBlank(body[v.End]) {
		return "''", nil
	}
	return writeSystemd(text, v.Style)
}

// writeSystemd is a text in a notation, or in the least change of it that can
// hold it.
func writeSystemd(text string, style syntax.Style) (string, error) {
	if strings.ContainsFunc(text, syntax.Unreadable) {
		return "", &syntax.Error{Kind: syntax.Unrepresent, Reason: "systemd does not take the value: it holds a control character, a byte order mark or a character that is reserved in Unicode"}
	}
	if syntax.Foreign(text) != nil {
		return "", &syntax.Error{Kind: syntax.Unrepresent, Reason: "the value looks like an expression of a template or like an encrypted one"}
	}
	switch {
	case style == bare && isBare(text):
		return text, nil
	case style != double && !strings.ContainsAny(text, `'\`):
		return "'" + text + "'", nil
	default:
		return `"` + strings.NewReplacer(`"`, `\"`, `\`, `\\`, "`", "\\`", `$`, `\$`).Replace(text) + `"`, nil
	}
}

// isBare reports whether a text needs no quotes, for a person that reads the file
// neither.
func isBare(text string) bool {
	return !strings.ContainsAny(text, "'\"\\`$#") && strings.Trim(text, " ") == text && !strings.ContainsFunc(text, isUnusual)
}

// Insert implements syntax.Grammar.
func (systemd) Insert(body []byte, path, text string) ([]syntax.Splice, error) {
	written, err := writeSystemd(text, bare)
	if err != nil {
		return nil, err
	}
	return appended(body, path+"="+written), nil
}
