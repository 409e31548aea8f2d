//go:build power && linux

package powertest_test

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

// table prints what came of all runs.
func table(t *testing.T, all []trial, bare []int, took time.Duration) {
	t.Helper()
	say := func(format string, args ...any) { _, _ = fmt.Fprintf(t.Output(), format, args...) }
	say("\n%-18s %5s %5s %5s %5s %7s   %-14s %s\n", "spoilt by", "runs", "late", "old", "new", "broken", "longest", "failed requests, mean and most")
	for _, kind := range []string{spoilNothing, spoilInstaller, spoilBackend, spoilPower, ""} {
		r := rowOf(all, kind)
		name, requests := kind, spread(r.failed)
		if kind == "" {
			name = "together"
		}
		say("%-18s %5d %5d %5d %5d %7d   %-14s %s\n", name, r.runs, r.late, r.old, r.fresh, r.broken, r.longest.Round(time.Millisecond), requests)
	}
	say("%-18s %5d %41s %s\n", "systemctl restart", len(bare), "", spread(bare))
	at := map[int]int{}
	for _, one := range all {
		if one.kind != spoilNothing {
			at[one.at]++
		}
	}
	say("records in the journal when a run was spoilt, and how many runs: %v\n", at)
	say("longest: of recover after a kill; of the whole boot, recovery included, after a cut\n")
	say("late: the run had ended when its moment came; total time %s\n", took.Round(time.Second))
}

type row struct {
	runs, late, old, fresh, broken int
	longest                        time.Duration
	failed                         []int
}

// rowOf sums the runs of a kind up; "" is all kinds.
func rowOf(all []trial, kind string) row {
	var r row
	for _, one := range all {
		if kind != "" && one.kind != kind {
			continue
		}
		r.runs++
		r.longest = max(r.longest, one.took)
		if one.late {
			r.late++
		}
		switch {
		case len(one.trouble) > 0:
			r.broken++
		case one.state == "old":
			r.old++
		default:
			r.fresh++
		}
		if one.kind != spoilPower {
			r.failed = append(r.failed, one.failed)
		}
	}
	return r
}

// spread tells of numbers their mean and the greatest.
func spread(of []int) string {
	if len(of) == 0 {
		return "-"
	}
	sum := 0
	for _, n := range of {
		sum += n
	}
	return fmt.Sprintf("%.1f, %d", float64(sum)/float64(len(of)), slices.Max(of))
}
