package cli

import (
	"regexp"
	"strings"
)

// hide leaves out of a message what was typed on the command line and looks
// like a secret: pasted as an argument, as the name of a file, or behind the
// wrong flag, it is not to reach a terminal or a log as well.
func (a *app) hide(text string) string {
	for _, arg := range a.args {
		for _, word := range strings.Split(strings.TrimLeft(arg, "-"), "=") {
			if suspicious(word) {
				text = strings.ReplaceAll(text, word, "(not shown)")
			}
		}
	}
	return text
}

// suspicious reports a word that could be a client secret: it has today's form,
// or is as long and as mixed as older ones, and is no path.
func suspicious(word string) bool {
	const shortest = 16
	has := func(pattern string) bool { return regexp.MustCompile(pattern).MatchString(word) }
	switch {
	case len(word) < shortest || strings.ContainsAny(word, `/\`):
		return false
	case has(`^...[78]Q~`):
		return true
	}
	return has(`[a-z]`) && has(`[A-Z]`) && has(`[0-9]`) && !has(`\.[A-Za-z]{1,5}$`)
}
