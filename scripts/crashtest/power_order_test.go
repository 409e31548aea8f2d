//go:build faults && linux && amd64

package crashtest_test

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/scripts/tracer"
)

// TestWhatIsFlushedBeforeWhatFollowsFromTheTrace takes no model: it reads the order
// of the calls. Each kind of flush is then taken out, which has to be seen.
func TestWhatIsFlushedBeforeWhatFollowsFromTheTrace(t *testing.T) {
	s := newStage(t)
	for _, of := range scenarios() {
		t.Run(of.name, func(t *testing.T) {
			mine := *s
			mine.T = t
			o := newOutage(&mine, of, false)
			if err := o.old.write(o.tree); err != nil {
				t.Fatal(err)
			}
			calls := o.record(of.args, of.exit).calls
			seen := ordered(calls, o.tree)
			for _, wrong := range seen.wrong {
				t.Error(wrong)
			}
			for rule, times := range seen.checked {
				_, _ = fmt.Fprintf(t.Output(), "%4d times: %s\n", times, rule)
			}
			for _, m := range mutations() {
				if m.scenario != of.name {
					continue
				}
				if broken := ordered(m.of(calls), o.tree); len(broken.wrong) == 0 {
					t.Errorf("%s: got no breach of the order", m.name)
				}
			}
		})
	}
}

// The rules of the order.
const (
	fileFirst    = "a file is flushed before it gets its name"
	actFirst     = "what an act made is flushed before the journal goes on"
	goneFirst    = "what was removed is flushed before the journal goes"
	journalFirst = "what the journal announces is flushed before it is done"
)

// order is what is not on the disk, while calls go by.
type order struct {
	tree      string
	dirty     map[string]bool // files that were written, folders in which something was made
	gone      map[string]bool // folders from which something was removed
	announced bool            // a record that announces something
	checked   map[string]int
	wrong     []string
}

func ordered(calls []tracer.Call, tree string) *order {
	o := &order{tree: tree, dirty: map[string]bool{}, gone: map[string]bool{}, checked: map[string]int{}}
	for i := range calls {
		if c := &calls[i]; c.Errno == 0 && strings.HasPrefix(c.Path, tree) && !logs(c.Path) && filepath.Base(c.Path) != "lock" {
			o.see(c)
		}
	}
	return o
}

func (o *order) see(c *tracer.Call) {
	journal := strings.HasSuffix(c.Path, ".journal")
	switch {
	case c.Name == "fsync":
		delete(o.dirty, c.Path)
		delete(o.gone, c.Path)
		o.announced = o.announced && !journal
		return
	case journal && c.Writes():
		o.must(actFirst, len(o.dirty) == 0, c)
	case journal && removes(c):
		o.must(goneFirst, len(o.dirty) == 0 && len(o.gone) == 0, c)
	case !journal:
		o.must(journalFirst, !o.announced, c)
	}
	o.change(c, journal)
}

// change notes what a call did not put on the disk.
func (o *order) change(c *tracer.Call, journal bool) {
	folder := filepath.Dir(c.Path)
	switch {
	case journal && c.Writes():
		o.announced = o.announced || announces(c.Data)
	case removes(c):
		o.gone[folder] = true
		delete(o.dirty, c.Path) // with all that was not flushed
		delete(o.gone, c.Path)
	case strings.HasPrefix(c.Name, "rename"):
		o.must(fileFirst, !o.dirty[c.Path], c)
		o.dirty[folder], o.dirty[filepath.Dir(c.Target)] = true, true
	case c.Name == "mkdirat":
		o.dirty[folder], o.dirty[c.Path] = true, true
	case c.Name == "symlinkat", c.Name == "openat" && c.Inode == 0:
		o.dirty[folder] = true
	case c.Name != "openat" && c.Name != "flock":
		o.dirty[c.Path] = true
	}
}

func removes(c *tracer.Call) bool {
	return c.Name == "unlinkat" || c.Name == "unlink" || c.Name == "rmdir"
}

// announces reports whether a record has to be on the disk before what follows.
func announces(record []byte) bool {
	return slices.ContainsFunc([]string{"begin", "do", "undo", "committed"}, func(kind string) bool {
		return bytes.Contains(record, []byte(`"kind":"`+kind+`"`))
	})
}

func (o *order) must(rule string, holds bool, c *tracer.Call) {
	o.checked[rule]++
	if !holds {
		o.wrong = append(o.wrong, fmt.Sprintf("not so that %s: at %s; not flushed: %q, %q", rule, c, sorted(o.dirty), sorted(o.gone)))
	}
}
