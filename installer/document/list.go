package document

import (
	"strings"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/document/xmldoc"
	"github.com/empowersuite/backend-installer/installer/secret"
)

// Entry is a value of a file, as List tells it.
type Entry struct {
	At    string       // its address, for Find: which may refuse it, and says why
	Names []string     // those that lead to it, as the file writes them
	Value secret.Value // of a number, true and the like: as it is written
}

// List tells every value of a file, in its order: all that is written in it, but
// for what is nested deeper than syntax.ListedDepth. Kubernetes' manifests and
// files that are one value cannot be listed: syntax.Unsupported.
func List(src []byte, f Format) ([]Entry, error) {
	file, err := open(src, f, false)
	if err != nil {
		return nil, err
	}
	l, ok := file.(syntax.Lister)
	if !ok {
		return nil, &syntax.Error{Kind: syntax.Unsupported, Reason: "what is in a file of the format " + string(f) + " cannot be listed"}
	}
	values, err := l.Values()
	if err != nil {
		return nil, err
	}
	entries := make([]Entry, 0, len(values))
	for _, v := range values {
		entries = append(entries, Entry{At: v.Path, Names: namesOf(f, v.Path), Value: secret.New(v.Text)})
	}
	return entries, nil
}

// namesOf splits an address of a format.
func namesOf(f Format, at string) []string {
	switch f { //nolint:exhaustive // the others have addresses of one name
	case JSONC, JSON, YAML, TOML:
		return pointed(at)
	case INI:
		return pointed("/" + at)
	case XML:
		return xmldoc.Names(at)
	case Unit:
		return strings.Split(at, "/")
	case Properties:
		return strings.Split(at, ".")
	}
	return []string{at}
}

func pointed(at string) []string {
	names, err := syntax.ParsePointer(at)
	if err != nil {
		return nil // it is an address that was just made
	}
	return names
}
