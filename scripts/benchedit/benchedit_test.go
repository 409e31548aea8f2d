//go:build unix && bench

package benchedit_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/document"
	"github.com/empowersuite/backend-installer/installer/secret"
)

// TestBenchEdit changes one value in the same files with several tools, side by
// side in one run, and prints what each did to the rest of the file, how long it
// took and how much memory. EMPOWER_BIN is the folder of the installer,
// BENCH_EDIT_TOOLS a folder with tools beside those of PATH, BENCH_EDIT_MB the
// sizes of the generated files, BENCH_EDIT_ROUNDS how often each is timed. make
// bench-edit runs it.
func TestBenchEdit(t *testing.T) {
	b := bench{
		T: t, installer: filepath.Join(os.Getenv("EMPOWER_BIN"), "installer"), tools: os.Getenv("BENCH_EDIT_TOOLS"),
		corpus: "../../installer/document/testdata/corpus", folder: t.TempDir(),
	}
	b.makeKey()
	b.files()
	b.sizes()
}

// perJob bounds one run of one tool.
const perJob = 30 * time.Second

type bench struct {
	*testing.T

	installer, corpus, tools, folder string
	ageKey, ageRecipient             string
	gaveUp                           []string // tools that failed with a smaller file
}

// say prints a line of the result.
func (b *bench) say(format string, args ...any) {
	b.Helper()
	_, _ = fmt.Fprintf(b.Output(), format+"\n", args...)
}

// tally is what a tool did to the files of the corpus.
type tally struct {
	asked   int // the tool has a command for it
	opened  int // the command ended well
	right   int // the value reads as wanted afterwards
	exact   int // and nothing else changed
	lines   int // changed besides the value's own, where it is right
	bytes   int // the same in bytes
	elapsed time.Duration
}

func (b *bench) files() {
	jobs := b.jobs()
	b.say("one value in each of %d files, the same for every tool", len(jobs))
	b.say("%-10s %6s %6s %6s %6s %12s %12s %9s", "tool", "asked", "opened", "right", "exact", "other lines", "other bytes", "time")
	for _, t := range tools() {
		if !b.has(t) {
			b.say("%-10s skipped: not installed", t.name)
			continue
		}
		var sum tally
		for _, j := range jobs {
			b.judge(t, j, &sum)
		}
		b.say("%-10s %6d %6d %6d %6d %12d %12d %7.1f s", t.name, sum.asked, sum.opened, sum.right, sum.exact, sum.lines, sum.bytes, sum.elapsed.Seconds())
		if t.program == "" && sum.exact != len(jobs) {
			b.Errorf("installer edited %d of %d files exactly", sum.exact, len(jobs))
		}
	}
}

// jobs are the first place of every file of the corpus.
func (b *bench) jobs() []job {
	index := b.read(filepath.Join(b.corpus, "index.tsv"))
	var all []job
	seen := map[string]bool{}
	for _, line := range strings.Split(strings.TrimSpace(string(index)), "\n")[1:] {
		c := strings.Split(line, "\t")
		if seen[c[0]] {
			continue
		}
		seen[c[0]] = true
		at := c[2]
		tokens := tokensOf(document.Format(c[1]), at)
		if c[3] != "" {
			at = c[3] + ":" + at
		}
		if c[4] != "" {
			at += "#" + c[4] + ":" + c[5]
		}
		all = append(all, job{filepath.Join(b.corpus, c[0]), document.Format(c[1]), at, tokens})
	}
	return all
}

func (b *bench) read(path string) []byte {
	b.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		b.Fatal(err)
	}
	return text
}

// judge lets a tool do a job on a copy and compares.
func (b *bench) judge(t tool, j job, sum *tally) {
	before := b.read(j.file)
	j.file = filepath.Join(b.folder, filepath.Base(j.file))
	command := t.command(j)
	if command == "" {
		return
	}
	sum.asked++
	if err := os.WriteFile(j.file, before, 0o600); err != nil {
		b.Fatal(err)
	}
	began := time.Now()
	if _, err := b.do(command, j.file); err != nil {
		return
	}
	sum.elapsed += time.Since(began)
	sum.opened++
	after := b.read(j.file)
	slot := document.Slot{At: j.at}
	if m, err := document.Find(after, j.format, slot); err != nil || m.Value.Reveal() != value {
		return
	}
	sum.right++
	ideal, err := document.Edit(before, j.format, []document.Change{{Slot: slot, Value: secret.New(value)}})
	if err != nil {
		b.Fatal(err)
	}
	lines, size := besides(before, ideal, after)
	if lines == 0 && size == 0 {
		sum.exact++
	}
	sum.lines += lines
	sum.bytes += size
}

// besides is what after changed of before that an ideal edit does not.
func besides(before, ideal, after []byte) (lines, size int) {
	return max(0, changedLines(before, after)-changedLines(before, ideal)), max(0, touched(before, after)-touched(before, ideal))
}

// touched is how many bytes of before lie between what both have at the start and
// at the end.
func touched(before, after []byte) int {
	n := min(len(before), len(after))
	head := 0
	for head < n && before[head] == after[head] {
		head++
	}
	tail := 0
	for tail < n-head && before[len(before)-1-tail] == after[len(after)-1-tail] {
		tail++
	}
	return len(before) - head - tail
}

// changedLines is how many lines of before are not in after, each counted as often
// as it is there.
func changedLines(before, after []byte) int {
	have := map[string]int{}
	for _, line := range bytes.Split(after, []byte("\n")) {
		have[string(line)]++
	}
	gone := 0
	for _, line := range bytes.Split(before, []byte("\n")) {
		if have[string(line)] == 0 {
			gone++
			continue
		}
		have[string(line)]--
	}
	return gone
}

// do runs a shell command within its bound.
func (b *bench) do(command, file string) (*os.ProcessState, error) {
	ctx, cancel := context.WithTimeout(b.Context(), perJob)
	defer cancel()
	c := exec.CommandContext(ctx, "/bin/sh", "-c", command)
	c.Env = b.environment(file)
	// What the shell started goes with it: a tool that was given up must not
	// disturb those that come after.
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	c.Cancel = func() error { return syscall.Kill(-c.Process.Pid, syscall.SIGKILL) }
	c.WaitDelay = time.Second
	err := c.Run()
	return c.ProcessState, err
}
