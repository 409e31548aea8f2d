package cli

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/empowersuite/backend-installer/installer/onetime"
	"github.com/empowersuite/backend-installer/installer/secret"
)

// know has hide leave secrets of this run out of everything that is told.
func (a *app) know(secrets map[string]secret.Value) {
	a.known = slices.AppendSeq(a.known, maps.Values(secrets))
}

// hide leaves out of a message the secrets of this run, and what was typed on
// the command line and looks like one: pasted as an argument, as the name of a
// file, or behind the wrong flag, it is not to reach a terminal or a log as well.
func (a *app) hide(text string) string {
	text = secret.Mask(text, a.known...)
	for _, arg := range a.args {
		if onetime.Mentions(arg) {
			text = secret.Mask(text, pieces(arg)...)
		}
		for _, word := range strings.Split(strings.TrimLeft(arg, "-"), "=") {
			if suspicious(word) {
				text = strings.ReplaceAll(text, word, "(not shown)")
			}
		}
	}
	return text
}

// pieces are an argument that mentions a one-time link, and what is secret in it.
func pieces(arg string) []secret.Value {
	all := []secret.Value{secret.New(arg)}
	for _, part := range strings.FieldsFunc(arg, func(r rune) bool { return strings.ContainsRune("/=~", r) }) {
		if len(part) >= shortest {
			all = append(all, secret.New(part))
		}
	}
	return all
}

// shortest is the length of what can be a secret.
const shortest = 16

// suspicious reports a word that could be a client secret: it has today's form,
// or is as long and as mixed as older ones, and is no path.
func suspicious(word string) bool {
	has := func(pattern string) bool { return regexp.MustCompile(pattern).MatchString(word) }
	switch {
	case len(word) < shortest || strings.ContainsAny(word, `/\`):
		return false
	case has(`^...[78]Q~`):
		return true
	}
	return has(`[a-z]`) && has(`[A-Z]`) && has(`[0-9]`) && !has(`\.[A-Za-z]{1,5}$`)
}
