//go:build faults && linux && amd64

package crashtest_test

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// bench is a scenario on one host, with the two states that it may leave.
type bench struct {
	*host
	scenario

	old, fresh tree
	left       map[string]tree // by the records of its journal: what a kill left
	changed    map[string]bool // by fingerprint: the change was made from this state
}

func (h *host) bench(s scenario) *bench {
	h.Helper()
	if err := (tree{}).write(h.tree); err != nil {
		h.Fatal(err)
	}
	s.prepare(h)
	b := &bench{host: h, scenario: s, old: h.now(), left: map[string]tree{}, changed: map[string]bool{}}
	h.must(0, s.again)
	b.fresh = h.now()
	return b
}

func (h *host) now() tree {
	h.Helper()
	t, err := readTree(h.tree)
	if err != nil {
		h.Fatal(err)
	}
	return t
}

// verdict is what was found of one case.
type verdict struct {
	problems []string
	took     time.Duration // the run with the fault
	recovery time.Duration
}

func (v *verdict) say(format string, args ...any) {
	v.problems = append(v.problems, fmt.Sprintf(format, args...))
}

// saysOld tells the statuses that promise that everything is as before.
func saysOld(exit int) bool { return slices.Contains([]int{2, 3, 5, 6, 7, 8, 10, 11, 20, 130}, exit) }

// judgeEnd looks at a run that ended by itself: its exit status has to be true.
func (b *bench) judgeEnd(v *verdict, i *injector, o outcome) {
	now, err := readTree(b.tree)
	if err != nil {
		v.say("%v", err)
		return
	}
	var differs []string
	switch {
	case o.Overdue:
		v.say("it hung")
	case i.fault.harmless(i.met) && o.Exit != b.exit:
		v.say("exit status %d, want %d as without the fault", o.Exit, b.exit)
	case o.Exit == 0:
		differs = now.differs(b.fresh, false)
	case saysOld(o.Exit):
		differs = now.differs(b.old, false)
	case o.Exit == 21 && i.undoing:
	default:
		v.say("exit status %d", o.Exit)
	}
	for _, d := range differs {
		v.say("exit status %d, but %s", o.Exit, d)
	}
	if len(v.problems) > 0 {
		v.say("it said:\n%s%s", o.stdout, o.stderr)
	}
}

// judgeAfter recovers, and then makes the change: nothing may be left of what
// was before.
func (b *bench) judgeAfter(v *verdict, ended bool, exit int) {
	o, err := b.run(b.recovery())
	v.recovery = o.Took
	if err != nil || !slices.Contains(b.recovered(b.scenario), o.Exit) {
		v.say("the recovery: exit status %d, %v\n%s%s", o.Exit, err, o.stdout, o.stderr)
		return
	}
	toOld, toNew := b.compare(v, b.old), b.compare(v, b.fresh)
	if ended && exit == 0 {
		toOld = toNew
	}
	if ended && saysOld(exit) {
		toNew = toOld
	}
	if len(toOld) > 0 && len(toNew) > 0 {
		v.say("after the recovery neither everything old stands (%s) nor everything new (%s); it said:\n%s%s",
			strings.Join(toOld, "; "), strings.Join(toNew, "; "), o.stdout, o.stderr)
		return
	}
	b.judgeChange(v)
}

// judgeChange makes the change, and again. What that does follows from what
// stands, so it is tried once for each state that recoveries leave.
func (b *bench) judgeChange(v *verdict) {
	before, err := readTree(b.tree)
	if err != nil {
		v.say("%v", err)
		return
	}
	state := before.fingerprint()
	if b.changed[state] {
		return
	}
	for _, want := range []string{"", "unchanged"} {
		o, err := b.run(b.again)
		if err != nil || o.Exit != 0 || !strings.HasPrefix(o.stdout, want) {
			v.say("the change, then: exit status %d, %v\n%s%s", o.Exit, err, o.stdout, o.stderr)
			return
		}
		if differs := b.compare(v, b.fresh); len(differs) > 0 {
			v.say("the change, then: %s", strings.Join(differs, "; "))
			return
		}
	}
	b.changed[state] = true
}

// compare tells how the host is not as wanted, with nothing left besides.
func (b *bench) compare(v *verdict, want tree) []string {
	now, err := readTree(b.tree)
	if err != nil {
		v.say("%v", err)
	}
	return now.differs(want, true)
}
