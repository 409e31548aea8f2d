package secrets

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/empowersuite/backend-installer/installer/configure"
	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/graph"
	"github.com/empowersuite/backend-installer/installer/progress"
	"github.com/empowersuite/backend-installer/installer/report"
	"github.com/empowersuite/backend-installer/installer/secret"
	"github.com/empowersuite/backend-installer/installer/session"
	"github.com/empowersuite/backend-installer/installer/settings"
	"github.com/empowersuite/backend-installer/installer/site"
)

// Rotation says how to make the next client secret, and what becomes of the one
// before.
type Rotation struct {
	Environment   string
	SignIn        SignIn
	Alone         bool          // it needs no person: the host can be told to pay what is owed
	Lifetime      time.Duration // 0: DefaultLifetime, or what a policy allows where that is less
	DisplayName   string        // what the directory calls it, with the run's ID behind it; "" names this program and the host
	Retire        When
	Later         time.Duration // of Later, from now
	DryRun        bool
	ConfirmWithin time.Duration
	Window        time.Duration // see configure.Request
	Operator      string

	// Approve is asked before anything is made. A nil Approve approves.
	Approve func(ctx context.Context, lines []string) (bool, error)
	// Choose is asked, once the running backend uses the new secret, what becomes of
	// the one before: only a person knows the other hosts. A nil Choose leaves it at
	// Retire.
	Choose func(ctx context.Context, lines []string, proposed When) (When, error)
	// Made is told the value as soon as there is one, to keep it out of what is
	// shown. It may be nil.
	Made func(secret.Value)
}

// When is what becomes of the client secret that was in use before.
type When string

// When it is removed. The zero When is Never.
const (
	Never When = "never"
	Now   When = "now"
	Later When = "after"
)

// maxName bounds what people choose of a name, in bytes.
const maxName = 60

// rotation is one run.
type rotation struct {
	books
	req    Rotation
	making site.Making // of this run, or of the one that it goes on with
	fresh  fresh
	ends   *leftover // what a run that was cut off had brought into use; nil for none
}

// fresh is the client secret that is to come into use.
type fresh struct {
	graph.Credential
	value secret.Value
}

// Rotate makes a client secret, has configure switch to it, and retires the one
// before where that is wanted. What fails after the secret was made removes it again.
func Rotate(ctx context.Context, deps session.Deps, req Rotation) (report.Report, error) {
	t := &rotation{req: req}
	t.deps, t.report = deps, report.Report{RunID: deps.RunID, Environment: req.Environment, Result: report.Failed}
	if err := t.check(); err != nil {
		return t.report, err
	}
	if req.DryRun {
		here, err := deps.Open(req.Environment)
		if err == nil {
			err = t.plan(ctx, here)
		}
		if err == nil {
			t.report.Result = report.Planned
		}
		return t.report, err
	}
	s, err := session.Begin(ctx, deps, req.Environment)
	if err != nil {
		return t.report, err
	}
	if err = t.run(ctx, s); t.access.directory != nil {
		t.remind(ctx, req.Alone)
	}
	return t.report, errors.Join(err, s.Close())
}

// check looks at the request by itself.
func (t *rotation) check() error {
	if l := t.req.Lifetime; l != 0 && (l < MinLifetime || l > MaxLifetime) {
		return fault.New(fault.Usage, "--lifetime is "+days(l), fmt.Sprintf("give a time from %s to %s", days(MinLifetime), days(MaxLifetime)))
	}
	if name := t.req.DisplayName; len(name) > maxName || strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return fault.New(fault.Usage, "--display-name cannot be taken", fmt.Sprintf("give a text of %d bytes at most, of letters and signs", maxName))
	}
	return nil
}

func (t *rotation) run(ctx context.Context, s *session.Session) error {
	if err := t.plan(ctx, s.Site); err != nil {
		return err
	}
	if err := t.approve(ctx); err != nil {
		return err
	}
	t.deps.Progress.Say(progress.Change, "configure --rotate begins to change things")
	if t.ends != nil {
		return t.endCutOff(ctx, s)
	}
	if resumed := !t.fresh.value.IsZero(); resumed {
		t.ledger.Begin(t.making)
	}
	if err := t.settle(ctx); err != nil {
		return err
	}
	if t.fresh.value.IsZero() {
		if err := t.make(ctx); err != nil {
			return err
		}
	}
	if t.req.Made != nil {
		t.req.Made(t.fresh.value)
	}
	return t.switchOver(ctx, s)
}

// plan checks the host, signs in and reads. It writes nothing.
func (t *rotation) plan(ctx context.Context, here site.Site) error {
	if here.Installation.Settings[settings.Hosting] == settings.EmpowerCloud {
		return fault.New(fault.Usage, "the vendor runs this backend: no file of this host would take the client secret",
			"make it in the portal, and hand it over with "+t.deps.Hint("handoff create", t.req.Environment)+" --server URL")
	}
	lines, err := t.outlook(ctx, here)
	if err != nil {
		return err
	}
	if err = t.open(here.Folder); err != nil {
		return err
	}
	if t.access, err = look(ctx, t.deps, here, t.req.SignIn); err != nil {
		return err
	}
	if err = t.access.connect(ctx, t.deps); err != nil {
		return err
	}
	if t.app, err = t.access.application(ctx, t.deps, "read the application"); err != nil {
		return err
	}
	if err := t.survey(); err != nil {
		return err
	}
	if err := t.prepare(ctx); err != nil {
		return err
	}
	t.report.Plan = append(t.report.Plan, lines...)
	return nil
}

// outlook is what configure would do with a secret, checked with one that nobody
// gave: a host that cannot be changed costs no client secret.
func (t *rotation) outlook(ctx context.Context, here site.Site) ([]string, error) {
	stand, err := standIn(t.deps.Random)
	if err != nil {
		return nil, err
	}
	quiet := t.deps
	quiet.Progress = func(progress.Event) {}
	quiet.Crew.Progress = quiet.Progress
	r, err := configure.Outlook(ctx, quiet, here, t.request(fresh{value: stand}))
	t.report.Product, t.report.Version = here.Installation.Product, here.Installation.Version
	if t.report.Services = r.Services; t.req.DryRun {
		t.report.Warnings = r.Warnings // configure says them again
	}
	if err != nil {
		return nil, err
	}
	return masked(r.Plan, here.Fingerprint(stand)), nil
}

func (t *rotation) request(f fresh) configure.Request {
	return configure.Request{
		Environment: t.req.Environment, Secrets: map[string]secret.Value{settings.ClientSecret: f.value},
		Known: site.Told(f.Credential), Made: true,
		ConfirmWithin: t.req.ConfirmWithin, Window: t.req.Window, Operator: t.req.Operator,
	}
}

func (t *rotation) approve(ctx context.Context) error {
	if t.req.Approve == nil {
		return nil
	}
	yes, err := t.req.Approve(ctx, t.report.Plan)
	if err != nil || !yes {
		return fault.Wrap(fault.Cancelled, err, "cancelled; nothing was changed", "run the same command again when it suits")
	}
	return nil
}
