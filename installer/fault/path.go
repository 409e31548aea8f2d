package fault

import (
	"strconv"
	"strings"
	"unicode"
)

// Path quotes a path for a person, who may copy it: what can be printed is left as it
// is, so that the backslashes of Windows are not doubled.
func Path(path string) string {
	odd := func(r rune) bool { return r == '"' || !unicode.IsPrint(r) }
	if strings.ContainsFunc(path, odd) {
		return strconv.Quote(path)
	}
	return `"` + path + `"`
}
