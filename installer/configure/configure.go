package configure

import (
	"context"
	"errors"
	"maps"
	"time"

	"github.com/empowersuite/backend-installer/installer/entra"
	"github.com/empowersuite/backend-installer/installer/explain"
	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/plan"
	"github.com/empowersuite/backend-installer/installer/preflight"
	"github.com/empowersuite/backend-installer/installer/progress"
	"github.com/empowersuite/backend-installer/installer/report"
	"github.com/empowersuite/backend-installer/installer/secret"
	"github.com/empowersuite/backend-installer/installer/session"
	"github.com/empowersuite/backend-installer/installer/settings"
	"github.com/empowersuite/backend-installer/installer/site"
)

// Request says what to change and how.
type Request struct {
	Environment    string
	Values         map[string]string // by key; no secrets
	Secrets        map[string]secret.Value
	Known          site.Known // of the client secret; From the administrator is "", and Microsoft Graph is asked for the rest
	Made           bool       // by this program, which then says what to do about the one before
	DryRun         bool
	SkipValidation bool
	AllowGUID      bool
	NoRestart      bool
	RestartPending bool
	Harden         bool          // close files with secrets to large groups; nothing else is changed
	ConfirmWithin  time.Duration // 0: the change stands at once
	Window         time.Duration
	Operator       string

	// Approve is asked with the plan before anything is proven or written. A
	// nil Approve approves.
	Approve func(ctx context.Context, lines []string) (bool, error)

	// HandOver is called where the vendor runs the backend, once the secret is
	// proven. It hands the secret over at once, or reports that it did not. A nil
	// HandOver never does.
	HandOver func(ctx context.Context, known site.Known) (done bool, err error)
}

// Deps is the outside world.
type Deps = session.Deps

// change is one run on its way from a request to a report.
type change struct {
	deps     Deps
	req      Request
	site     site.Site
	files    []site.File
	wanted   map[string]secret.Value
	plan     plan.Plan
	report   report.Report
	proven   bool      // Entra ID accepts it
	unproven bool      // it should have been asked, and was not
	until    time.Time // when the change is put back unless it is confirmed; zero for never
}

func newChange(deps Deps, req Request) *change {
	return &change{deps: deps, req: req, report: report.Report{
		RunID: deps.RunID, Environment: req.Environment, Result: report.Failed,
	}}
}

// Run carries out a request. The report tells as much as is known also when
// the error, a *fault.Error, tells why it did not happen.
func Run(ctx context.Context, deps Deps, req Request) (report.Report, error) {
	c := newChange(deps, req)
	if err := c.accept(); err != nil {
		return c.report, err
	}
	if HandedOver(deps, req.Environment, req.Values) {
		return c.handOver(ctx)
	}
	if req.DryRun {
		return c.dryRun(ctx)
	}
	s, err := session.Begin(ctx, deps, req.Environment)
	if err != nil {
		return c.report, err
	}
	c.site = s.Site
	err = c.run(ctx, s)
	return c.report, errors.Join(err, s.Close())
}

// In carries out a request, which is no dry run, in a session that somebody else
// began and closes.
func In(ctx context.Context, deps Deps, s *session.Session, req Request) (report.Report, error) {
	c := newChange(deps, req)
	c.site = s.Site
	err := c.accept()
	if err == nil {
		err = c.run(ctx, s)
	}
	return c.report, err
}

// Outlook tells what new secrets would change on a host, having checked everything
// but the secrets themselves.
func Outlook(ctx context.Context, deps Deps, here site.Site, req Request) (report.Report, error) {
	c := newChange(deps, req)
	c.site, c.wanted = here, maps.Clone(req.Secrets)
	err := c.prepare(ctx)
	if err == nil {
		c.report.Result = report.Planned
	}
	return c.report, err
}

// run does everything that needs the lock.
func (c *change) run(ctx context.Context, s *session.Session) error {
	if err := c.prepare(ctx); err != nil {
		return err
	}
	if c.plan.Unchanged() {
		s.Forget(c.wanted[settings.ClientSecret])
		return c.learn(ctx)
	}
	if err := c.approve(ctx); err != nil {
		return err
	}
	if err := c.prove(ctx); err != nil {
		return err
	}
	if err := c.carryOut(ctx, s); err != nil {
		return err
	}
	if c.proven && c.until.IsZero() {
		s.Forget(c.wanted[settings.ClientSecret])
	}
	return nil
}

