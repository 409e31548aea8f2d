package detect

import (
	"regexp"
	"slices"
	"strings"

	"github.com/empowersuite/backend-installer/installer/document"
	"github.com/empowersuite/backend-installer/installer/layout"
)

// EnvironmentFile is the vendor's own file, beside the program.
const EnvironmentFile = "empowerenv.json"

// Listing is what the vendor's own file says, as far as it is recognised.
type Listing struct {
	Named    []Named
	Version  string
	Unknown  []string // keys, without their values, of which nothing was made
	Unnamed  []string // keys of paths that no environment is named for
	NotKnown int      // how many keys Unknown leaves out
}

// Named is an environment that is named, and the paths beside its name.
type Named struct {
	Name  string
	Paths []string
}

// maxUnknown is how many keys are listed.
const maxUnknown = 20

// ReadEnvironments looks through the vendor's empowerenv.json, whose form is not
// public, for names of environments and for paths: objects that have a name and
// paths, objects whose key is a name below environments, and lists of names.
func ReadEnvironments(data []byte) (Listing, error) {
	entries, err := document.List(data, document.JSONC)
	if err != nil {
		return Listing{}, err
	}
	var l Listing
	objects := map[string]string{} // by the address of an object, the name that it gives itself
	var rest []document.Entry
	for _, e := range entries {
		if !l.name(e, objects) {
			rest = append(rest, e)
		}
	}
	for _, e := range rest {
		l.path(e, objects)
	}
	return l, nil
}

// name takes an entry that names an environment or the version.
func (l *Listing) name(e document.Entry, objects map[string]string) bool {
	text, n := e.Value.Reveal(), len(e.Names)
	if n == 0 {
		return false
	}
	key := normal(e.Names[n-1])
	switch {
	case slices.Contains([]string{"version", "productversion", "backendversion"}, key) && regexp.MustCompile(`^\d+(\.\d+){1,3}$`).MatchString(text):
		l.Version = text
		return true
	case !layout.ValidEnvironment(text):
		return false
	case slices.Contains([]string{"name", "environment", "environmentname", "env", "envname"}, key):
		objects[called(e.Names[:n-1])] = text
	case !isNumber(key) || n < 2 || !isList(e.Names[n-2]):
		return false
	}
	l.add(text, "")
	return true
}

// isList reports whether a key is that of a list of environments.
func isList(name string) bool {
	return slices.Contains([]string{"environments", "envs", "environmentnames"}, normal(name))
}

// path takes an entry that is a path, and belongs to the nearest name around it.
func (l *Listing) path(e document.Entry, objects map[string]string) {
	text := e.Value.Reveal()
	if !isPath(text) {
		if len(l.Unknown) < maxUnknown {
			l.Unknown = append(l.Unknown, e.At)
		} else {
			l.NotKnown++
		}
		return
	}
	for n := len(e.Names) - 1; n >= 0; n-- {
		if name, ok := objects[called(e.Names[:n])]; ok {
			l.add(name, text)
			return
		}
		if n >= 2 && isList(e.Names[n-2]) && layout.ValidEnvironment(e.Names[n-1]) {
			l.add(e.Names[n-1], text)
			return
		}
	}
	if len(l.Unnamed) < maxUnknown {
		l.Unnamed = append(l.Unnamed, e.At) // not the path: what begins with a slash may be anything
	}
}

func (l *Listing) add(name, path string) {
	i := slices.IndexFunc(l.Named, func(n Named) bool { return strings.EqualFold(n.Name, name) })
	if i < 0 {
		i = len(l.Named)
		l.Named = append(l.Named, Named{Name: name})
	}
	if path != "" && !slices.Contains(l.Named[i].Paths, path) {
		l.Named[i].Paths = append(l.Named[i].Paths, path)
	}
}

// isPath knows absolute paths of both systems. What is longer than any is none.
func isPath(text string) bool {
	const longest = 1024
	if len(text) > longest || strings.ContainsFunc(text, func(r rune) bool { return r < ' ' }) {
		return false
	}
	return regexp.MustCompile(`^([A-Za-z]:[\\/]|/[^/])`).MatchString(text)
}
