package detect

import (
	"bytes"
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/empowersuite/backend-installer/installer/settings"
)

// Environment is one environment of the vendor's installation as it was found.
type Environment struct {
	Name     string   // "" where the folder's name cannot be that of an environment
	Folder   string   // that of the environment
	Programs []string // folders with programs
	Version  string   // as the vendor's own file has it
	Old      bool     // in the folders of before the product's new name
	Windows  bool     // paths are those of Windows
	Sources  []Source
	Services []Running // of the whole host
	// NoServices is why the services of the host are not known.
	NoServices string
	Siblings   []Sibling // the other environments of the host
	// Registration are settings of the vendor's app-registration package.
	Registration map[string]string
	Notes        []string
}

// Sibling is another environment.
type Sibling struct{ Name, Folder string }

// Running is a service of the host.
type Running struct {
	Name, Manager string
	Exec          [][]string // not shown: arguments could hold a secret
	After, Env    []string
}

// examination is an environment under examination.
type examination struct {
	Environment
	leaves []leaf
	notes  []string
	unread []Decision
}

// Propose works out the description of an environment.
func Propose(e Environment) Proposal {
	x := &examination{Environment: e, notes: e.Notes}
	x.read()
	p := Proposal{Product: Product, Version: e.Version}
	p.Found = append(p.Found, "configuration in "+e.Folder)
	for _, program := range e.Programs {
		p.Found = append(p.Found, "program in "+program)
	}
	if settings.Validate(settings.Environment, e.Name) == nil {
		p.Environment = e.Name
	} else {
		p.Decisions = append(p.Decisions, unnamed())
	}
	p.Part = p.with(Part{Decisions: x.unread})
	p.Part = p.with(x.secret())
	services := x.services()
	p.Part = p.with(services).with(x.health(services.Services))
	p.Part = p.with(Part{Settings: append(x.hosting(), x.registered()...)})
	p.Notes = x.notes
	return p
}

func (x *examination) note(format string, args ...any) {
	if said := fmt.Sprintf(format, args...); !slices.Contains(x.notes, said) {
		x.notes = append(x.notes, said)
	}
}

// read reads every file. What cannot be read is a decision where the secret could
// be in it.
func (x *examination) read() {
	for _, s := range x.Sources {
		if !utf8.ValidString(s.Path) {
			x.note("%q was not looked at: its name is no valid text, which a description cannot hold", s.Path)
			continue
		}
		all, err := leaves(s)
		x.leaves = append(x.leaves, all...)
		switch {
		case err == nil:
		case mentions(s.Data):
			x.unread = append(x.unread, Decision{
				Section: InFiles,
				What:    fmt.Sprintf("%s names a client secret and was not understood: %v; mend the file and run this again, or describe its place by hand", s.Path, err),
			})
		default:
			x.note("%s was not understood: %v", s.Path, err)
		}
	}
}

// mentions reports whether a text names a client secret, in UTF-8 or UTF-16.
func mentions(text []byte) bool {
	plain := bytes.ToLower(bytes.ReplaceAll(text, []byte{0}, nil))
	return bytes.Contains(bytes.ReplaceAll(plain, []byte("_"), nil), []byte("clientsecret"))
}

// unnamed asks for a name where the folder's is none.
func unnamed() Decision {
	return Decision{
		Section: InEnvironment, Key: string(InEnvironment),
		What: "what this environment is to be called: the name of its folder is none (letters, digits, - and _, 32 at most, a letter first)",
	}
}

// hosting is what a person knows; both answers mean the same to configure.
func (x *examination) hosting() []Setting {
	return []Setting{{
		Key: settings.Hosting, Text: settings.Default(settings.Hosting),
		Why: "check: the default; corporate-cloud where these rooms are not yours",
	}}
}

// registered are settings of the app-registration package that no file holds.
func (x *examination) registered() []Setting {
	values := map[string]string{}
	if text, ok := x.Registration[settings.PublicURL]; ok {
		values[settings.PublicURL] = text
	}
	return given(values, "hostname of the app-registration package")
}
