package report

import (
	"fmt"
	"strings"
	"time"

	"github.com/empowersuite/backend-installer/installer/eventlog"
	"github.com/empowersuite/backend-installer/installer/fault"
)

// expiresSoon is how long before its last day a client secret is warned of.
const expiresSoon = 30 * 24 * time.Hour

// Run is the run that events tell of.
type Run struct {
	Command     string
	Environment string
	ID          string
	Log         string // the path of its log; "" for none
	Begun       bool   // it has begun to change the installation
}

// Began is that a change begins.
func Began(run Run) eventlog.Event {
	return run.event(eventlog.Started, run.Command+" begins to change"+run.of())
}

// Recovering is that what an earlier run left was put right, in the words of that.
func Recovering(run Run, said string) eventlog.Event {
	return run.event(eventlog.Recovered, run.Command+" recovered"+run.of(), said)
}

// Ended are the events of a run's end; none for one that changed nothing because
// nothing was to be changed. What a recovery did was told of by Recovering.
func Ended(run Run, r Report, problem *fault.Error, now time.Time) []eventlog.Event {
	if run.Environment == "" {
		run.Environment = r.Environment
	}
	if problem != nil {
		return []eventlog.Event{run.problem(problem)}
	}
	var all []eventlog.Event
	switch {
	case run.Command == "recover":
	case r.Result == Changed:
		all = append(all, run.event(eventlog.Changed, run.Command+" changed"+run.of(), changes(r)...))
	case r.Result == RolledBack:
		all = append(all, run.event(eventlog.RolledBack, run.Command+" put the change of"+run.of()+" back"))
	}
	if r.Credential != nil && len(all) > 0 {
		all = append(all, run.expiry(r.Credential.Expires, now)...)
	}
	return all
}

// problem is a failure: put back where a change had begun and everything old
// stands.
func (run Run) problem(problem *fault.Error) eventlog.Event {
	id, first := eventlog.Failed, run.Command+" failed"+run.in()
	if problem.Code == fault.RolledBack || run.Begun && problem.Code == fault.Cancelled {
		id, first = eventlog.RolledBack, run.Command+" put the change of"+run.of()+" back"
	}
	return run.event(id, first, problem.Error(),
		"fix: "+problem.Remedy, fmt.Sprintf("code: %s, exit status %d", problem.Code, problem.Code.Exit()))
}

// expiry warns of a last day that is near or over.
func (run Run) expiry(last string, now time.Time) []eventlog.Event {
	day, err := time.Parse(time.DateOnly, last)
	if err != nil || day.Sub(now) > expiresSoon {
		return nil
	}
	return []eventlog.Event{run.event(eventlog.Expiry, "the client secret of"+run.of()+" expires on "+last,
		"fix: create a new client secret in the portal, and run installer configure")}
}

func changes(r Report) []string {
	var lines []string
	if r.Product != "" {
		lines = append(lines, "release: "+r.Product+" "+r.Version)
	}
	if c := r.Credential; c != nil {
		lines = append(lines, "client secret: fingerprint "+c.Fingerprint+", validation "+c.Validation)
	}
	for _, id := range r.Retired {
		lines = append(lines, "removed client secret: "+id)
	}
	for _, f := range r.Files {
		lines = append(lines, "file: "+f.Path)
	}
	for _, s := range r.Services {
		lines = append(lines, "service: "+s.Name+", "+strings.TrimSuffix(s.State+", "+s.Action, ", "))
	}
	return lines
}

func (run Run) of() string {
	if run.Environment == "" {
		return " an environment"
	}
	return " the environment " + run.Environment
}

func (run Run) in() string {
	if run.Environment == "" {
		return ""
	}
	return " in" + run.of()
}

func (run Run) event(id eventlog.ID, first string, more ...string) eventlog.Event {
	lines := append([]string{first}, more...)
	lines = append(lines, "run: "+run.ID)
	if run.Log != "" {
		lines = append(lines, "log: "+run.Log)
	}
	return eventlog.Event{ID: id, Environment: run.Environment, Run: run.ID, Text: strings.Join(lines, "\n")}
}
