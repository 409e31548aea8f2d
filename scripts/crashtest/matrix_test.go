//go:build faults && linux && amd64

// Package crashtest proves on the real program that a change cannot be half-done.
//
// Each case lays a backend's files out anew, in memory, runs the program under
// package tracer with one fault at one of its system calls, and then looks at the
// whole tree: a run that ended by itself must have told the truth by its exit
// status; after a recovery everything old stands or everything new, with owners,
// modes, attributes and links, what runs has read just that, and no file is left;
// and the change can be made then. The services are a shell script that notes what
// it read when it was started.
package crashtest_test

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/empowersuite/backend-installer/scripts/tracer"
)

// TestEverySystemCallThatWritesMayFailOrBeTheLast tries every fault at every
// call that writes, of configure, install and a roll-back, and at every such
// call of a recovery that kills every recovery from a kill. EMPOWER_BIN is the
// folder of the installer; make faults runs it.
func TestEverySystemCallThatWritesMayFailOrBeTheLast(t *testing.T) {
	s := newStage(t)
	var hosts []*host
	for i := range runtime.GOMAXPROCS(0) {
		hosts = append(hosts, s.newHost(fmt.Sprintf("host-%d", i)))
	}
	for _, of := range scenarios() {
		t.Run(of.name, func(t *testing.T) {
			s.T = t
			newMatrix(hosts, of).run()
		})
	}
}

// matrix is all cases of one scenario.
type matrix struct {
	*stage
	scenario

	benches []*bench

	mu     sync.Mutex
	tally  map[string]*tally
	left   map[string]job // a kill that leaves a journal, by the journal's records
	broken int
}

func newMatrix(hosts []*host, of scenario) *matrix {
	m := &matrix{stage: hosts[0].stage, scenario: of, tally: map[string]*tally{}, left: map[string]job{}}
	for _, h := range hosts {
		m.benches = append(m.benches, h.bench(of))
	}
	return m
}

// job is one case.
type job struct {
	from   string // the records of the journal that the run begins with; "" for the old state
	args   []string
	number int
	what   string
	fault  fault
}

func (m *matrix) run() {
	m.Helper()
	calls := m.count("", m.args, m.exit)
	m.all(m.jobs(calls, job{args: m.args}, faultsFor))
	m.report(m.name, len(calls))
	if recovers(m.name) {
		m.recoveries()
	} else {
		m.Logf("recovery of %s: not killed here, see FAULTS_RECOVERIES", m.name)
	}
	if m.broken > 0 {
		m.Errorf("%s: %d cases are broken", m.name, m.broken)
	}
}

// recovers reports whether the recoveries of a scenario are killed, too: of all
// scenarios, or of those that FAULTS_RECOVERIES names, separated by commas. They are
// most of the cases, and each of them takes three runs of the program.
func recovers(scenario string) bool {
	named := os.Getenv("FAULTS_RECOVERIES")
	return named == "" || slices.Contains(strings.Split(named, ","), scenario)
}

// count records the calls of a run, and makes sure that another run makes the
// same ones in the same order.
func (m *matrix) count(from string, args []string, exits ...int) []tracer.Call {
	m.Helper()
	b := m.benches[0]
	var seen [2]recorder
	for i := range seen {
		if err := m.reset(b, from); err != nil {
			m.Fatal(err)
		}
		o, err := b.trace(args, &seen[i])
		if err != nil || !slices.Contains(exits, o.Exit) {
			m.Fatalf("installer %q: exit status %d, want one of %d: %v\n%s%s", args, o.Exit, exits, err, o.stdout, o.stderr)
		}
	}
	one, other := names(seen[0].calls, b.root), names(seen[1].calls, b.root)
	if !slices.Equal(one, other) {
		m.Errorf("two runs made different calls: %s", difference(one, other))
	}
	return seen[0].calls
}

func difference(one, other []string) string {
	for i, name := range one {
		if i >= len(other) || other[i] != name {
			return fmt.Sprintf("%d of %d is %q, of %d %q", i+1, len(one), name, len(other), other[min(i, len(other)-1)])
		}
	}
	return fmt.Sprintf("the first %d of %d are the same", len(one), len(other))
}

