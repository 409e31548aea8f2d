package secrets

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/empowersuite/backend-installer/installer/exchange"
	"github.com/empowersuite/backend-installer/installer/explain"
	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/graph"
	"github.com/empowersuite/backend-installer/installer/progress"
	"github.com/empowersuite/backend-installer/installer/report"
	"github.com/empowersuite/backend-installer/installer/session"
	"github.com/empowersuite/backend-installer/installer/site"
)

// Retirement says which client secret to remove, and with whose rights.
type Retirement struct {
	Environment string
	SignIn      SignIn
	KeyID       string // the portal's Secret ID
	DryRun      bool

	// Approve is asked once everything was checked, right before the removal: only
	// a person knows the other hosts. A nil Approve approves.
	Approve func(ctx context.Context, lines []string) (bool, error)
}

// Retire removes exactly one client secret of the application, once this host was
// proven to use another. One that is gone already is no error.
func Retire(ctx context.Context, deps session.Deps, req Retirement) (report.Report, error) {
	r := report.Report{RunID: deps.RunID, Environment: req.Environment, Result: report.Failed}
	if !exchange.IsGUID(req.KeyID) {
		return r, fault.New(fault.Usage, "--key-id is no Secret ID",
			"give the GUID that installer secrets list shows, never the value of a secret")
	}
	s, err := session.Begin(ctx, deps, req.Environment)
	if err != nil {
		return r, err
	}
	r.Product, r.Version = s.Installation.Product, s.Installation.Version
	err = retire(ctx, deps, s.Site, req, &r)
	return r, errors.Join(err, s.Close())
}

func retire(ctx context.Context, deps session.Deps, here site.Site, req Retirement, r *report.Report) error {
	a, err := look(ctx, deps, here, req.SignIn)
	if err == nil {
		err = a.proven(ctx, deps)
	}
	if err == nil { // nobody signs in for what cannot be done
		err = a.connect(ctx, deps)
	}
	if err != nil {
		return err
	}
	app, err := a.application(ctx, deps, "retire the client secret")
	if err != nil {
		return err
	}
	all := here.Identify(app.Credentials, a.value)
	i := slices.IndexFunc(all, func(c site.Identified) bool { return strings.EqualFold(c.KeyID, req.KeyID) })
	if i < 0 {
		r.Application, r.Result = told(app, all), report.Unchanged
		r.Warnings = []string{"the application has no client secret of that ID: it was removed before, or Microsoft Graph is behind"}
		deps.Progress.Say(progress.Warning, r.Warnings[0])
		return nil
	}
	if err := spare(all, all[i]); err != nil {
		return err
	}
	r.Plan = outlook(app, all[i])
	if req.DryRun {
		r.Application, r.Result = told(app, all), report.Planned
		return nil
	}
	if err := approve(ctx, req, r.Plan); err != nil {
		return err
	}
	deps.Progress.Say(progress.Change, "secrets retire begins to change things")
	if err := a.remove(ctx, deps, all[i].KeyID, always); err != nil {
		return err
	}
	deps.Progress.Say(progress.Done, "the client secret "+all[i].KeyID+" is removed")
	r.Result, r.Changed, r.Retired, r.Plan = report.Changed, true, []string{all[i].KeyID}, nil
	r.Application = told(app, slices.Delete(all, i, i+1))
	return nil
}

// spare refuses what may be in use here.
func spare(all []site.Identified, target site.Identified) error {
	used := slices.ContainsFunc(all, func(c site.Identified) bool { return c.Use == site.InUse })
	switch {
	case target.Use == site.InUse:
		return fault.New(fault.Usage, "the client secret "+target.KeyID+" is the one in use on this host",
			"switch to a new one first: installer configure; then retire this one")
	case target.Use == site.Unclear:
		return fault.New(fault.Preflight, "whether the client secret "+target.KeyID+" is the one in use on this host cannot be told",
			"switch to a new one first, whose first three characters differ: installer configure; or remove it by hand, where you know")
	case !used:
		return fault.New(fault.Preflight, "which client secret of the application is in use on this host cannot be told",
			"look at installer secrets list; where Microsoft Graph is behind, run the same command again in a minute")
	}
	return nil
}

func outlook(app graph.Application, c site.Identified) []string {
	until := "without a known end"
	switch {
	case expired(c.Credential, app.Now):
		until = "expired " + c.End.Format(time.DateOnly)
	case !c.End.IsZero():
		until = "valid until " + c.End.Format(time.DateOnly)
	}
	return []string{
		fmt.Sprintf("remove the client secret %s (%q, begins with %q, %s) of the application %q", c.KeyID, c.Name, c.Hint, until, app.Name),
		"every other host and program that still uses it can no longer sign in, and it cannot be brought back",
	}
}

func approve(ctx context.Context, req Retirement, lines []string) error {
	if req.Approve == nil {
		return nil
	}
	yes, err := req.Approve(ctx, lines)
	if err != nil || !yes {
		return fault.Wrap(fault.Cancelled, err, "cancelled; nothing was changed",
			"run the same command again once every other host uses a new secret")
	}
	return nil
}

// sure reports whether a replica that does not list a client secret can be believed:
// one that is behind does not list a fresh one yet.
type sure func(app graph.Application) bool

func always(graph.Application) bool { return true }

// remove asks until the secret is no longer listed by a replica that is to be believed.
// A request that was sent is not cut off: whether it was carried out could not be told
// then.
func (a *access) remove(ctx context.Context, deps session.Deps, keyID string, settled sure) error {
	whole := context.WithoutCancel(ctx)
	err := patiently(ctx, deps, repeatable, func() error {
		err := a.directory.RemovePassword(whole, a.question.ClientID, keyID)
		if err == nil {
			return nil
		}
		app, readErr := a.directory.Application(whole, a.question.ClientID)
		if readErr == nil && !listed(app, keyID) && settled(app) {
			return nil // removed all the same: the answer got lost, or somebody else did it
		}
		return err
	})
	return explain.Graph(err, "retire the client secret")
}

func listed(app graph.Application, keyID string) bool {
	return slices.ContainsFunc(app.Credentials, func(c graph.Credential) bool { return strings.EqualFold(c.KeyID, keyID) })
}
