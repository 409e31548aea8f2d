package secrets

import (
	"context"
	"fmt"
	"time"

	"github.com/empowersuite/backend-installer/installer/explain"
	"github.com/empowersuite/backend-installer/installer/graph"
	"github.com/empowersuite/backend-installer/installer/progress"
	"github.com/empowersuite/backend-installer/installer/report"
	"github.com/empowersuite/backend-installer/installer/session"
	"github.com/empowersuite/backend-installer/installer/site"
)

// Request says whose secrets to list, and with whose rights.
type Request struct {
	Environment string
	SignIn      SignIn
	Alone       bool // it needs no person; of PayOwed
}

// List tells every client secret of the environment's application. It changes
// nothing, here and there.
func List(ctx context.Context, deps session.Deps, req Request) (report.Report, error) {
	r := report.Report{RunID: deps.RunID, Environment: req.Environment, Result: report.Failed}
	here, err := deps.Open(req.Environment)
	if err != nil {
		return r, err
	}
	r.Product, r.Version = here.Installation.Product, here.Installation.Version
	a, err := look(ctx, deps, here, req.SignIn)
	if err == nil {
		err = a.connect(ctx, deps)
	}
	if err != nil {
		return r, err
	}
	app, err := a.application(ctx, deps, "list the client secrets")
	if err != nil {
		return r, err
	}
	all := here.Identify(app.Credentials, a.value)
	r.Application = told(app, all)
	r.Warnings = warnings(here, a, all, app.Now)
	r.Result = report.Healthy
	if len(r.Warnings) > 0 {
		r.Result = report.Attention
	}
	for _, w := range r.Warnings {
		deps.Progress.Say(progress.Warning, w)
	}
	return r, nil
}

func (a *access) application(ctx context.Context, deps session.Deps, attempt string) (graph.Application, error) {
	var app graph.Application
	err := patiently(ctx, deps, repeatable, func() error {
		var err error
		app, err = a.directory.Application(ctx, a.question.ClientID)
		return err
	})
	return app, explain.Graph(err, attempt)
}

// told is the application for the report.
func told(app graph.Application, all []site.Identified) *report.Application {
	shown := &report.Application{ID: app.ObjectID, ClientID: app.ClientID, Name: app.Name, Credentials: []report.Registered{}}
	for _, c := range all {
		r := report.Registered{
			ID: c.KeyID, Name: c.Name, Hint: c.Hint, Use: string(c.Use), Starts: known(c.Start), Expires: known(c.End),
			Expired: expired(c.Credential, app.Now),
		}
		if !c.End.IsZero() {
			left := daysLeft(c.End, app.Now)
			r.DaysLeft = &left
		}
		if c.ByHint {
			r.By = append(r.By, "hint")
		}
		if c.Recorded {
			r.By = append(r.By, "recorded ID")
		}
		shown.Credentials = append(shown.Credentials, r)
	}
	return shown
}

func known(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func expired(c graph.Credential, now time.Time) bool { return !c.End.IsZero() && !now.Before(c.End) }

// daysLeft are whole days, rounded down.
func daysLeft(end, now time.Time) int {
	const day = 24 * time.Hour
	left := end.Sub(now)
	days := int(left / day)
	if left%day < 0 {
		days--
	}
	return days
}

// warnings are what is to be looked at.
func warnings(here site.Site, a access, all []site.Identified, now time.Time) []string {
	if a.value.IsZero() {
		return []string{"the configuration holds no client secret"}
	}
	var said []string
	uses, recorded := map[site.Use]int{}, false
	for _, c := range all {
		uses[c.Use]++
		recorded = recorded || c.Recorded
		if c.Use == site.InUse && expired(c.Credential, now) {
			said = append(said, "the client secret in use has expired")
		}
	}
	switch {
	case uses[site.InUse] > 0:
	case uses[site.Unclear] > 0:
		said = append(said, fmt.Sprintf("which of %d client secrets is in use cannot be told by their hints", uses[site.Unclear]))
	default:
		said = append(said, "the client secret in the file is none of the application's: it was removed, is of another application, or Microsoft Graph is behind")
	}
	if id := here.RecordedID(a.value); id != "" && !recorded {
		said = append(said, "the client secret "+id+", which was recorded as the one in use, is not listed: it was removed, or Microsoft Graph is behind")
	}
	return said
}
