//go:build faults && linux && amd64

package crashtest_test

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/empowersuite/backend-installer/scripts/tracer"
)

// TestARotationThatIsCutOffLosesNoSecret makes system calls of configure --rotate
// fail and be the last, and then its requests. Before the next run, every secret in
// use must be accepted, and whatever was made known; the next run must leave one
// secret in use, none besides and nothing behind.
func TestARotationThatIsCutOffLosesNoSecret(t *testing.T) {
	withoutSystemd(t)
	s := newStage(t)
	var rotors []*rotor
	const each = 2 // some cases wait for half a minute
	for i := range each * runtime.GOMAXPROCS(0) {
		rotors = append(rotors, s.newRotor(fmt.Sprintf("rotor-%d", i)))
	}
	t.Run("system calls", func(t *testing.T) { newRotation(t, rotors, "rotate").systemCalls() })
	t.Run("requests", func(t *testing.T) { newRotation(t, rotors, "requests of rotate").requests() })
}

// rotation is all cases of the command.
type rotation struct {
	matrix

	rotors []*rotor
}

func newRotation(t *testing.T, rotors []*rotor, name string) *rotation {
	t.Helper()
	mine := *rotors[0].stage
	mine.T = t
	for _, r := range rotors {
		r.T = t
	}
	return &rotation{matrix: matrix{stage: &mine, scenario: scenario{name: name}, tally: map[string]*tally{}}, rotors: rotors}
}

// each carries cases out on every host at once.
func (m *rotation) each(jobs []job, one func(*rotor, job)) {
	queue := make(chan job)
	var workers sync.WaitGroup
	for _, r := range m.rotors {
		workers.Go(func() {
			for j := range queue {
				one(r, j)
			}
		})
	}
	for _, j := range jobs {
		queue <- j
	}
	close(queue)
	workers.Wait()
}

func (m *rotation) systemCalls() {
	m.Helper()
	r := m.rotors[0]
	var seen recorder
	if err := r.reset(); err != nil {
		m.Fatal(err)
	}
	o, err := r.trace(rotate(), &seen)
	if err != nil || o.Exit != 0 {
		m.Fatalf("exit status %d, %v\n%s%s", o.Exit, err, o.stdout, o.stderr)
	}
	m.each(sampled(seen.calls, r.root), m.atCall)
	m.report(m.name, len(seen.calls))
	if m.broken > 0 {
		m.Errorf("%s: %d cases are broken", m.name, m.broken)
	}
}

// sampled are the cases: a kill before each call, but for those into the log and the
// streams, of which there is one for each place; and of the other faults one for each
// call of another name, in turn.
func sampled(calls []tracer.Call, root string) []job {
	var all []job
	turn, met := 0, map[string]bool{}
	for i := range calls {
		c := &calls[i]
		what := name(c, root)
		j := job{args: rotate(), number: c.Number, what: what}
		quiet := c.Stream() || logs(c.Path)
		if !quiet || !met[what] {
			faults := faultsFor(c)
			if at := slices.IndexFunc(faults, func(f fault) bool { return f.Act == tracer.KillBefore }); at >= 0 {
				j.fault = faults[at]
				all = append(all, j)
				faults = slices.DeleteFunc(faults, func(f fault) bool { return f.Act == tracer.KillBefore || f.Act == tracer.KillAfter })
			}
			if n := len(faults); n > 0 && (!met[what] || known(c.Path)) {
				j.fault = faults[turn%n]
				all = append(all, j)
				turn++
			}
		}
		met[what] = true
	}
	return all
}

// known tells the files from which the next run knows what was begun.
func known(path string) bool {
	return strings.Contains(path, "credentials.json") || strings.Contains(path, "/handed")
}

func (m *rotation) atCall(r *rotor, j job) {
	var v verdict
	i, o, err := m.meetAt(r, j)
	v.took = o.Took
	if err != nil {
		v.say("%v", err)
		m.note(j, i, v)
		return
	}
	r.judgeCut(&v)
	if !o.Killed {
		r.judgeTold(&v, o, i.fault.harmless(i.met))
	}
	r.judgeNextRuns(&v)
	m.note(j, i, v)
}

// meetAt carries the run with the fault out, as matrix.meet does.
func (m *rotation) meetAt(r *rotor, j job) (*injector, outcome, error) {
	const meetings = 5
	var i *injector
	for range meetings {
		i = &injector{root: r.root, number: j.number, what: j.what, fault: j.fault}
		if err := r.reset(); err != nil {
			return i, outcome{}, err
		}
		o, err := r.trace(j.args, i)
		if err != nil || i.met != nil && !i.moved {
			return i, o, err
		}
	}
	return i, outcome{}, fmt.Errorf("the call was not met in %d runs", meetings)
}
