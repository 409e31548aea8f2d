package report_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/eventlog"
	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/report"
)

func today() time.Time { return time.Date(2026, 11, 26, 9, 30, 0, 0, time.UTC) }

func aRun(command string) report.Run {
	return report.Run{Command: command, Environment: "PROD", ID: "run-1", Log: "/state/PROD/log/installer.log"}
}

// ids are the IDs of events, each of which names the run and its log.
func ids(t *testing.T, events []eventlog.Event) []eventlog.ID {
	t.Helper()
	var all []eventlog.ID
	for _, e := range events {
		all = append(all, e.ID)
		if e.Run != "run-1" || e.Environment != "PROD" || !strings.HasSuffix(e.Text, "\nrun: run-1\nlog: /state/PROD/log/installer.log") {
			t.Errorf("event %d: got %+v, want the run and its log", e.ID, e)
		}
	}
	return all
}

func TestEachEndOfARunHasItsEvents(t *testing.T) {
	begun := aRun("configure")
	begun.Begun = true
	failed := func(code fault.Code) *fault.Error { return fault.New(code, "what happened", "do this") }
	for name, c := range map[string]struct {
		run     report.Run
		result  report.Report
		problem *fault.Error
		want    []eventlog.ID
	}{
		"changed":                       {begun, report.Report{Result: report.Changed}, nil, []eventlog.ID{eventlog.Changed}},
		"unchanged":                     {aRun("configure"), report.Report{Result: report.Unchanged}, nil, nil},
		"rolled back":                   {begun, report.Report{Result: report.RolledBack}, failed(fault.RolledBack), []eventlog.ID{eventlog.RolledBack}},
		"not rolled back":               {begun, report.Report{Result: report.Failed}, failed(fault.RollbackFailed), []eventlog.ID{eventlog.Failed}},
		"refused":                       {aRun("configure"), report.Report{Result: report.Failed}, failed(fault.SecretRejected), []eventlog.ID{eventlog.Failed}},
		"cancelled before it began":     {aRun("configure"), report.Report{Result: report.Failed}, failed(fault.Cancelled), []eventlog.ID{eventlog.Failed}},
		"cancelled and put back":        {begun, report.Report{Result: report.Failed}, failed(fault.Cancelled), []eventlog.ID{eventlog.RolledBack}},
		"put back by confirm --undo":    {aRun("confirm"), report.Report{Result: report.RolledBack}, nil, []eventlog.ID{eventlog.RolledBack}},
		"recovered, which was told of":  {aRun("recover"), report.Report{Result: report.Changed}, nil, nil},
		"reverted, which was told of":   {aRun("recover"), report.Report{Result: report.RolledBack}, nil, nil},
		"a recovery that did not":       {aRun("recover"), report.Report{Result: report.Failed}, failed(fault.RollbackFailed), []eventlog.ID{eventlog.Failed}},
		"a secret that expires soon":    {begun, expiring("2026-12-20"), nil, []eventlog.ID{eventlog.Changed, eventlog.Expiry}},
		"a secret that expires later":   {begun, expiring("2027-05-20"), nil, []eventlog.ID{eventlog.Changed}},
		"a secret whose end is unknown": {begun, expiring(""), nil, []eventlog.ID{eventlog.Changed}},
	} {
		got := ids(t, report.Ended(c.run, c.result, c.problem, today()))
		if len(got) != len(c.want) {
			t.Errorf("%s: got %v, want %v", name, got, c.want)
			continue
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("%s: got %v, want %v", name, got, c.want)
			}
		}
	}
}

func expiring(day string) report.Report {
	return report.Report{Result: report.Changed, Credential: &report.Credential{Expires: day, Fingerprint: "9f86d081-884c7d65", Validation: "proven"}}
}

func TestAFailureTellsWhatAndTheRemedy(t *testing.T) {
	problem := fault.Wrap(fault.SecretRejected, errors.New("AADSTS7000215"), "Entra ID refused the secret", "create a new one")
	e := report.Ended(aRun("configure"), report.Report{}, problem, today())[0]
	want := "configure failed in the environment PROD\nEntra ID refused the secret: AADSTS7000215\n" +
		"fix: create a new one\ncode: secret-rejected, exit status 10\nrun: run-1\nlog: /state/PROD/log/installer.log"
	if e.Text != want {
		t.Errorf("got %q, want %q", e.Text, want)
	}
}

func TestAChangeTellsWhatChanged(t *testing.T) {
	e := report.Ended(aRun("configure"), report.Report{
		Result: report.Changed, Product: "empower-backend", Version: "9.7.0", Retired: []string{"aaaaaaaa-0000-4000-8000-000000000001"},
		Files:    []report.File{{Path: "/etc/app.json"}},
		Services: []report.Service{{Name: "web", State: "running", Action: "restarted"}, {Name: "job", State: "stopped"}},
	}, nil, today())[0]
	for _, want := range []string{
		"configure changed the environment PROD\n", "release: empower-backend 9.7.0\n", "file: /etc/app.json\n",
		"removed client secret: aaaaaaaa-0000-4000-8000-000000000001\n",
		"service: web, running, restarted\n", "service: job, stopped\n",
	} {
		if !strings.Contains(e.Text, want) {
			t.Errorf("got %q, want %q in it", e.Text, want)
		}
	}
}

func TestTheEnvironmentMayBecomeKnownAtTheEnd(t *testing.T) {
	run := report.Run{Command: "adopt", ID: "run-1"}
	if got, want := report.Began(run).Text, "adopt begins to change an environment\nrun: run-1"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	e := report.Ended(run, report.Report{Result: report.Changed, Environment: "TEST"}, nil, today())[0]
	if e.Environment != "TEST" || !strings.HasPrefix(e.Text, "adopt changed the environment TEST\n") {
		t.Errorf("got %+v", e)
	}
	e = report.Ended(run, report.Report{}, fault.New(fault.Usage, "no such file", "name a file"), today())[0]
	if !strings.HasPrefix(e.Text, "adopt failed\nno such file\n") {
		t.Errorf("got %+v", e)
	}
}

func TestARecoveryTellsWhatBecameOfIt(t *testing.T) {
	e := report.Recovering(aRun("configure"), "everything old stands now")
	if got := ids(t, []eventlog.Event{e}); got[0] != eventlog.Recovered || !strings.Contains(e.Text, "\neverything old stands now\n") {
		t.Errorf("got %+v", e)
	}
}
