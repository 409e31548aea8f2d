package tomldoc

import (
	"fmt"
	"strings"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
)

// The notations of a string; all else has none of them.
const (
	basic syntax.Style = iota + 1
	literal
	basicLines
	literalLines
)

// Open reads a TOML file to its end.
func Open(src []byte) (syntax.File, error) {
	t, err := syntax.Decode(src)
	switch {
	case err != nil:
		return nil, err
	case t.Wide():
		return nil, &syntax.Error{Kind: syntax.Encoding, Line: 1, Column: 1, Reason: "TOML is UTF-8, this is UTF-16"}
	}
	f, err := syntax.Open(t, grammar{})
	if err != nil {
		return nil, err
	}
	return f, nil
}

// grammar is TOML as syntax.Listed needs it.
type grammar struct{}

// Address implements syntax.Grammar.
func (grammar) Address(at string) (string, error) {
	tokens, err := syntax.ParsePointer(at)
	switch {
	case err != nil:
		return "", err
	case len(tokens) == 0:
		return "", &syntax.Error{Kind: syntax.NotString, Reason: "the whole file is a table"}
	}
	return syntax.FormatPointer(tokens), nil
}

// Values implements syntax.Grammar. Tables and arrays are values, too, that
// cannot be changed.
func (grammar) Values(body []byte) ([]syntax.Value, error) {
	r, err := read(body)
	return r.values, err
}

// Encode implements syntax.Grammar.
func (grammar) Encode(_ []byte, v syntax.Value, text string) (string, error) {
	if v.Style == literal && !strings.ContainsFunc(text, needsEscape) {
		return "'" + text + "'", nil
	}
	return quote(text), nil
}

// needsEscape reports whether a literal string cannot hold a character, or not
// in ASCII.
func needsEscape(r rune) bool { return r < ' ' || r > '~' || r == '\'' }

func quote(text string) string {
	return syntax.Quote(text, func(r rune) string {
		if r <= 0xffff {
			return fmt.Sprintf(`\u%04X`, r)
		}
		return fmt.Sprintf(`\U%08X`, r)
	})
}
