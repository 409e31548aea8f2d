//go:build faults && linux && amd64

package crashtest_test

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// daemon is a service of a scenario, by what it leaves and reads in the tree.
type daemon struct {
	running string
	reads   []string
}

// daemons are those that run where everything is new.
func (b *bench) daemons() []daemon {
	return []daemon{
		b.daemon("running-worker", "appsettings.json", "worker.env"),
		b.daemon("running-web", "appsettings.json", "proxy.yaml"),
	}
}

func (b *bench) daemon(running string, reads ...string) daemon {
	d := daemon{running: b.named(running)}
	for _, name := range reads {
		d.reads = append(d.reads, b.named(name))
	}
	return d
}

// named is the path of a name in the tree where everything is new.
func (b *bench) named(base string) string {
	for _, name := range b.fresh.names() {
		if filepath.Base(name) == base {
			return name
		}
	}
	return base
}

// process tells what stands for a process, which no power cut leaves.
func process(name string) bool {
	base := filepath.Base(name)
	return strings.HasPrefix(base, "running-") || strings.HasPrefix(base, "asked-")
}

// logs tells the log, which nothing reads and which need not be there.
func logs(path string) bool { return strings.Contains(path, "/state/PROD/log") }

// known reports whether the host knows that there is an installation: what starts
// services at boot knows those of no other.
func (b *bench) known() bool {
	_, err := os.Stat(filepath.Join(b.tree, "state/PROD/installation.yaml"))
	return err == nil
}

// powerUp starts the services as a boot does: each reads the files that are there,
// and one whose files are not there does not start.
func (b *bench) powerUp() error {
	if !b.known() {
		return nil
	}
	for _, d := range b.daemons() {
		var all bytes.Buffer
		whole := true
		for _, name := range d.reads {
			text, err := os.ReadFile(filepath.Join(b.tree, name))
			all.Write(text)
			whole = whole && err == nil
		}
		if !whole {
			continue
		}
		path := filepath.Join(b.tree, d.running)
		if err := os.WriteFile(path, all.Bytes(), 0o600); err != nil {
			return err
		}
		if err := os.Chmod(path, b.fresh.entries[d.running].Mode); err != nil {
			return err
		}
	}
	return nil
}

// read is what the services read, of a tree.
func (b *bench) read(t tree) map[string]string {
	all := map[string]string{}
	for _, d := range b.daemons() {
		for _, name := range d.reads {
			if content, there := t.content[name]; there {
				all[name] = string(content)
			}
		}
	}
	return all
}

// counted is what is counted of the power cuts of one run, or of several.
type counted struct {
	calls, cuts, states, distinct, broken int
	recovery                              time.Duration // the longest
}

// table is the counts of all scenarios. Several of them add to it at once.
type table struct {
	mu   sync.Mutex
	rows map[string][]string
}

func (lines *table) add(scenario, what string, c counted) {
	lines.mu.Lock()
	defer lines.mu.Unlock()
	if lines.rows == nil {
		lines.rows = map[string][]string{}
	}
	lines.rows[scenario] = append(lines.rows[scenario], fmt.Sprintf("%-44s %6d %6d %9d %9d %7d %16s",
		what, c.calls, c.cuts, c.states, c.distinct, c.broken, c.recovery.Round(time.Millisecond)))
}

func (lines *table) print(t *testing.T) {
	t.Helper()
	_, _ = fmt.Fprintf(t.Output(), "%-44s %6s %6s %9s %9s %7s %16s\n",
		"power cuts of", "calls", "cuts", "states", "distinct", "broken", "longest recovery")
	for _, scenario := range sorted(lines.rows) {
		for _, row := range lines.rows[scenario] {
			_, _ = fmt.Fprintln(t.Output(), row)
		}
	}
}

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
