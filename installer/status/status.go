// Package status tells what is installed and how it does, without asking
// Entra ID and without changing anything.
package status

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/empowersuite/backend-installer/installer/explain"
	"github.com/empowersuite/backend-installer/installer/fault"
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

// All looks at environments one after the other. One that cannot be told of is
// among them with why, and no reason to leave the others out.
func All(ctx context.Context, deps session.Deps, environments []string) (report.Report, error) {
	all := report.Report{RunID: deps.RunID, Result: report.Healthy, Environments: []report.Report{}}
	for _, name := range environments {
		of := deps
		of.Progress = func(e progress.Event) {
			e.Text = name + ": " + e.Text
			deps.Progress.Emit(e)
		}
		r, err := Run(ctx, of, Request{Environment: name})
		if ctx.Err() != nil {
			all.Result = report.Failed
			return all, err
		}
		if err != nil {
			problem := fault.Of(err)
			r.Code, r.What, r.Remedy = string(problem.Code), problem.Error(), problem.Remedy
			of.Progress.Say(progress.Warning, r.What)
		}
		if r.Result != report.Healthy {
			all.Result = report.Attention
		}
		r.RunID = ""
		all.Environments = append(all.Environments, r)
	}
	return all, nil
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
	tellShadows(&r, files, found)
	tellExposures(ctx, &r, deps, files, found)
	tellCredential(&r, deps, here, files)
	tellLeft(&r, deps, here)
	tellLedger(&r, deps, here)
	tellHanded(&r, deps, here)
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
	if value, held := here.Value(files, settings.ClientSecret); held && value.IsZero() {
		r.Warnings = append(r.Warnings, "the configuration holds no client secret")
	}
	return files
}

// tellShadows says what overrides the files.
func tellShadows(r *report.Report, files []site.File, found []rollout.Found) {
	findings := preflight.Overridden(files, found)
	for _, p := range findings.Problems {
		r.Shadows = append(r.Shadows, p.What)
		r.Next = append(r.Next, p.Remedy)
	}
	r.Warnings = append(r.Warnings, r.Shadows...)
	r.Warnings = append(r.Warnings, findings.Warnings...)
}

// tellExposures says which files show a secret to many.
func tellExposures(ctx context.Context, r *report.Report, deps session.Deps, files []site.File, found []rollout.Found) {
	readable := slices.DeleteFunc(slices.Clone(files), func(f site.File) bool { return f.Content.Real == "" }) // the others were told of
	exposed, err := preflight.Exposures(ctx, readable, found, deps.Host)
	if err != nil {
		r.Warnings = append(r.Warnings, err.Error())
	}
	for _, e := range exposed {
		r.Exposed = append(r.Exposed, report.Exposure{Path: e.Path, Readers: e.Readers})
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

// tellLeft says what earlier runs left to do.
func tellLeft(r *report.Report, deps session.Deps, here site.Site) {
	if owed := here.Record.RestartOwed; owed != nil {
		r.RestartOwed = &report.Owed{Services: owed.Services, Since: owed.Since}
		r.Warnings = append(r.Warnings, fmt.Sprintf("a restart is owed since %s: %s",
			owed.Since.Format("2006-01-02 15:04"), strings.Join(owed.Services, ", ")))
		r.Next = append(r.Next, deps.Hint("configure", here.Installation.Environment)+" --restart-pending")
	}
	r.Orphans = session.Orphans(here)
	for _, path := range r.Orphans {
		r.Warnings = append(r.Warnings, "an earlier run left "+path+", which may hold a secret; installer recover removes it")
	}
	if r.Pending = session.Unfinished(deps, here.Folder); r.Pending != "" {
		r.Warnings = append(r.Warnings, r.Pending)
	}
}
