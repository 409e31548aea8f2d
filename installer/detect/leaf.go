package detect

import (
	"slices"
	"strconv"
	"strings"

	"github.com/empowersuite/backend-installer/installer/document"
	"github.com/empowersuite/backend-installer/installer/secret"
)

// Origin is where a file was found.
type Origin int

// The origins. Definition is a file that defines a service or its environment.
const (
	Configuration Origin = iota
	Program
	Definition
)

// Source is a file that was read.
type Source struct {
	Path   string
	Format document.Format
	Data   []byte
	Origin Origin
}

// leaf is a value of a file.
type leaf struct {
	source Source
	at     string
	names  []string // as .NET sees them: a:b and a__b are b within a
	value  secret.Value
}

// leaves are the values of a file.
func leaves(s Source) ([]leaf, error) {
	entries, err := document.List(s.Data, s.Format)
	if err != nil {
		return nil, err
	}
	var all []leaf
	for _, e := range entries {
		if names := keyNames(e.Names, s.Format); len(names) > 0 {
			all = append(all, leaf{source: s, at: e.At, names: names, value: e.Value})
		}
	}
	return all, nil
}

// keyNames are the names of a key, without what only holds it.
func keyNames(names []string, f document.Format) []string {
	switch f { //nolint:exhaustive // the others have no such holders
	case document.Unit:
		if len(names) != 3 || names[1] != "Environment" {
			return nil // another directive
		}
		names = names[2:]
	case document.XML:
		for len(names) > 1 && slices.Contains(holders(), strings.ToLower(names[0])) {
			names = names[1:]
		}
	}
	var all []string
	for _, name := range names {
		for _, part := range strings.Split(strings.ReplaceAll(name, "__", ":"), ":") {
			if part != "" {
				all = append(all, part)
			}
		}
	}
	return all
}

// holders are elements of web.config and app.config around settings.
func holders() []string {
	return []string{"configuration", "appsettings", "location", "system.webserver", "aspnetcore", "environmentvariables"}
}

// key is the last name, without what people write between words.
func (l leaf) key() string { return normal(l.names[len(l.names)-1]) }

// section are the names before the last.
func (l leaf) section() []string { return l.names[:len(l.names)-1] }

// within reports whether the leaf is directly in a section.
func (l leaf) within(section []string) bool {
	return slices.EqualFunc(l.section(), section, func(a, b string) bool { return normal(a) == normal(b) })
}

func (l leaf) text() string { return strings.TrimSpace(l.value.Reveal()) }

// normal is a name as it is compared: in lower case, without - _ . and blanks.
func normal(name string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("-_. ", r) {
			return -1
		}
		return r
	}, strings.ToLower(name))
}

func isNumber(name string) bool {
	_, err := strconv.Atoi(name)
	return err == nil
}

// called is a key as .NET writes it.
func called(names []string) string { return strings.Join(names, ":") }
