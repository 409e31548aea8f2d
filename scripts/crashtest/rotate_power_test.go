//go:build faults && linux && amd64

package crashtest_test

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/entra/entratest"
	"github.com/empowersuite/backend-installer/scripts/powercut"
	"github.com/empowersuite/backend-installer/scripts/tracer"
)

// TestAPowerCutDuringARotationLosesNoSecret cuts the power after every call that
// writes of configure --rotate, with what the directory held then: what is on the
// disk must name what was made, and the next run must settle it.
func TestAPowerCutDuringARotationLosesNoSecret(t *testing.T) {
	t.Parallel()
	withoutSystemd(t)
	s := newStage(t)
	o := s.newRotationOutage("rotor")
	o.cuts()
	lines := &table{}
	lines.add("rotate", "rotate", o.count)
	lines.print(t)
}

// TestAProgramThatForgetsToFlushWhatItMadeIsFound makes sure that the test of the power
// cuts can fail.
func TestAProgramThatForgetsToFlushWhatItMadeIsFound(t *testing.T) {
	t.Parallel()
	withoutSystemd(t)
	s := newStage(t)
	within := func(part string) func([]tracer.Call, *tracer.Call) bool {
		return func(_ []tracer.Call, c *tracer.Call) bool { return strings.Contains(c.Path, part) }
	}
	for i, m := range []mutation{
		{name: "the ledger", flush: within("/.credentials.json.")},
		{name: "the ledger's folder", flush: func(before []tracer.Call, c *tracer.Call) bool {
			return strings.HasSuffix(before[len(before)-1].Target, "/credentials.json") && c.Path == filepath.Dir(before[len(before)-1].Target)
		}},
	} {
		t.Run("without a flush of "+m.name, func(t *testing.T) {
			t.Parallel()
			mine := *s
			mine.T = t
			o := mine.newRotationOutage(fmt.Sprintf("rotor-%d", i))
			o.forgets, o.enough = m.of, 1
			o.cuts()
			if o.count.broken == 0 {
				t.Errorf("no state of %d is broken", o.count.distinct)
			}
		})
	}
}

// rotationOutage is a rotation on a host that loses its power.
type rotationOutage struct {
	*rotor

	forgets func([]tracer.Call) []tracer.Call // nil for nothing
	enough  int                               // where the run is known to be wrong: how many broken states will do
	keys    *powercut.Keys
	met     map[string]bool
	count   counted
}

func (s *stage) newRotationOutage(name string) *rotationOutage {
	s.Helper()
	return &rotationOutage{rotor: s.newRotor(name), keys: powercut.NewKeys(decided), met: map[string]bool{}}
}

// witness also keeps what the directory held when a call began and when it ended.
type witness struct {
	recorder

	rotor *rotor
	began map[int][]entratest.Password // by the call's number
	ended map[int][]entratest.Password
}

func (w *witness) Enter(c *tracer.Call) tracer.Fault {
	w.began[c.Number] = w.rotor.passwords()
	return w.recorder.Enter(c)
}

func (w *witness) Leave(c *tracer.Call) {
	w.ended[c.Number] = w.rotor.passwords()
	w.recorder.Leave(c)
}

func (o *rotationOutage) cuts() {
	o.Helper()
	if err := o.reset(); err != nil {
		o.Fatal(err)
	}
	before, err := powercut.Read(o.tree)
	if err != nil {
		o.Fatal(err)
	}
	maps.DeleteFunc(before, func(name string, _ powercut.Node) bool { return process(name) || logs("/"+name) })
	held := o.passwords()
	seen := &witness{rotor: o.rotor, began: map[int][]entratest.Password{}, ended: map[int][]entratest.Password{}}
	got, err := o.trace(rotate(), seen)
	if err != nil || got.Exit != 0 {
		o.Fatalf("exit status %d, %v\n%s%s", got.Exit, err, got.stdout, got.stderr)
	}
	if o.forgets != nil {
		seen.calls = o.forgets(seen.calls)
	}
	o.count.calls = len(seen.calls)
	o.cutAfterEach(powercut.New(o.tree, before, umask(o.T)), seen, held)
}

// cutAfterEach cuts before the first call and after each. What the directory held at
// first, and at last, is that of the calls' beginnings and ends.
func (o *rotationOutage) cutAfterEach(disk *powercut.Disk, seen *witness, held []entratest.Password) {
	o.Helper()
	final := o.passwords()
	for i := 0; ; i++ {
		o.count.cuts++
		next := final
		if i < len(seen.calls) {
			next = seen.began[seen.calls[i].Number]
		}
		o.cut(disk, cutAt(seen.calls, i), held, next)
		if i == len(seen.calls) {
			return
		}
		held = seen.ended[seen.calls[i].Number]
		if logs(seen.calls[i].Path) {
			continue
		}
		if err := disk.Apply(&seen.calls[i]); err != nil {
			o.Fatal(err)
		}
	}
}

// cut judges what a cut leaves: with what the directory held after the call, and with
// what it held once the requests before the next call were served.
func (o *rotationOutage) cut(disk *powercut.Disk, where string, directories ...[]entratest.Password) {
	o.Helper()
	for state := range disk.States(bounds()) {
		for _, held := range directories {
			if o.enough > 0 && o.count.broken >= o.enough {
				return
			}
			o.count.states++
			key := o.keys.Of(state) + keyIDs(held)
			if o.met[key] {
				continue
			}
			o.met[key] = true
			o.count.distinct++
			o.broken(where, o.judge(state, held))
		}
	}
}

// broken counts a state that cannot be recovered from, and prints the first ones.
func (o *rotationOutage) broken(where string, problems []string) {
	o.Helper()
	if len(problems) == 0 {
		return
	}
	o.count.broken++
	say := o.Errorf
	if o.enough > 0 {
		say = o.Logf
	}
	if o.count.broken <= shown {
		say("BROKEN: the power was cut %s\n%s", where, strings.Join(problems, "\n"))
	}
}

func keyIDs(held []entratest.Password) string {
	var all []string
	for _, p := range held {
		all = append(all, p.KeyID)
	}
	slices.Sort(all)
	return strings.Join(all, " ")
}

// judge gives the host its power again: its services start on what is there.
func (o *rotationOutage) judge(state powercut.State, held []entratest.Password) []string {
	o.Helper()
	var v verdict
	o.calm()
	if err := state.Write(o.tree); err != nil {
		return []string{err.Error()}
	}
	if err := o.direct(held); err != nil {
		return []string{err.Error()}
	}
	o.start("worker", "appsettings.json", "worker.env")
	o.start("web", "appsettings.json", "proxy.yaml")
	o.judgeCut(&v)
	o.judgeNextRuns(&v)
	o.count.recovery = max(o.count.recovery, v.recovery)
	return v.problems
}
