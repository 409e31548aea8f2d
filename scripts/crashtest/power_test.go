//go:build faults && linux && amd64

package crashtest_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/scripts/powercut"
	"github.com/empowersuite/backend-installer/scripts/tracer"
)

// bounds keep the states of a cut few. What the lock's file holds is what the next
// holder is told, and no more.
func bounds() powercut.Bounds {
	return powercut.Bounds{Most: 400, Alone: func(path string) bool { return filepath.Base(path) == "lock" }}
}

// TestAPowerCutLeavesEverythingOldOrEverythingNew cuts the power after every call
// that writes, of configure, install and a roll-back, and of the recoveries from
// what that leaves; with services that started before the recovery, and with the
// boot unit. EMPOWER_BIN is the folder of the installer; make powercut runs it.
func TestAPowerCutLeavesEverythingOldOrEverythingNew(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	lines := &table{}
	t.Cleanup(func() { lines.print(t) })
	for _, of := range scenarios() {
		for _, unit := range []bool{false, true} {
			name := of.name
			if unit {
				name += " with the boot unit"
			}
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				mine := *s
				mine.T = t
				newOutage(&mine, of, unit).all(name, lines)
			})
		}
	}
}

// outage is a scenario on a host that loses its power.
type outage struct {
	*bench

	unit       bool // the boot unit recovers before the services start
	recovering bool // what is recorded is a recovery
	enough     int  // where the run is known to be wrong: how many broken states will do
	count      counted

	before powercut.State // everything old
	exact  *powercut.Keys
	alike  *powercut.Keys    // the same for states from which a recovery does the same
	stands map[string]string // by the key of a state that was judged: what stood after the recovery
	seeds  map[string]seed   // by the records of its journal: a state to record a recovery from
}

// seed is a state, and what stands after a recovery from it.
type seed struct {
	powercut.State

	stands string
}

// What stands.
const (
	oldStands = "everything old"
	newStands = "everything new"
	noneWhole = "neither"
)

func newOutage(s *stage, of scenario, unit bool) *outage {
	s.Helper()
	folder, err := os.MkdirTemp(s.folder, "power-") // tests run side by side
	if err != nil {
		s.Fatal(err)
	}
	h := s.newHost(filepath.Base(folder))
	return &outage{
		bench: h.bench(of), unit: unit, exact: powercut.NewKeys(plain), alike: powercut.NewKeys(decided),
		stands: map[string]string{}, seeds: map[string]seed{},
	}
}

func (o *outage) all(name string, lines *table) {
	o.Helper()
	if err := o.old.write(o.tree); err != nil {
		o.Fatal(err)
	}
	first := o.record(o.args, o.exit)
	o.before = first.before
	o.cuts(first, o.promise())
	lines.add(name, name, o.count)
	o.count = counted{}
	ways, cut := o.recoveries()
	lines.add(name, fmt.Sprintf("  its recovery, %d of %d ways", cut, ways), o.count)
}

// promise is what stands once the run has told its result.
func (o *outage) promise() string {
	if o.exit != 0 {
		return oldStands
	}
	return newStands
}

// recoveries cuts the power during recoveries: from the first state with each
// sequence of records, where the recovery makes other calls than those before.
// It returns how many ways there are, and how many it cut.
func (o *outage) recoveries() (all, cut int) {
	o.Helper()
	every := everyWay(o.T)
	o.recovering = true
	seeds := o.seeds
	o.seeds = map[string]seed{}
	ways := map[string]bool{}
	for _, records := range sorted(seeds) {
		if err := o.cutOff(seeds[records].State); err != nil {
			o.Fatal(err)
		}
		r := o.record(o.firstRecovery(), o.recovered(o.scenario)...)
		way := strings.Join(names(r.calls, o.root), "\n")
		if ways[way] {
			continue
		}
		ways[way] = true
		if len(ways)%every == 0 {
			cut++
			o.cuts(r, seeds[records].stands)
		}
	}
	return len(ways), cut
}

// everyWay is which of the ways of a recovery are cut: every one, or every so many,
// as POWERCUT_EVERY says.
func everyWay(t *testing.T) int {
	t.Helper()
	text := os.Getenv("POWERCUT_EVERY")
	if text == "" {
		return 1
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("POWERCUT_EVERY is %q, want a number from 1", text)
	}
	return n
}

// recording is a run: where it began, and the calls that it made.
type recording struct {
	before powercut.State
	calls  []tracer.Call
}

// record records a run from what the host holds now.
func (o *outage) record(args []string, exits ...int) recording {
	o.Helper()
	before, err := powercut.Read(o.tree)
	if err != nil {
		o.Fatal(err)
	}
	maps.DeleteFunc(before, func(name string, _ powercut.Node) bool { return process(name) || logs("/"+name) })
	var seen recorder
	got, err := o.trace(args, &seen)
	if err != nil || !slices.Contains(exits, got.Exit) {
		o.Fatalf("installer %q: exit status %d, want one of %d: %v\n%s%s", args, got.Exit, exits, err, got.stdout, got.stderr)
	}
	return recording{before, seen.calls}
}

// cuts cuts the power before the first call and after each. Once the result was
// told, what was promised must stand.
func (o *outage) cuts(r recording, promised string) {
	o.Helper()
	disk := powercut.New(o.tree, r.before, umask(o.T))
	o.count.calls += len(r.calls)
	told := false
	for i := 0; ; i++ {
		o.count.cuts++
		for state := range disk.States(bounds()) {
			if o.enough > 0 && o.count.broken >= o.enough {
				return
			}
			o.count.states++
			stands := o.meet(state, cutAt(r.calls, i))
			if told && stands != promised && stands != noneWhole {
				o.broken(cutAt(r.calls, i), fmt.Sprintf("%s stands, but the run had told that %s does", stands, promised))
			}
		}
		if i == len(r.calls) {
			return
		}
		told = told || r.calls[i].FD == 1
		if logs(r.calls[i].Path) {
			continue
		}
		if err := disk.Apply(&r.calls[i]); err != nil {
			o.Fatal(err)
		}
	}
}

func cutAt(calls []tracer.Call, i int) string {
	if i == 0 {
		return "before the first call"
	}
	return "after " + calls[i-1].String()
}

// meet judges a state that was not met before, and returns what stands after it.
func (o *outage) meet(state powercut.State, where string) string {
	o.Helper()
	key, like := o.exact.Of(state), o.alike.Of(state)
	if o.recovering || o.unit {
		key = like // each way to tear a record is tried without the unit
	}
	if stands, known := o.stands[key]; known {
		return stands
	}
	o.count.distinct++
	stands, problems := o.judge(state)
	if len(problems) > 0 {
		stands = noneWhole
		o.broken(where, problems...)
	}
	o.stands[key], o.stands[like] = stands, stands
	return stands
}

// broken counts a state that cannot be recovered from, and prints the first ones.
func (o *outage) broken(where string, problems ...string) {
	o.Helper()
	o.count.broken++
	if o.count.broken > shown {
		return
	}
	say := o.Errorf
	if o.enough > 0 {
		say = o.Logf
	}
	say("BROKEN: the power was cut %s\n%s", where, strings.Join(problems, "\n"))
}
