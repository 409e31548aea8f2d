// Package status tells what is installed and how it does, without asking
// Entra ID and without changing anything.
package status

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/empowersuite/backend-installer/installer/explain"
	"github.com/empowersuite/backend-installer/installer/preflight"
	"github.com/empowersuite/backend-installer/installer/progress"
	"github.com/empowersuite/backend-installer/installer/report"
	"github.com/empowersuite/backend-installer/installer/rollout"
	"github.com/empowersuite/backend-installer/installer/session"
	"github.com/empowersuite/backend-installer/installer/settings"
	"github.com/empowersuite/backend-installer/installer/site"
)

// Request says what to tell about.
type Request struct {
	Environment string
}

// Run looks. Configuration files that cannot be read are warnings: a status
// that fails when things are bad is of no use.
func Run(ctx context.Context, deps session.Deps, req Request) (report.Report, error) {
	r := report.Report{RunID: deps.RunID, Environment: req.Environment, Result: report.Failed}
	here, err := deps.Open(req.Environment)
	if err != nil {
		return r, err
	}
	r.Product, r.Version = here.Installation.Product, here.Installation.Version
	files := tellFiles(&r, here)
	found := tellServices(ctx, &r, deps, here)
	tellExposures(ctx, &r, deps, files, found)
	tellRecord(&r, deps, here)
	if ctx.Err() != nil {
		return r, explain.Cancelled(context.Cause(ctx))
	}
	r.Result = report.Healthy
	if len(r.Warnings) > 0 {
		r.Result = report.Attention
	}
	for _, w := range r.Warnings {
		deps.Progress.Say(progress.Warning, w)
	}
	return r, nil
}

func tellFiles(r *report.Report, here site.Site) []site.File {
	files, err := here.ReadFiles()
	if err != nil {
		r.Warnings = append(r.Warnings, explain.Files(err).Error())
	}
	for _, f := range files {
		r.Files = append(r.Files, report.File{Path: f.Path})
	}
	value, held := here.Value(files, settings.ClientSecret)
	switch {
	case !held:
	case value.IsZero():
		r.Warnings = append(r.Warnings, "the configuration holds no client secret")
	default:
		r.Credential = &report.Credential{Fingerprint: here.Fingerprint(value)}
	}
	return files
}

// tellExposures says which files show a secret to many.
func tellExposures(ctx context.Context, r *report.Report, deps session.Deps, files []site.File, found []rollout.Found) {
	readable := slices.DeleteFunc(slices.Clone(files), func(f site.File) bool { return f.Content.Real == "" }) // the others were told of
	exposed, err := preflight.Exposures(ctx, readable, found, deps.Host)
	if err != nil {
		r.Warnings = append(r.Warnings, err.Error())
	}
	for _, e := range exposed {
		r.Warnings = append(r.Warnings, preflight.Exposed(e))
	}
}

func tellServices(ctx context.Context, r *report.Report, deps session.Deps, here site.Site) []rollout.Found {
	found, err := deps.Survey(ctx, here.Installation)
	if err != nil {
		r.Warnings = append(r.Warnings, err.Error())
	}
	for _, s := range found {
		state := string(s.State.Activity)
		switch {
		case !s.State.Exists:
			state = "unknown"
		case s.Running && !s.Healthy:
			state += ", not healthy"
		}
		if !s.Healthy {
			r.Warnings = append(r.Warnings, fmt.Sprintf("the service %s is %s", s.Name, state))
		}
		r.Services = append(r.Services, report.Service{Name: s.Name, State: state, Detail: s.State.Detail})
	}
	return found
}

func tellRecord(r *report.Report, deps session.Deps, here site.Site) {
	record := here.Record
	if c := record.Credential; c != nil {
		if r.Credential == nil {
			r.Credential = &report.Credential{}
		}
		r.Credential.ID, r.Credential.Expires, r.Credential.Validation = c.ID, c.Expires, c.Validation
		if c.ExpiredBy(deps.Now()) {
			r.Warnings = append(r.Warnings, "the recorded last day of the client secret is over")
		}
	}
	if owed := record.RestartOwed; owed != nil {
		r.Warnings = append(r.Warnings, fmt.Sprintf("a restart is owed since %s: %s",
			owed.Since.Format("2006-01-02 15:04"), strings.Join(owed.Services, ", ")))
		r.Next = append(r.Next, deps.Hint("configure", here.Installation.Environment)+" --restart-pending")
	}
	for _, path := range session.Orphans(here) {
		r.Warnings = append(r.Warnings, "an earlier run left "+path+", which may hold a secret; installer recover removes it")
	}
	if said := session.Unfinished(deps, here.Folder); said != "" {
		r.Warnings = append(r.Warnings, said)
	}
}
