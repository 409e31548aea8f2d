package envfile

import (
	"bytes"
	"strings"
	"unicode"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
)

// plain is what may stand in a value without quotes.
const plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_~./+=@%,:-"

// doubt is why readers differ on what a value of one line means, nil where they
// agree.
func doubt(text string, style syntax.Style) *syntax.Error {
	if e := syntax.Foreign(text); e != nil {
		return e
	}
	switch {
	case strings.ContainsRune(text, '`'):
		return syntax.Reason(syntax.Unsupported, "back quotes in the value")
	case style != single && strings.Contains(text, "$"), strings.Contains(text, "${"):
		return &syntax.Error{Kind: syntax.Templated, Reason: "a $ in the value, which readers replace: change what it names"}
	case strings.Contains(text, `\`):
		return syntax.Reason(syntax.ParserDiffer, "a backslash in the value, which readers take for different things")
	case strings.ContainsFunc(text, isUnusual):
		return syntax.Reason(syntax.ParserDiffer, "an unusual blank or an invisible character in the value")
	case style != bare:
		return nil
	case strings.Contains(text, "#"):
		return syntax.Reason(syntax.ParserDiffer, "a # in the value, which begins a comment to some readers")
	case strings.Contains(text, " "):
		return syntax.Reason(syntax.ParserDiffer, "blanks within the value, at which it ends to some readers")
	case strings.ContainsAny(text, ";&|<>()"):
		return syntax.Reason(syntax.ParserDiffer, "a character in the value that means something to a shell")
	case isHome(text):
		return syntax.Reason(syntax.ParserDiffer, "a ~ at the start or behind a colon, which bash replaces by a folder")
	}
	return nil
}

func isHome(text string) bool { return strings.HasPrefix(text, "~") || strings.Contains(text, ":~") }

func isUnusual(r rune) bool { return !unicode.IsPrint(r) }

// Encode implements syntax.Grammar.
func (dotenv) Encode(body []byte, v syntax.Value, text string) (string, error) {
	if end, _ := syntax.LineAt(body, v.End); isCut(text) && bytes.IndexByte(body[v.End:end], '#') >= 0 {
		return "", &syntax.Error{Kind: syntax.Unrepresent, Reason: cut}
	}
	return writeDotenv(text, v.Style)
}

// writeDotenv is a text in a notation, where all readers read it as that.
func writeDotenv(text string, style syntax.Style) (string, error) {
	quote, reason := "", "without quotes they agree on A-Z a-z 0-9 _ ~ . / + = @ % , : - only, and on no ~ at the start or behind a colon"
	fits := strings.Trim(text, plain) == "" && !isHome(text)
	if style != bare {
		quote, reason = "'", "in single quotes they agree on what is printable but ' \\ $ and back quotes"
		if style == double {
			quote, reason = `"`, `in double quotes they agree on what is printable but " \ $ and back quotes`
		}
		fits = !strings.ContainsAny(text, "\\$`"+quote) && !strings.ContainsFunc(text, isUnusual)
	}
	if !fits || syntax.Foreign(text) != nil {
		return "", &syntax.Error{Kind: syntax.Unrepresent, Reason: "not all readers of .env files would take the value as it is: " + reason + "; if it is systemd that reads the file, the format is systemd-env"}
	}
	return quote + text + quote, nil
}

// Insert implements syntax.Grammar.
func (dotenv) Insert(body []byte, path, text string) ([]syntax.Splice, error) {
	s, err := scan(body)
	if err != nil {
		return nil, err
	}
	if s.nested[path] {
		return nil, &syntax.Error{Kind: syntax.Ambiguous, Reason: "to a shell the value of another variable sets " + path}
	}
	written, err := writeDotenv(text, bare)
	if err != nil && s.quotes != 0 {
		written, err = writeDotenv(text, s.quotes)
	}
	if err != nil {
		return nil, err
	}
	line := path + "=" + written
	if s.exports > 0 && s.exports == len(s.values) {
		line = "export " + line
	}
	return appended(body, line), nil
}
