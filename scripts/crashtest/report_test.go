//go:build faults && linux && amd64

package crashtest_test

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// tally is what is counted of one kind of fault.
type tally struct {
	injected, broken int
	took             []time.Duration
	recovery         time.Duration // the longest
}

// shown is how many broken cases are printed in full.
const shown = 20

// note counts a case, and prints it where it is broken.
func (m *matrix) note(j job, i *injector, v verdict) {
	m.mu.Lock()
	defer m.mu.Unlock()
	t := m.tally[j.fault.name]
	if t == nil {
		t = &tally{}
		m.tally[j.fault.name] = t
	}
	t.injected++
	t.took = append(t.took, v.took)
	t.recovery = max(t.recovery, v.recovery)
	if len(v.problems) == 0 {
		return
	}
	t.broken++
	m.broken++
	if m.broken > shown {
		return
	}
	line := j.what
	if i.met != nil {
		line = i.met.String()
	}
	m.say("BROKEN: %s %s, %s at call %d of %q\n  %s\n  %s", m.name, j.from, j.fault.name, j.number, j.args[0], line,
		strings.ReplaceAll(strings.Join(v.problems, "\n"), "\n", "\n  "))
}

// say prints a line of the result.
func (m *matrix) say(format string, args ...any) {
	_, _ = fmt.Fprintf(m.Output(), format+"\n", args...)
}

// report prints the counts of one table, by kind of fault.
func (m *matrix) report(title string, points int) {
	m.say("%s: %d points", title, points)
	m.say("  %-13s %8s %6s %12s %12s %16s", "fault", "injected", "broken", "median run", "longest run", "longest recovery")
	var all tally
	for _, kind := range slices.Concat([]string{"kill before", "kill after", "torn write", "short write"}, errnos(), ends()) {
		t := m.tally[kind]
		if t == nil {
			continue
		}
		m.row(kind, *t)
		all.injected, all.broken = all.injected+t.injected, all.broken+t.broken
		all.took, all.recovery = append(all.took, t.took...), max(all.recovery, t.recovery)
	}
	m.row("all", all)
}

func (m *matrix) row(kind string, t tally) {
	slices.Sort(t.took)
	median, longest := time.Duration(0), time.Duration(0)
	if n := len(t.took); n > 0 {
		median, longest = t.took[n/2], t.took[n-1]
	}
	m.say("  %-13s %8d %6d %12s %12s %16s", kind, t.injected, t.broken, median.Round(time.Millisecond),
		longest.Round(time.Millisecond), t.recovery.Round(time.Millisecond))
}
