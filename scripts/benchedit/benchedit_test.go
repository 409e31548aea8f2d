//go:build unix && bench

package benchedit_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestBenchEdit changes one value in the same files with several tools, side by
// side in one run, and prints what each did to the rest of the file, how long it
// took and how much memory. EMPOWER_BIN is the folder of the installer,
// BENCH_EDIT_TOOLS a folder with tools beside those of PATH, BENCH_EDIT_MB the
// sizes of the generated files, BENCH_EDIT_ROUNDS how often each is timed. make
// bench-edit runs it.
func TestBenchEdit(t *testing.T) {
	b := &bench{
		T: t, installer: filepath.Join(os.Getenv("EMPOWER_BIN"), "installer"), tools: os.Getenv("BENCH_EDIT_TOOLS"),
		corpus: "../../installer/document/testdata/corpus", folder: t.TempDir(),
	}
	b.makeKey()
	b.judge = b.startJudge()
	b.sizes() // first, while this process is small
	b.files()
}

type bench struct {
	*testing.T

	installer, corpus, tools, folder string
	ageKey, ageRecipient             string
	judge                            *judge
}

// say prints a line of the result.
func (b *bench) say(format string, args ...any) {
	b.Helper()
	_, _ = fmt.Fprintf(b.Output(), format+"\n", args...)
}

func (b *bench) bytes(path string) []byte {
	b.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		b.Fatal(err)
	}
	return text
}

// tally is what a tool did to the files of the corpus.
type tally struct {
	asked     int // the tool has a command for it
	opened    int // the command ended well
	right     int // the value reads as wanted afterwards
	exact     int // and nothing else changed
	confirmed int // of those that are right, by the judge
	damage
	elapsed time.Duration
}

// files prints what each tool did to each file, and the sum of it.
func (b *bench) files() {
	jobs := b.jobs()
	present := b.present()
	sums := make([]tally, len(present))
	refused := 0
	b.say("\nlines that a tool took away and added besides the value, and bytes; = is none, - no command for such a file\n%-66s%s", "", names(present))
	for _, j := range jobs {
		if j.refused != nil {
			refused++
		}
		var row strings.Builder
		for i, t := range present {
			fmt.Fprintf(&row, " %15s", b.try(t, j, &sums[i]))
		}
		b.say("%-66s%s", j.name, row.String())
	}
	b.say("\none value in each of %d files, of which installer refuses %d\n%-10s %6s %6s %6s %6s %9s %14s %16s %9s", len(jobs), refused,
		"tool", "asked", "opened", "right", "exact", "confirmed", "other lines", "other bytes", "time")
	for i, t := range present {
		s := sums[i]
		b.say("%-10s %6d %6d %6d %6d %9d %14s %16s %7.1f s", t.name, s.asked, s.opened, s.right, s.exact, s.confirmed,
			fmt.Sprintf("-%d +%d", s.linesGone, s.linesNew), fmt.Sprintf("-%d +%d", s.bytesGone, s.bytesNew), s.elapsed.Seconds())
		if opens := len(jobs) - refused; t.program == "" && (s.opened != opens || s.exact != opens) {
			b.Errorf("installer opened %d files and edited %d exactly, want %d", s.opened, s.exact, opens)
		}
	}
}

func names(all []tool) string {
	var b strings.Builder
	for _, t := range all {
		fmt.Fprintf(&b, " %15s", t.name)
	}
	return b.String()
}

// present are the tools that are here; the others are named.
func (b *bench) present() []tool {
	var here []tool
	for _, t := range tools() {
		if b.has(t) {
			here = append(here, t)
			continue
		}
		b.say("%s is skipped: not installed", t.name)
	}
	return here
}

// perFile bounds one run of one tool on a file of the corpus.
const perFile = 20 * time.Second

// try lets a tool do a job on a copy, and says how it went.
func (b *bench) try(t tool, j job, sum *tally) string {
	command := t.command(j)
	if command == "" {
		return "-"
	}
	sum.asked++
	if err := os.WriteFile(j.file, j.src, 0o600); err != nil {
		b.Fatal(err)
	}
	began := time.Now()
	if _, err := b.do(command, j.file, perFile); err != nil {
		return "failed"
	}
	sum.elapsed += time.Since(began)
	sum.opened++
	after := b.bytes(j.file)
	if !j.holds(after) {
		return "wrong"
	}
	switch b.reads(j, after) {
	case denied:
		if t.program == "" {
			b.Errorf("%s: the judge reads another value than the installer", j.name)
		}
		return "wrong"
	case confirmed:
		sum.confirmed++
	case silent:
	}
	sum.right++
	if j.want.exact(after) {
		sum.exact++
		return "="
	}
	d := damageOf(j.want.text, after)
	sum.add(d)
	return fmt.Sprintf("-%d+%d %dB", d.linesGone, d.linesNew, d.bytesGone+d.bytesNew)
}

// errSlow says that a tool did not end within its bound.
var errSlow = errors.New("too slow")

// do runs a shell command within its bound, and ends all of it then.
func (b *bench) do(command, file string, within time.Duration) (*os.ProcessState, error) {
	ctx, cancel := context.WithTimeout(b.Context(), within)
	defer cancel()
	c := exec.CommandContext(ctx, "/bin/sh", "-c", command)
	c.Env = b.environment(file)
	// What the shell started goes with it: a tool that was given up must not
	// disturb those that come after.
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	c.Cancel = func() error { return syscall.Kill(-c.Process.Pid, syscall.SIGKILL) }
	c.WaitDelay = time.Second
	err := c.Run()
	if ctx.Err() != nil {
		return c.ProcessState, fmt.Errorf("%w: more than %v", errSlow, within)
	}
	return c.ProcessState, err
}
