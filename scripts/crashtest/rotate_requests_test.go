//go:build faults && linux && amd64

package crashtest_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
	"sync"
	"time"
)

// What is done to a request.
const (
	killUnserved = "kill unserved" // it was not served, and the program is dead
	killServed   = "kill served"   // it was served, the answer is lost, and the program is dead
	cutUnserved  = "cut unserved"  // the connection ends, and it was not served
	cutServed    = "cut served"    // the connection ends, and it was served
)

func ends() []string { return []string{killUnserved, killServed, cutUnserved, cutServed} }

// requests ends every request of the command, and then those of the run that follows
// on a kill, from the request on that makes a client secret.
func (m *rotation) requests() {
	m.Helper()
	first := m.requestJobs(nil, ends())
	m.each(first, func(r *rotor, j job) { m.atRequest(r, nil, j) })
	m.report(m.name, len(first)/len(ends()))
	m.tally = map[string]*tally{}
	points, kills, making := 0, []string{killUnserved, killServed}, false
	for _, before := range first {
		making = making || strings.HasSuffix(before.what, "/addPassword")
		if !making || before.fault.name != killServed {
			continue
		}
		second := m.requestJobs(&before, kills)
		points += len(second) / len(kills)
		m.each(second, func(r *rotor, j job) { m.atRequest(r, &before, j) })
	}
	m.report(m.name+" after a kill", points)
	if m.broken > 0 {
		m.Errorf("%s: %d cases are broken", m.name, m.broken)
	}
}

// requestJobs are the cases of a run: the first, or the one after a kill.
func (m *rotation) requestJobs(before *job, ends []string) []job {
	m.Helper()
	r := m.rotors[0]
	err := r.lay(before)
	o, met, runErr := r.requested(0, "")
	if err = errors.Join(err, runErr); err != nil || o.Exit != 0 {
		m.Fatalf("exit status %d, %v\n%s%s", o.Exit, err, o.stdout, o.stderr)
	}
	var jobs []job
	for i, what := range met {
		for _, end := range ends {
			j := job{args: rotate(), number: i + 1, what: what, fault: fault{name: end}}
			if before != nil {
				j.from = fmt.Sprintf("after a kill at request %d", before.number)
			}
			jobs = append(jobs, j)
		}
	}
	return jobs
}

// lay lays everything old out, or what a kill left of it.
func (r *rotor) lay(before *job) error {
	err := r.reset()
	if err != nil || before == nil {
		return err
	}
	o, _, err := r.requested(before.number, before.fault.name)
	if err == nil && !o.Killed {
		err = fmt.Errorf("it was not killed at request %d", before.number)
	}
	return err
}

func (m *rotation) atRequest(r *rotor, before *job, j job) {
	var v verdict
	err := r.lay(before)
	o, met, runErr := r.requested(j.number, j.fault.name)
	v.took = o.Took
	switch err = errors.Join(err, runErr); {
	case err != nil:
		v.say("%v", err)
	case len(met) < j.number || met[j.number-1] != j.what:
		v.say("request %d was not met: %q", j.number, met)
	default:
		r.judgeCut(&v)
		if !o.Killed {
			r.judgeTold(&v, o, false)
		}
		r.judgeNextRuns(&v)
	}
	m.note(j, &injector{}, v)
}

// requested runs the command, ends its request of a number, and returns what it
// asked for.
func (r *rotor) requested(number int, end string) (outcome, []string, error) {
	ctx, cancel := context.WithTimeout(r.Context(), patience)
	defer cancel()
	cmd, streams := r.command(ctx, rotate())
	e := &ending{number: number, end: end, dead: make(chan struct{}), kill: func() { _ = cmd.Process.Kill() }} // it is there: it asks
	began := time.Now()
	err := r.halt(e.serve, cmd.Start)
	if err == nil {
		err = cmd.Wait()
	}
	close(e.dead)
	_ = r.halt(nil, func() error { return nil })
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return outcome{}, e.met, fmt.Errorf("run %q: %w", rotate(), err)
	}
	o := streams()
	o.Exit, o.Took, o.Overdue = cmd.ProcessState.ExitCode(), time.Since(began), ctx.Err() != nil
	o.Killed = o.Exit < 0 && !o.Overdue
	return o, e.met, nil
}

// halt sets what stands before the emulator; no request passes until then has ended.
func (r *rotor) halt(stop func(http.ResponseWriter, *http.Request, http.Handler), then func() error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stop = stop
	return then()
}

// ending ends one request of a program.
type ending struct {
	number int
	end    string
	kill   func()
	dead   chan struct{} // closed once the program is

	mu  sync.Mutex
	met []string
}

func (e *ending) serve(w http.ResponseWriter, req *http.Request, next http.Handler) {
	e.mu.Lock()
	e.met = append(e.met, req.Method+" "+req.URL.Path)
	here := len(e.met) == e.number
	e.mu.Unlock()
	if !here {
		next.ServeHTTP(w, req)
		return
	}
	if e.end == killServed || e.end == cutServed {
		next.ServeHTTP(httptest.NewRecorder(), req)
	}
	if e.end == killServed || e.end == killUnserved {
		e.kill()
		<-e.dead
	}
	panic(http.ErrAbortHandler)
}
