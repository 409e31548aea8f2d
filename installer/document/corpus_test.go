package document_test

import (
	"bytes"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/empowersuite/backend-installer/installer/document"
	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/document/syntax/syntaxtest"
)

// tally is what the edits of the corpus came to.
type tally struct {
	mu                          sync.Mutex
	files, rows, forms, edits   int
	refusedForms, refusedValues map[syntax.Kind]int
}

func (y *tally) count(n *int) {
	y.mu.Lock()
	defer y.mu.Unlock()
	*n++
}

func (y *tally) refuse(by map[syntax.Kind]int, err error) {
	y.mu.Lock()
	defer y.mu.Unlock()
	by[syntaxtest.KindOf(err)]++
}

// TestEveryPlaceOfTheCorpusIsEdited proves on realistic files, and on forms of
// them with other encodings, line ends and blanks: every place is found and can
// be given a client secret; what cannot be done is refused for a reason that the
// format has.
func TestEveryPlaceOfTheCorpusIsEdited(t *testing.T) {
	t.Parallel()
	y := &tally{refusedForms: map[syntax.Kind]int{}, refusedValues: map[syntax.Kind]int{}}
	t.Cleanup(func() {
		t.Logf("%d files, %d places, %d forms of files, %d edits; refused forms: %s; refused values: %s",
			y.files, y.rows, y.forms, y.edits, counts(y.refusedForms), counts(y.refusedValues))
		if y.files < 60 {
			t.Errorf("%d files, want 60 at least", y.files)
		}
	})
	for _, f := range corpusFiles(t) {
		t.Run(f.name+" as "+string(f.format), func(t *testing.T) {
			t.Parallel()
			y.count(&y.files)
			for i, form := range forms() {
				y.count(&y.forms)
				s := specimen{form: form, src: form.of(f), corpusFile: f, tally: y}
				s.prove(t, i)
			}
		})
	}
}

// specimen is a file of the corpus in one of its forms.
type specimen struct {
	corpusFile
	form  form
	src   []byte
	file  syntax.File
	tally *tally
}

func (s specimen) prove(t *testing.T, number int) {
	t.Helper()
	var err error
	if s.file, err = document.Opened(s.src, s.format); err != nil {
		s.tally.refuse(s.tally.refusedForms, err)
		if syntaxtest.KindOf(err) != syntax.Encoding || !isUnread(s.format, s.form.name) {
			t.Errorf("%s: %v", s.form.name, err)
		}
		return
	}
	for i, r := range s.rows {
		if s.format == document.Raw {
			r.old = string(s.src)
		}
		if number == 0 {
			s.tally.count(&s.tally.rows)
		} else if i > 0 && testing.Short() {
			break
		} else if (i+number)%2 > 0 && len(s.rows) > 1 {
			continue // another form has it
		}
		s.place(t, r, s.chosen(i, number))
	}
}

// chosen are the values for a row: all for a file as it is and not large.
func (s specimen) chosen(row, form int) []string {
	all := values()
	switch {
	case form > 0:
		return all[:1]
	case len(s.src) > 8<<10 || testing.Short():
		return []string{entra, all[1+row%(len(all)-1)]}
	default:
		return all
	}
}

// isUnread reports whether a format cannot have a byte order mark or UTF-16.
func isUnread(f document.Format, form string) bool {
	utf8Only := []document.Format{document.YAML, document.Kubernetes, document.TOML}
	unmarked := []document.Format{document.Env, document.SystemdEnv, document.Unit, document.Properties, document.Raw}
	return slices.Contains(unmarked, f) && (strings.HasPrefix(form, "mark") || strings.HasPrefix(form, "UTF-16")) ||
		slices.Contains(utf8Only, f) && strings.HasPrefix(form, "UTF-16")
}

