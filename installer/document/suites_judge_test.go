//go:build suites

package document_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/document"
	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/document/syntax/syntaxtest"
)

// leaf is what a parser that the product does not use sees in one place.
type leaf struct {
	document   int
	path       string
	kind, text string // kind is "string" for what an edit may change
}

// reader is such a parser.
type reader struct {
	name string
	read func(src []byte) ([]leaf, error)
}

// suite counts what one run over a public suite gave.
type suite struct {
	format  document.Format
	readers []reader // the first tells which values there are
	values  []string

	documents, unread, opened, scalars, edits int // opened are of those unread
	refused, refusedValues                    map[syntax.Kind]int
	wrong, crashed                            []string
}

// newSuite is a run with every nasty value that is known where it is the first
// over its documents, else with ten or so.
func newSuite(f document.Format, run int, readers ...reader) *suite {
	chosen := values()
	if run == 0 {
		chosen = append(chosen, syntaxtest.Nasty()...)
	}
	return &suite{format: f, readers: readers, values: chosen, refused: map[syntax.Kind]int{}, refusedValues: map[syntax.Kind]int{}}
}

// reading is a document as one of the readers sees it.
type reading struct {
	reader reader
	leaves []leaf
}

// document edits every string of a valid document.
func (s *suite) document(name string, src []byte) {
	s.documents++
	var readings []reading
	for _, r := range s.readers {
		if leaves, err := r.read(src); err == nil {
			readings = append(readings, reading{r, leaves})
		}
	}
	if len(readings) == 0 {
		s.unread++
		if opens(src, s.format) {
			s.opened++
		}
		return
	}
	seen := map[string]bool{}
	for _, l := range readings[0].leaves {
		if l.kind != "string" {
			continue
		}
		s.scalars++
		if seen[l.path] { // a refusal, and the same one again
			s.refused[syntax.Ambiguous]++
			continue
		}
		seen[l.path] = true
		s.scalar(name, src, l, readings)
	}
}

func (s *suite) scalar(name string, src []byte, l leaf, readings []reading) {
	place := name + " " + l.path
	var m document.Match
	err := s.guarded(place, func() (err error) {
		m, err = document.Find(src, s.format, document.Slot{At: l.path})
		return err
	})
	if err != nil {
		s.refused[syntaxtest.KindOf(err)]++
		return
	}
	if found := m.Value.Reveal(); found != l.text && s.unfolded(found) != l.text {
		s.wrong = append(s.wrong, fmt.Sprintf("%s: found %q, %s reads %q", place, m.Value.Reveal(), readings[0].reader.name, l.text))
		return
	}
	for _, value := range s.values {
		var out []byte
		err := s.guarded(place, func() (err error) {
			out, err = document.Edit(src, s.format, at(l.path, value))
			return err
		})
		if err != nil {
			s.refusedValues[syntaxtest.KindOf(err)]++
			continue
		}
		s.edits++
		for _, r := range readings {
			if what := r.compare(out, l, value); what != "" {
				s.wrong = append(s.wrong, fmt.Sprintf("%s set to %q: %s: %s in %q", place, value, r.reader.name, what, out))
			}
		}
	}
}

// unfolded is a text with the line ends that a reader of TOML may make of CRLF.
func (s *suite) unfolded(text string) string {
	if s.format != document.TOML {
		return text
	}
	return strings.ReplaceAll(text, "\r\n", "\n")
}

// guarded calls the product and notes when it panics.
func (s *suite) guarded(place string, do func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			s.crashed = append(s.crashed, fmt.Sprintf("%s: %v", place, p))
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return do()
}

// compare says what else than one value differs, "" for nothing.
func (r reading) compare(out []byte, edited leaf, value string) string {
	after, err := r.reader.read(out)
	if err != nil {
		return "cannot be read: " + err.Error()
	}
	if len(after) != len(r.leaves) {
		return fmt.Sprintf("%d leaves, want %d", len(after), len(r.leaves))
	}
	for i, old := range r.leaves {
		want := old
		if old.document == edited.document && old.path == edited.path {
			want.kind, want.text = "string", value
		}
		if after[i] != want {
			return fmt.Sprintf("reads %+v, want %+v", after[i], want)
		}
	}
	return ""
}

// report prints one line, and fails for what must not be.
func (s *suite) report(t *testing.T, name string) {
	t.Helper()
	t.Logf("%s, %s: %d documents (%d that no independent parser reads, of which %d open), %d strings, %d values, %d edits; refused places: %s; refused values: %s; wrong: %d; crashed: %d",
		s.format, name, s.documents, s.unread, s.opened, s.scalars, len(s.values), s.edits, counts(s.refused), counts(s.refusedValues), len(s.wrong), len(s.crashed))
	if s.edits == 0 {
		t.Errorf("%s, %s: nothing was edited", s.format, name)
	}
	for _, what := range first(append(s.wrong, s.crashed...)) {
		t.Error(what)
	}
}

// opens reports whether the product reads a document.
func opens(src []byte, f document.Format) bool {
	_, err := document.Find(src, f, document.Slot{At: ""})
	switch syntaxtest.KindOf(err) {
	case syntax.Syntax, syntax.Encoding, syntax.Unsupported, syntax.ParserDiffer:
		return false
	default:
		return true
	}
}
