package yamldoc

import (
	"regexp"
	"strings"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
)

// A plain scalar of these characters reads as itself in YAML 1.1 and 1.2, in
// flow and in block, unless it is one of the words.
var (
	plainText  = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_~./+=-]*[A-Za-z0-9_~+/=]$`)
	plainWords = regexp.MustCompile(`(?i)^(yes|no|on|off|true|false|null|nan|inf|none)$`)
)

// Replace implements syntax.File.
func (y *File) Replace(v syntax.Value, text string) (syntax.Edit, error) {
	if err := Representable(text); err != nil {
		return syntax.Edit{}, err
	}
	return syntax.Replacement(v, y.encode(v, text), text), nil
}

// Representable refuses what would not be taken as it is.
func Representable(text string) error {
	if strings.Contains(text, "{{") {
		return &syntax.Error{Kind: syntax.Unrepresent, Reason: "the value holds {{, which makes it an expression of a template"}
	}
	return syntax.Representable(text)
}

func (y *File) encode(v syntax.Value, text string) string {
	switch {
	case v.Style == plain && plainText.MatchString(text) && !plainWords.MatchString(text):
		return text
	case v.Style == singleQuoted && printable(text):
		return "'" + strings.ReplaceAll(text, "'", "''") + "'"
	case v.Style == block:
		return y.encodeBlock(v, text)
	case v.Style == empty:
		return " " + y.quote(text)
	default:
		return y.quote(text)
	}
}