// place edits one row.
func (s specimen) place(t *testing.T, r row, chosen []string) {
	t.Helper()
	found, err := s.file.Find(r.at)
	if err != nil {
		t.Errorf("%s: %s: %v", s.form.name, r.at, err)
		return
	}
	if found.Text != r.old && unfolded(found.Text) != unfolded(r.old) {
		t.Errorf("%s: %s: found %q, want %q", s.form.name, r.at, found.Text, r.old)
	}
	if out, err := document.Edit(s.src, s.format, at(r.at, found.Text)); err != nil || !bytes.Equal(out, s.src) {
		t.Errorf("%s: %s: the same value: %v, or bytes changed", s.form.name, r.at, err)
	}
	for _, value := range chosen {
		out, err := document.Edit(s.src, s.format, at(r.at, value))
		if err != nil {
			s.tally.refuse(s.tally.refusedValues, err)
			if value == entra || syntaxtest.KindOf(err) != syntax.Unrepresent {
				t.Errorf("%s: %s set to %q: %v", s.form.name, r.at, value, err)
			}
			continue
		}
		s.tally.count(&s.tally.edits)
		after, err := document.Opened(out, s.format)
		if err != nil {
			t.Errorf("%s: %s set to %q: %v", s.form.name, r.at, value, err)
			continue
		}
		s.edited(t, out, after, syntax.Edit{Old: found, Text: value})
		if value == entra {
			s.others(t, after, found)
		}
	}
}

// edited: the value is there, and every byte outside of it is the same.
func (s specimen) edited(t *testing.T, out []byte, after syntax.File, e syntax.Edit) {
	t.Helper()
	start, end := s.file.Text().Offset(e.Old.Start), s.file.Text().Offset(e.Old.End)
	if !bytes.HasPrefix(out, s.src[:start]) || !bytes.HasSuffix(out[start:], s.src[end:]) {
		t.Errorf("%s: %s set to %q: a byte outside changed", s.form.name, e.Old.Path, e.Text)
	}
	if v, err := after.Find(e.Old.Path); err != nil || v.Text != e.Text {
		t.Errorf("%s: %s set to %q reads %q, %v", s.form.name, e.Old.Path, e.Text, v.Text, err)
	}
	if e.Text != entra {
		return
	}
	if again, err := document.Edit(out, s.format, at(e.Old.Path, entra)); err != nil || !bytes.Equal(again, out) {
		t.Errorf("%s: %s set twice is another file, %v", s.form.name, e.Old.Path, err)
	}
}

// others: the places that were not edited hold what they held.
func (s specimen) others(t *testing.T, after syntax.File, edited syntax.Value) {
	t.Helper()
	for _, r := range s.rows {
		old, err := s.file.Find(r.at)
		if err != nil || old.Start < edited.End && edited.Start < old.End || old.Start == edited.Start {
			continue
		}
		if now, err := after.Find(r.at); err != nil || now.Text != old.Text {
			t.Errorf("%s: %s set: %s reads %q, %v, want %q", s.form.name, edited.Path, r.at, now.Text, err, old.Text)
		}
	}
}

// TestAllPlacesOfAFileAreEditedAtOnce gives each place a value of its own.
func TestAllPlacesOfAFileAreEditedAtOnce(t *testing.T) {
	t.Parallel()
	for _, f := range corpusFiles(t) {
		file, err := document.Opened(f.src, f.format)
		if err != nil {
			t.Errorf("%s: %v", f.name, err)
			continue
		}
		var changes []document.Change
		taken := map[int]bool{}
		for i, r := range f.rows {
			if v, err := file.Find(r.at); err != nil || !taken[v.Start] { // the index may name a place twice
				taken[v.Start] = true
				changes = append(changes, at(r.at, entra+string(rune('a'+i)))...)
			}
		}
		out, err := document.Edit(f.src, f.format, changes)
		if err != nil {
			t.Errorf("%s: %v", f.name, err)
			continue
		}
		for _, c := range changes {
			if m, err := document.Find(out, f.format, c.Slot); err != nil || m.Value.Reveal() != c.Value.Reveal() {
				t.Errorf("%s: %s reads %q, %v", f.name, c.Slot.At, m.Value.Reveal(), err)
			}
		}
	}
}