// jobs are all faults of all calls.
func (m *matrix) jobs(calls []tracer.Call, like job, faults func(*tracer.Call) []fault) []job {
	var all []job
	for i := range calls {
		for _, f := range faults(&calls[i]) {
			j := like
			j.number, j.what, j.fault = calls[i].Number, name(&calls[i], m.benches[0].root), f
			all = append(all, j)
		}
	}
	return all
}

// all carries cases out on every host at once.
func (m *matrix) all(jobs []job) {
	queue := make(chan job)
	var workers sync.WaitGroup
	for _, b := range m.benches {
		workers.Go(func() {
			for j := range queue {
				m.one(b, j)
			}
		})
	}
	for _, j := range jobs {
		queue <- j
	}
	close(queue)
	workers.Wait()
}

func (m *matrix) one(b *bench, j job) {
	var v verdict
	i, o, err := m.meet(b, j)
	v.took = o.Took
	switch {
	case err != nil:
		v.say("%v", err)
	case o.Killed && j.from == "":
		m.keep(b, j)
	case !o.Killed:
		b.judgeEnd(&v, i, o)
	}
	if err == nil {
		b.judgeAfter(&v, !o.Killed, o.Exit)
	}
	m.note(j, i, v)
}

// meet carries the run with the fault out. Threads may change places, so that a
// call has another number than it had: then it is tried again.
func (m *matrix) meet(b *bench, j job) (*injector, outcome, error) {
	const meetings = 5
	var i *injector
	for range meetings {
		i = &injector{root: b.root, number: j.number, what: j.what, fault: j.fault}
		if err := m.reset(b, j.from); err != nil {
			return i, outcome{}, err
		}
		o, err := b.trace(j.args, i)
		if err != nil || i.met != nil && !i.moved {
			return i, o, err
		}
	}
	return i, outcome{}, fmt.Errorf("the call was not met in %d runs", meetings)
}

// reset lays out the old state, or what a kill left of it. A journal names the
// host's own paths, so each host is killed itself, once for each journal.
func (m *matrix) reset(b *bench, from string) error {
	if from == "" {
		return b.old.write(b.tree)
	}
	left, known := b.left[from]
	if known {
		return left.write(b.tree)
	}
	m.mu.Lock()
	how := m.left[from]
	m.mu.Unlock()
	_, _, err := m.meet(b, how)
	if got := b.journaled(); err == nil && got != from {
		err = fmt.Errorf("the kill that left %q left %q", from, got)
	}
	if err == nil {
		b.left[from], err = readTree(b.tree)
	}
	return err
}

// recoveries kills the recovery of each kind of journal that a kill left, at
// each of its calls.
func (m *matrix) recoveries() {
	m.Helper()
	var states []string
	for state := range m.left {
		states = append(states, state)
	}
	slices.Sort(states)
	m.tally = map[string]*tally{}
	points := 0
	var jobs []job
	for _, state := range states {
		calls := m.count(state, m.recovery(), m.recovered(m.scenario)...)
		points += len(calls)
		jobs = append(jobs, m.jobs(calls, job{from: state, args: m.recovery()}, killsFor)...)
	}
	m.all(jobs)
	m.report(fmt.Sprintf("recovery of %s, from %d journals", m.name, len(states)), points)
}

// killsFor are the kills of a recovery. One after a call leaves what one before
// the next call leaves, but for programs that run in between, and those are
// announced in the log, by a call of its own.
func killsFor(c *tracer.Call) []fault {
	return slices.DeleteFunc(faultsFor(c), func(f fault) bool { return f.Errno != 0 || f.Act == tracer.KillAfter })
}

// keep notes a kill, once for each sequence of records that it leaves.
func (m *matrix) keep(b *bench, j job) {
	state := b.journaled()
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, known := m.left[state]; !known {
		m.left[state] = j
	}
}
