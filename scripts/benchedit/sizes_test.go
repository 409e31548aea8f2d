//go:build unix && bench

package benchedit_test

import (
	"bufio"
	"fmt"
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

// sizes times the tools on generated JSON, in turns, and compares with the time
// that jq needs to read the file.
func (b *bench) sizes() {
	rounds := b.number(setting("BENCH_EDIT_ROUNDS", "5"))
	for text := range strings.FieldsSeq(setting("BENCH_EDIT_MB", "1 10 100")) {
		b.size(b.number(text), rounds)
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

// timing is what a tool took.
type timing struct {
	name    string
	command string
	took    []time.Duration
	peak    int64 // bytes
	failed  bool
}

func (b *bench) size(megabytes, rounds int) {
	source := filepath.Join(b.folder, "source.json")
	if err := generate(source, int64(megabytes)<<20); err != nil {
		b.Fatal(err)
	}
	j := job{filepath.Join(b.folder, "big.json"), document.JSON, "/AzureAd/ClientSecret", []string{"AzureAd", "ClientSecret"}}
	all := []*timing{{name: "jq . (reads)", command: `jq . <"$F" >/dev/null`}}
	for _, t := range tools() {
		if command := t.command(j); command != "" && b.has(t) && !slices.Contains(b.gaveUp, t.name) {
			all = append(all, &timing{name: t.name, command: command})
		}
	}
	for range rounds {
		for _, t := range all {
			b.time(t, source, j.file)
		}
	}
	read := median(all[0].took)
	b.say("\nJSON of %d MB, medians of %d rounds in turns\n%-14s %11s %14s %12s", megabytes, rounds, "tool", "time", "of jq's read", "memory/file")
	for _, t := range all {
		if t.failed {
			b.gaveUp = append(b.gaveUp, t.name)
			b.say("%-14s failed, or took longer than %v: not tried with larger files", t.name, perJob)
			continue
		}
		b.say("%-14s %8.0f ms %13.2f× %11.2f×", t.name, float64(median(t.took).Microseconds())/1000,
			float64(median(t.took))/float64(read), float64(t.peak)/float64(int64(megabytes)<<20))
	}
}

// time runs one tool once on a fresh copy.
func (b *bench) time(t *timing, source, file string) {
	if t.failed {
		return
	}
	if out, err := exec.CommandContext(b.Context(), "cp", source, file).CombinedOutput(); err != nil {
		b.Fatalf("copy: %v: %s", err, out)
	}
	began := time.Now()
	state, err := b.do(t.command, file)
	if err != nil {
		t.failed = true
		return
	}
	t.took = append(t.took, time.Since(began))
	if usage, ok := state.SysUsage().(*syscall.Rusage); ok {
		t.peak = max(t.peak, usage.Maxrss<<10) // of the largest process below the shell, too
	}
}

func median(all []time.Duration) time.Duration {
	if len(all) == 0 {
		return 0
	}
	sorted := slices.Clone(all)
	slices.Sort(sorted)
	return sorted[len(sorted)/2]
}

// generate writes JSON of about so many bytes, the value at its start.
func generate(path string, size int64) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(file)
	written, _ := fmt.Fprint(w, "{\n  \"AzureAd\": { \"ClientSecret\": \"old\" },\n  \"Items\": [")
	for i := 0; int64(written) < size; i++ {
		n, _ := fmt.Fprintf(w, "%s\n    {\n      \"id\": %d,\n      \"name\": \"item %d\",\n      \"tags\": [\"a\", \"b\\u00e9\\n\"],\n      \"on\": true,\n      \"ratio\": 0.%d,\n      \"nested\": { \"x\": null, \"path\": \"C:\\\\Program Files\\\\x\" }\n    }",
			map[bool]string{true: ","}[i > 0], i, i%1000, i)
		written += n
	}
	_, _ = fmt.Fprint(w, "\n  ]\n}\n") // Flush tells
	if err := w.Flush(); err != nil {
		return err
	}
	return file.Close()
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