func (c *change) dryRun(ctx context.Context) (report.Report, error) {
	opened, err := c.deps.Open(c.req.Environment)
	if err != nil {
		return c.report, err
	}
	c.site = opened
	if said := session.Unfinished(c.deps, c.site.Folder); said != "" {
		c.warn(said)
	}
	if err := c.prepare(ctx); err != nil {
		return c.report, err
	}
	if c.plan.Unchanged() {
		c.report.Result = report.Unchanged
		if _, changes := c.learnt(); changes {
			c.report.Result = report.Planned
			c.report.Plan = append(c.report.Plan, learning)
		}
		return c.report, nil
	}
	if err := c.prove(ctx); err != nil {
		return c.report, err
	}
	c.report.Result = report.Planned
	return c.report, nil
}

// prepare surveys, checks and plans. It writes nothing.
func (c *change) prepare(ctx context.Context) error {
	if err := c.gate(); err != nil {
		return err
	}
	services, err := c.deps.Survey(ctx, c.site.Installation)
	if err != nil {
		return err
	}
	if c.files, err = c.site.ReadFiles(); err != nil {
		return explain.Files(err)
	}
	c.followCloud()
	exposed, err := preflight.Exposures(ctx, c.files, services, c.deps.Host)
	if err != nil {
		c.warn(err.Error())
	}
	if !c.req.Harden {
		for _, e := range exposed {
			c.warn(preflight.Exposed(e))
		}
		exposed = nil
	}
	c.plan, err = plan.Compute(plan.Input{
		Site: c.site, Files: c.files, Services: services, Wanted: c.wanted, PayOwed: c.paysOwed(), Later: c.req.NoRestart, Close: exposed,
	})
	if err != nil {
		return explain.Files(err)
	}
	c.report.Plan = c.plan.Lines()
	c.tellServices(services)
	if c.plan.Unchanged() {
		return nil
	}
	return c.preflight(services)
}

// followCloud changes the authority with the cloud, where a file holds it and
// nobody named another.
func (c *change) followCloud() {
	cloud, changes := c.wanted[settings.EntraCloud]
	_, named := c.wanted[settings.EntraAuthority]
	if !changes || named || !site.Holds(c.files, settings.EntraAuthority) {
		return
	}
	if authority, _, ok := entra.Cloud(cloud.Reveal()); ok {
		c.wanted[settings.EntraAuthority] = secret.New(authority)
	}
}

// paysOwed reports whether this run pays a restart that is owed: any change
// does, and so does the secret that is already in the file.
func (c *change) paysOwed() bool {
	return !c.req.NoRestart && c.site.Record.RestartOwed != nil
}

func (c *change) approve(ctx context.Context) error {
	if c.req.Approve == nil {
		return nil
	}
	yes, err := c.req.Approve(ctx, c.plan.Lines())
	if err != nil || !yes {
		return fault.Wrap(fault.Cancelled, err, "cancelled; nothing was changed",
			"run the same command again when it suits")
	}
	return nil
}

// accept checks the request by itself: values, secrets, and that there is
// something to do.
func (c *change) accept() error {
	given, err := session.Accept(c.req.Values, c.req.Secrets, c.req.AllowGUID)
	if err != nil {
		return err
	}
	c.wanted = given.Wanted
	for _, note := range given.Notes {
		c.warn(note)
	}
	if c.req.Harden && len(c.wanted) > 0 {
		return fault.New(fault.Usage, "--harden changes who can read files, and nothing else",
			"run configure --harden by itself, and then configure with the new values")
	}
	if len(c.wanted) == 0 && !c.req.RestartPending && !c.req.Harden && !c.knows() {
		return fault.New(fault.Usage, "nothing to change was given",
			"give the new secret with --client-secret-stdin, --client-secret-file FILE, --client-secret-keyring NAME, --client-secret-link-stdin, EMPOWER_ENTRA_CLIENT_SECRET or --answers FILE; at a terminal, leave all out and be asked")
	}
	return nil
}

func (c *change) warn(text string) {
	c.deps.Progress.Say(progress.Warning, text)
	c.report.Warnings = append(c.report.Warnings, text)
}
