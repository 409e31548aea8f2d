//go:build unix && bench

package benchedit_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/empowersuite/backend-installer/installer/document"
)

// sizes times the tools on generated files, in turns. JSON is compared with the
// time that jq needs to read the file; the other formats go up to a tenth of the
// largest JSON.
func (b *bench) sizes() {
	rounds := b.number(setting("BENCH_EDIT_ROUNDS", "5"))
	var all []int
	for text := range strings.FieldsSeq(setting("BENCH_EDIT_MB", "1 10 100")) {
		all = append(all, b.number(text))
	}
	gaveUp := map[string]bool{}
	for _, megabytes := range all {
		for _, s := range samples() {
			if s.format == document.JSON || megabytes*10 <= slices.Max(all) {
				b.size(s, megabytes, rounds, gaveUp)
			}
		}
	}
}

func (b *bench) number(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		b.Fatalf("%q is no number of rounds or megabytes", text)
	}
	return n
}

func setting(name, fallback string) string {
	if text := os.Getenv(name); text != "" {
		return text
	}
	return fallback
}

// bound is how long a tool may take for so many megabytes.
func bound(megabytes int) time.Duration {
	return 8*time.Second + time.Duration(megabytes)*1500*time.Millisecond
}

// timing is what a tool took.
type timing struct {
	name    string
	command string
	took    []time.Duration
	peak    int64 // bytes
	result  string
}

const (
	reading = "jq . (reads)"
	nothing = "(no program)" // what measuring itself costs
)

func (b *bench) size(s sample, megabytes, rounds int, gaveUp map[string]bool) {
	source := filepath.Join(b.folder, "source")
	if err := errors.Join(s.generate(source, "old", int64(megabytes)<<20), s.generate(source+".want", value, int64(megabytes)<<20)); err != nil {
		b.Fatal(err)
	}
	j := newJob(s.format, s.at)
	j.file = filepath.Join(b.folder, "big"+s.suffix)
	all := []*timing{{name: nothing, command: ":"}}
	if s.format == document.JSON {
		all = append(all, &timing{name: reading, command: `jq . <"$F" >/dev/null`})
	}
	for _, t := range tools() {
		if command := t.command(j); command != "" && b.has(t) && !gaveUp[string(s.format)+t.name] {
			all = append(all, &timing{name: t.name, command: command})
		}
	}
	for range rounds {
		for _, t := range all {
			b.time(t, source, j.file, bound(megabytes))
		}
	}
	for _, t := range all {
		b.check(t, j, source, bound(megabytes))
	}
	b.show(all, s.format, megabytes, rounds)
	for _, t := range all {
		gaveUp[string(s.format)+t.name] = len(t.took) == 0 // waiting for it with a larger file is in vain
	}
}

// time runs one tool once on a fresh copy.
func (b *bench) time(t *timing, source, file string, within time.Duration) {
	if t.result != "" {
		return
	}
	if out, err := exec.CommandContext(b.Context(), "cp", source, file).CombinedOutput(); err != nil {
		b.Fatalf("copy: %v: %s", err, out)
	}
	began := time.Now()
	state, err := b.do(t.command, file, within)
	switch {
	case errors.Is(err, errSlow):
		t.result = err.Error()
		return
	case err != nil:
		t.result = "failed: " + err.Error()
		return
	}
	t.took = append(t.took, time.Since(began))
	if usage, ok := state.SysUsage().(*syscall.Rusage); ok {
		t.peak = max(t.peak, usage.Maxrss<<10) // of the largest process below the shell, too
	}
}

// check looks at what a tool makes of the file, in other processes: what this one
// holds at most, its children are measured to have held, too.
func (b *bench) check(t *timing, j job, source string, within time.Duration) {
	if t.result != "" || t.name == reading || t.name == nothing {
		return
	}
	if b.time(t, source, j.file, within); t.result != "" {
		return
	}
	if exec.CommandContext(b.Context(), "cmp", "-s", source+".want", j.file).Run() == nil {
		t.result = "exact"
		return
	}
	t.result = "wrong"
	again := exec.CommandContext(b.Context(), b.installer, "edit", j.file, "--format", string(j.Format), "--at", j.at, "--value-stdin", "--dry-run")
	again.Stdin = strings.NewReader(value)
	if out, err := again.Output(); err == nil && strings.HasPrefix(string(out), "unchanged") {
		t.result = "right, rewrites"
	}
}

// aim fails where an edit of a large file of JSON takes longer than jq needs to
// read it, or more memory than three times the file.
func (b *bench) aim(edit, read *timing, megabytes int) {
	if megabytes < 100 || edit.peak == 0 || read.peak == 0 { // not run, or no jq
		return
	}
	if times := float64(median(edit.took)) / float64(median(read.took)); times >= 1 {
		b.Errorf("installer: %d MB of JSON take %.2f× the time in which jq reads them, want less than 1", megabytes, times)
	}
	if times := float64(edit.peak) / float64(int64(megabytes)<<20); times > 3 {
		b.Errorf("installer: %d MB of JSON take %.2f× their memory, want 3 at most", megabytes, times)
	}
}

func (b *bench) show(all []*timing, f document.Format, megabytes, rounds int) {
	find := func(name string) *timing {
		i := slices.IndexFunc(all, func(t *timing) bool { return t.name == name && len(t.took) > 0 })
		if i < 0 {
			return &timing{name: name, took: []time.Duration{1}}
		}
		return all[i]
	}
	against, floor := find("installer"), find(nothing)
	if f == document.JSON {
		against = find(reading)
		b.aim(find("installer"), against, megabytes)
	}
	b.say("\n%s of %d MB, medians of %d rounds in turns; memory is measured from %d MB on\n%-13s %11s %24s %12s  %s", f, megabytes, rounds,
		floor.peak>>20, "tool", "time", "of "+against.name, "memory/file", "result")
	for _, t := range all {
		if t.name == "installer" && t.result != "exact" {
			b.Errorf("installer: %s of %d MB: %s", f, megabytes, t.result)
		}
		if len(t.took) == 0 {
			b.say("%-13s %s; not tried with larger files", t.name, t.result)
		} else if t != floor {
			b.say("%-13s %8.0f ms %23.2f× %11.2f×  %s", t.name, float64(median(t.took).Microseconds())/1000,
				float64(median(t.took))/float64(median(against.took)), float64(t.peak)/float64(int64(megabytes)<<20), t.result)
		}
	}
}

func median(all []time.Duration) time.Duration {
	sorted := slices.Clone(all)
	slices.Sort(sorted)
	return sorted[len(sorted)/2]
}

// makeKey makes a key for sops.
func (b *bench) makeKey() {
	out, err := exec.CommandContext(b.Context(), filepath.Join(b.tools, "age-keygen")).Output()
	if err != nil {
		b.say("sops has no key: %v", err)
	}
	for _, line := range strings.Split(string(out), "\n") {
		if key, ok := strings.CutPrefix(line, "# public key: "); ok {
			b.ageRecipient = key
		} else if strings.HasPrefix(line, "AGE-SECRET-KEY-") {
			b.ageKey = line
		}
	}
}
