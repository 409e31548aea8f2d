//go:build faults && linux && amd64

package crashtest_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/scripts/tracer"
)

// mutation is a program that forgets a kind of flush.
type mutation struct {
	scenario string
	name     string
	flush    func(before []tracer.Call, c *tracer.Call) bool // whether this is one

	// Other flushes make up for it: only the order tells.
	spare bool
}

// of are the calls without that flush.
func (m mutation) of(calls []tracer.Call) []tracer.Call {
	var left []tracer.Call
	for i := range calls {
		if c := &calls[i]; c.Name != "fsync" || !m.flush(calls[:i], c) {
			left = append(left, *c)
		}
	}
	return left
}

func mutations() []mutation {
	ending := func(suffix string) func([]tracer.Call, *tracer.Call) bool {
		return func(_ []tracer.Call, c *tracer.Call) bool { return strings.HasSuffix(c.Path, suffix) }
	}
	behind := func(name string) func([]tracer.Call, *tracer.Call) bool {
		return func(before []tracer.Call, c *tracer.Call) bool {
			last := before[len(before)-1]
			return strings.HasPrefix(last.Name, name) && (c.Path == filepath.Dir(last.Path) || c.Path == last.Path)
		}
	}
	return []mutation{
		{scenario: "configure", name: "the new files", flush: ending(".new")},
		{scenario: "roll-back", name: "the backups", flush: ending(".old")},
		{scenario: "configure", name: "their folder", flush: ending("/app")},
		{scenario: "configure", name: "their folder after staging", flush: behind("fsync"), spare: true},
		{scenario: "configure", name: "their folder after clearing away", flush: behind("unlink"), spare: true},
		{scenario: "configure", name: "folders after a rename", flush: behind("rename")},
		{scenario: "configure", name: "the journal", flush: ending(".journal")},
		{scenario: "configure", name: "the journal's folder", flush: ending("/journal")},
		{scenario: "configure", name: "the record", flush: ending(".tmp")},
		{scenario: "install", name: "the program files", flush: ending("/service.sh")},
		{scenario: "install", name: "a folder that was opened", flush: behind("fchmodat")},
		{scenario: "install", name: "the folder of the link", flush: behind("symlink")},
		{scenario: "install", name: "the configuration and the description", flush: ending(".tmp")},
	}
}

// TestAProgramThatForgetsAFlushIsFound makes sure that the test of the power cuts
// can fail: each mutation leaves states that cannot be recovered from.
func TestAProgramThatForgetsAFlushIsFound(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	for _, m := range mutations() {
		if m.spare {
			continue
		}
		t.Run(m.scenario+" without a flush of "+m.name, func(t *testing.T) {
			t.Parallel()
			mine := *s
			mine.T = t
			for _, of := range scenarios() {
				if of.name == m.scenario {
					newOutage(&mine, of, false).mutate(m)
				}
			}
		})
	}
}

// mutate cuts the power of a run that forgot a flush until that is found.
func (o *outage) mutate(m mutation) {
	o.Helper()
	if err := o.old.write(o.tree); err != nil {
		o.Fatal(err)
	}
	r := o.record(o.args, o.exit)
	o.before, o.enough = r.before, 1
	whole := len(r.calls)
	r.calls = m.of(r.calls)
	o.cuts(r, o.promise())
	if o.count.broken == 0 {
		o.Errorf("no state of %d is broken, with %d calls of %d", o.count.distinct, len(r.calls), whole)
	}
}
