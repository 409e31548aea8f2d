package detect

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"unicode"

	"github.com/empowersuite/backend-installer/installer/release"
)

// belonging is whether a service is of this environment.
type belonging int

const (
	elsewhere belonging = iota // of another environment, or of something else
	unclear
	ours
)

// services are those whose program lies in the folders of this environment.
func (x *examination) services() Part {
	var p Part
	for _, s := range x.Services {
		service := Service{Name: s.Name, Manager: s.Manager, After: s.After, Why: x.because(s)}
		where := x.belongs(s)
		switch {
		case where != elsewhere && !release.IsServiceName(s.Name, s.Manager):
			p.Decisions = append(p.Decisions, Decision{
				Section: InServices, What: fmt.Sprintf("how the service %q is restarted: no description can hold its name; describe it with the manager command", s.Name),
			})
		case where == ours:
			p.Services = append(p.Services, service)
		case where == unclear:
			p.Decisions = append(p.Decisions, Decision{
				Section: InServices, What: "whether the service " + s.Name + " is of this environment: several share its program folder, and nothing in its command line names one",
				Choices: []Choice{{Label: s.Name, Part: Part{Services: []Service{service}}}},
			})
		}
	}
	if len(p.Services)+len(p.Decisions) == 0 {
		p.Decisions = append(p.Decisions, Decision{Section: InServices, What: x.noService()})
	}
	return p
}

// noService says what is to be done where no service was found.
func (x *examination) noService() string {
	const what = "which services read the configuration, and are restarted after a change: "
	switch {
	case x.NoServices != "":
		return what + "the services of this host are not known (" + x.NoServices + ")"
	case slices.ContainsFunc(x.Sources, func(s Source) bool { return inIIS(s) }):
		return what + "a web.config has the module of ASP.NET Core, so IIS runs the backend: describe its application pool (installer adopt --example iis prints such a description)"
	}
	return what + "no service of this host has its program in these folders"
}

// inIIS reports whether a web.config hands the application to IIS.
func inIIS(s Source) bool {
	return strings.EqualFold(base(s.Path), "web.config") && strings.Contains(strings.ToLower(string(s.Data)), "<aspnetcore")
}

// belongs compares paths first: names may be those of anything.
func (x *examination) belongs(s Running) belonging {
	if x.because(s) == "" {
		return elsewhere
	}
	if len(x.Siblings) == 0 || x.inFolder(s, x.Folder) {
		return ours
	}
	if slices.ContainsFunc(x.Siblings, func(o Sibling) bool { return x.inFolder(s, o.Folder) }) {
		return elsewhere
	}
	mine := x.names(s, x.Name)
	theirs := slices.ContainsFunc(x.Siblings, func(o Sibling) bool { return x.names(s, o.Name) })
	switch {
	case mine && !theirs:
		return ours
	case theirs && !mine:
		return elsewhere
	}
	return unclear
}

// because is why a service has to do with this installation; "" where it has not.
// Of its command line only the folder is told.
func (x *examination) because(s Running) string {
	for _, argv := range s.Exec {
		for i, arg := range argv {
			for _, folder := range x.Programs {
				if x.below(arg, folder) {
					return word(i) + " is in " + folder
				}
			}
			if x.below(arg, x.Folder) {
				return word(i) + " is in " + x.Folder
			}
		}
	}
	return ""
}

func word(i int) string {
	if i == 0 {
		return "its program"
	}
	return "what its command line names"
}

func (x *examination) inFolder(s Running, folder string) bool {
	return slices.ContainsFunc(s.Exec, func(argv []string) bool {
		return slices.ContainsFunc(argv, func(arg string) bool { return x.below(arg, folder) })
	})
}

// below reports whether an argument, or what stands behind its equals sign, is a
// path in a folder.
func (x *examination) below(arg, folder string) bool {
	if _, value, found := strings.Cut(arg, "="); found && x.below(value, folder) {
		return true
	}
	return strings.HasPrefix(x.comparable(arg)+"/", x.comparable(folder)+"/")
}

// comparable is a path as it is compared: names of Windows match in any case, and
// both slashes are one there. .. is worked out: it could lead elsewhere.
func (x *examination) comparable(p string) string {
	if x.Windows {
		p = strings.ToLower(strings.ReplaceAll(p, `\`, "/"))
	}
	return path.Clean(p)
}

func base(p string) string { return path.Base(strings.ReplaceAll(p, `\`, "/")) }

// names reports whether the name of a service or a word of its command line is that
// of an environment. What the path of the program folder says is not heard.
func (x *examination) names(s Running, environment string) bool {
	if is(strings.TrimSuffix(s.Name, ".service"), environment) {
		return true
	}
	for _, argv := range s.Exec {
		for i, arg := range argv {
			for _, folder := range x.Programs {
				if x.below(arg, folder) {
					arg = strings.TrimPrefix(x.comparable(arg), x.comparable(folder))
					i = max(i, 1)
				}
			}
			if i > 0 && is(arg, environment) {
				return true
			}
		}
	}
	return false
}

// is reports whether a text has a name as a word of its own.
func is(text, name string) bool {
	words := strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return strings.EqualFold(text, name) || slices.ContainsFunc(words, func(w string) bool { return strings.EqualFold(w, name) })
}

// Concerns reports whether a service is of an environment, or could be.
func Concerns(e Environment, s Running) bool {
	x := &examination{Environment: e}
	return x.belongs(s) != elsewhere
}
