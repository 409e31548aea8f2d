package jsonc

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
)

// dialect is how names make up a place.
type dialect uint8

const (
	dotNET  dialect = iota // in any case; a colon in a name separates names
	rfc8259                // as they are written
)

// path is the place that tokens lead to, each behind the dialect's separator.
func (d dialect) path(tokens []string) string {
	if d == rfc8259 {
		return syntax.FormatPointer(tokens)
	}
	var b strings.Builder
	for _, t := range tokens {
		b.WriteString(":" + t)
	}
	return b.String()
}

// off says that a place does not lie on the way.
const off = -1

// advance is how much of a path is reached through name, off where name leads
// elsewhere. So much of it was reached before.
func (d dialect) advance(path string, reached int, name string) int {
	rest := path[reached:]
	if rest == "" {
		return off
	}
	separator := rest[0]
	cut := cutFolded
	if d == rfc8259 {
		cut = strings.CutPrefix
		if strings.ContainsAny(name, "~/") {
			name = syntax.FormatPointer([]string{name})[1:]
		}
	}
	rest, ok := cut(rest[1:], name)
	if !ok || rest != "" && rest[0] != separator {
		return off
	}
	return len(path) - len(rest)
}

// cutFolded is strings.CutPrefix without regard to case as .NET sees it.
func cutFolded(s, prefix string) (rest string, ok bool) {
	for _, r := range prefix {
		c, n := utf8.DecodeRuneInString(s)
		if n == 0 || !sameLetter(r, c) {
			return "", false
		}
		s = s[n:]
	}
	return s, true
}

// sameLetter compares as OrdinalIgnoreCase does: by the capital letter of each, to
// which no letter beyond ASCII leads that has one within it.
func sameLetter(a, b rune) bool { return a == b || capital(a) == capital(b) }

func capital(r rune) rune {
	if upper := unicode.ToUpper(r); r < utf8.RuneSelf || upper >= utf8.RuneSelf {
		return upper
	}
	return r
}
