package document_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/document"
	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/document/syntax/syntaxtest"
)

const newName = "installerCorpusAdded"

// beside is a place that is missing beside one that is there.
func beside(f document.Format, at string) string {
	if f == document.Kubernetes {
		if outer, inner, ok := strings.Cut(at, "#"); ok {
			format, place, _ := strings.Cut(inner, ":")
			return outer + "#" + format + ":" + beside(document.Format(format), place)
		}
	}
	if f == document.XML {
		return besideXML(at)
	}
	separator := "/"
	if f == document.Properties {
		separator = "."
	}
	return at[:strings.LastIndex(at, separator)+1] + newName
}

// besideXML is another element of the same name where brackets tell them apart by
// an attribute, else another attribute or element.
func besideXML(at string) string {
	if element, attribute, ok := strings.Cut(at, `"]/@`); ok {
		return element[:strings.LastIndex(element, `"`)+1] + newName + `"]/@` + attribute
	}
	if i := strings.LastIndex(at, "/@"); i >= 0 {
		return at[:i+2] + newName
	}
	bracket := strings.LastIndex(at, "[")
	if !strings.HasSuffix(at, "]") {
		bracket = len(at)
	}
	return at[:strings.LastIndex(at[:bracket], "/")+1] + newName
}

// additions counts.
type additions struct {
	added   int
	refused map[syntax.Kind]int
}

// TestAKeyIsAddedBesideEveryPlaceOfTheCorpus proves that all else stays.
func TestAKeyIsAddedBesideEveryPlaceOfTheCorpus(t *testing.T) {
	t.Parallel()
	a := additions{refused: map[syntax.Kind]int{}}
	for _, f := range corpusFiles(t) {
		for i, form := range forms() {
			s := specimen{form: form, src: form.of(f), corpusFile: f}
			if i > 0 {
				s.rows = f.rows[len(f.rows)-1:]
			}
			var err error
			if s.file, err = document.Opened(s.src, f.format); err == nil && (i == 0 || !testing.Short()) {
				a.try(t, s)
			}
		}
	}
	t.Logf("%d added; refused: %s", a.added, counts(a.refused))
}

func (a *additions) try(t *testing.T, s specimen) {
	t.Helper()
	for _, r := range s.rows {
		out, err := document.Add(s.src, s.format, at(beside(s.format, r.at), entra))
		kind := syntaxtest.KindOf(err)
		switch {
		case err != nil && s.mayRefuseToAdd(r, kind):
			a.refused[kind]++
			continue
		case err != nil:
			t.Errorf("%s, %s: beside %s: %v", s.name, s.form.name, r.at, err)
			continue
		}
		a.added++
		if what := s.added(r, out); what != "" {
			t.Errorf("%s, %s: beside %s: %s", s.name, s.form.name, r.at, what)
		}
	}
}

// mayRefuseToAdd: a raw file holds nothing else; what a name with colons flattens
// is no object to add to, and neither is an array; a file of properties of
// several documents is not sure; a line end would change a block that a file of
// YAML ends in.
func (s specimen) mayRefuseToAdd(r row, kind syntax.Kind) bool {
	switch kind {
	case syntax.Present:
		return s.format == document.Raw
	case syntax.NotFound:
		return s.format == document.JSONC && bytes.Contains(s.file.Text().Body, []byte("AzureAd:"))
	case syntax.Unsupported:
		return inArray(r.at) || s.format == document.Properties && bytes.Contains(s.src, []byte("#---")) ||
			s.format == document.Kubernetes && s.form.name == noFinalNewline
	default:
		return false
	}
}

func inArray(pointer string) bool {
	last := pointer[strings.LastIndex(pointer, "/")+1:]
	return last != "" && strings.Trim(last, "0123456789") == ""
}

// added says what is wrong with a result, "" for nothing.
func (s specimen) added(r row, out []byte) string {
	after, err := document.Opened(out, s.format)
	if err != nil {
		return "cannot be read: " + err.Error()
	}
	place := beside(s.format, r.at)
	if v, err := after.Find(place); err != nil || v.Text != entra {
		return fmt.Sprintf("%s reads %q, %v", place, v.Text, err)
	}
	for _, other := range s.rows {
		old, oldErr := s.file.Find(other.at)
		if now, err := after.Find(other.at); oldErr != nil || err != nil || now.Text != old.Text {
			return fmt.Sprintf("%s reads %q, %v, want %q, %v", other.at, now.Text, err, old.Text, oldErr)
		}
	}
	return s.onlyAdded(r, out)
}

// onlyAdded: all of the old bytes are there, with one or two texts between them.
// A file in base64 is written anew as a whole.
func (s specimen) onlyAdded(r row, out []byte) string {
	from, to := 0, len(s.src)
	if v, err := s.file.Find(r.at); err == nil && strings.Contains(r.at, "/data/") && strings.Contains(r.at, "#") {
		from, to = s.file.Text().Offset(v.Start), s.file.Text().Offset(v.End)
		if !bytes.HasPrefix(out, s.src[:from]) || !bytes.HasSuffix(out[from:], s.src[to:]) {
			return "a byte outside changed"
		}
		return ""
	}
	for from < to && s.src[from] == out[from] {
		from++
	}
	end := len(out)
	for to > from && s.src[to-1] == out[end-1] {
		to, end = to-1, end-1
	}
	if !bytes.Contains(out[from:end], s.src[from:to]) {
		return "a byte that was there changed"
	}
	return ""
}
