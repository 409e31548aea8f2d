package inifile

import (
	"bytes"
	"strings"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
)

// ini.v1 looks through all keys of a section for each key, which can be kept from it
// where no value is of several lines, and copies such a value for each line. The
// name of a section is a part of each path.
const (
	maxKeys   = 20_000
	maxFolded = 256 << 10
	maxName   = 256
)

// fold refuses keys that are one to readers that fold the case.
func (s *scanner) fold() {
	first := make(map[string]int, len(s.entries))
	for i := range s.entries {
		path := s.entries[i].Path
		lower := strings.ToLower(path)
		j, ok := first[lower]
		switch {
		case !ok:
			first[lower] = i
		case s.entries[j].Path != path:
			twice := &syntax.Error{Kind: syntax.Ambiguous, Reason: "the key is there twice, in another case"}
			s.entries[i].refuse(twice)
			s.entries[j].refuse(twice)
		}
	}
}

// defaults: ini.v1 takes keys before the first header for those of [DEFAULT].
func (s *scanner) defaults() {
	for _, sec := range s.sections[1:] {
		if sec.name == "DEFAULT" {
			s.sections[0].no = syntax.Reason(syntax.ParserDiffer, "to some readers a key before the first section is in [DEFAULT], which is there, too")
		}
	}
	for i := range s.entries {
		if s.entries[i].section > 0 {
			return
		}
		s.entries[i].refuse(s.sections[0].no)
	}
}

// bound keeps the second parser from taking too long over values of several lines.
func (s *scanner) bound() error {
	if !folds(s.body) {
		return nil
	}
	if len(s.body) > maxFolded {
		return s.tooMuch("values of several lines in a file of more than 256 kB")
	}
	work := 0
	for _, sec := range s.sections {
		work += sec.keys * sec.keys
	}
	if work > maxKeys*maxKeys || len(s.entries) > maxKeys {
		return s.tooMuch("more than 20,000 keys in a file with values of several lines")
	}
	return nil
}

// tooMuch is a refusal with the place of the first thing that may be of several
// lines.
func (s *scanner) tooMuch(reason string) error {
	at := len(s.body)
	for _, fold := range []string{`"""`, "`", "\\\n", "\\\r"} {
		if i := bytes.Index(s.body, []byte(fold)); i >= 0 {
			at = min(at, i)
		}
	}
	if first := numbered.FindIndex(s.body); first != nil {
		at = min(at, first[0])
	}
	return syntax.Refuse(syntax.Unsupported, s.body, at, reason+", which takes the second parser too long")
}
