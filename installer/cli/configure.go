package cli

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"github.com/empowersuite/backend-installer/installer/configure"
	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/report"
	"github.com/empowersuite/backend-installer/installer/session"
	"github.com/empowersuite/backend-installer/installer/settings"
	"github.com/empowersuite/backend-installer/installer/site"
)

// configureFlags is the command line of configure.
type configureFlags struct {
	changeFlags

	noRestart      bool
	restartPending bool
	harden         bool
	confirmWithin  time.Duration
	rotation       rotationFlags
}

func (a *app) configureCommand() *cobra.Command {
	var f configureFlags
	cmd := &cobra.Command{
		Use:   "configure",
		Short: "Changes settings of an installation; above all, replaces the client secret",
		Long: `Changes settings of an installation that stands; above all, replaces the Entra ID
client secret.

At a terminal, without flags, it asks. Unattended, give the secret by exactly one
of --client-secret-stdin, --client-secret-file, --client-secret-keyring,
EMPOWER_ENTRA_CLIENT_SECRET, or a reference in --answers FILE. A one-time link that
somebody handed over comes by --client-secret-link-stdin or --client-secret-link-file:
it is read once, and what it gave is kept until it is proven.

With --rotate nobody gives a secret: who may change the app registration signs in,
a new one is made through Microsoft Graph, and the one before can be removed.

The secret is proven at Entra ID before a file is touched. If the backend does
not come up with it, everything is put back (exit status 20).

Where the vendor runs the backend (hosting: empower-cloud) nothing is changed: the
secret is proven, and at a terminal a one-time link to it is offered.`,
		Example: `  installer configure --environment PROD
  pass show entra/backend | installer configure --client-secret-stdin
  installer configure --answers answers.yaml --dry-run
  installer configure --rotate --lifetime 180d --retire "after 24h"`,
		Args:    noArgs,
		PreRunE: a.mayChange,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := f.rotation.check(cmd); err != nil {
				return a.finish(report.Report{Result: report.Failed, Environment: a.global.environment}, err)
			}
			if f.rotation.wanted {
				return a.rotate(cmd.Context(), f)
			}
			return a.configure(cmd.Context(), f)
		},
	}
	flags := cmd.Flags()
	f.register(flags)
	f.rotation.register(flags)
	f.input.link.register(flags, "client-secret-link")
	flags.BoolVar(&f.noRestart, "no-restart", false, "write, but leave the restart owed (recorded)")
	flags.DurationVar(&f.confirmWithin, "confirm-within", 0, "put the change back after this time unless installer confirm follows, such as 10m")
	flags.BoolVar(&f.restartPending, "restart-pending", false, "pay a restart that is owed")
	flags.BoolVar(&f.harden, "harden", false, "close files that hold secrets to everybody but the services and administrators, and prove that the services still run")
	return cmd
}

// check refuses flags that exclude each other.
func (f configureFlags) check() error {
	switch {
	case f.noRestart && f.restartPending:
		return usage("--no-restart and --restart-pending exclude each other", "give one of them")
	case f.noRestart && f.confirmWithin != 0:
		return usage("--no-restart and --confirm-within exclude each other", "give one of them: a change that nothing uses yet need not be confirmed")
	case f.harden && (f.noRestart || f.restartPending):
		return usage("--harden restarts services to prove that they can still read their files", "leave --no-restart and --restart-pending out")
	case f.confirmWithin < 0:
		return usage("--confirm-within is negative", "give a time such as 10m")
	}
	return nil
}

func (a *app) configure(ctx context.Context, f configureFlags) error {
	d := a.deps()
	req, err := a.configureRequest(ctx, d, f)
	if err != nil {
		return a.finish(report.Report{Result: report.Failed, Environment: a.global.environment}, err)
	}
	if !f.dryRun {
		a.beginLog(d, d.Store.Folder(req.Environment))
		a.announce(d, "configure", req.Environment)
		defer a.log.close()
	}
	r, err := configure.Run(ctx, d, req)
	return a.finish(r, err)
}

// configureRequest gathers what is given and asks for the rest at a terminal.
func (a *app) configureRequest(ctx context.Context, d session.Deps, f configureFlags) (configure.Request, error) {
	req := configure.Request{
		DryRun: f.dryRun, SkipValidation: f.skipValidation, AllowGUID: f.allowGUID,
		NoRestart: f.noRestart, RestartPending: f.restartPending, Harden: f.harden, Window: f.window,
		ConfirmWithin: f.confirmWithin, Operator: d.Host.Operator(),
	}
	if err := f.check(); err != nil {
		return req, err
	}
	in, err := a.gather(ctx, f.input)
	if err != nil {
		return req, err
	}
	if req.Environment, err = a.configureEnvironment(d, in); err != nil {
		return req, err
	}
	if in, err = a.askChange(ctx, d, f, in, &req); err != nil {
		return req, err
	}
	if err := a.takeLink(ctx, d, f, &in); err != nil {
		return req, err
	}
	req.Values, req.Secrets = in.values(), in.secrets
	a.know(in.secrets)
	delete(req.Values, settings.Environment)
	if err := f.told(req.Values, d.Now()); err != nil {
		return req, err
	}
	req.Known = site.Known{ID: f.credentialID, Expires: f.expires}
	return req, a.saveAnswers(f.changeFlags, in)
}

// askChange asks at a terminal where nothing says what is to be changed, and for the
// secret that is to be handed over.
func (a *app) askChange(ctx context.Context, d session.Deps, f configureFlags, in input, req *configure.Request) (input, error) {
	secretless := in.secrets[settings.ClientSecret].IsZero() && in.link.IsZero()
	switch {
	case f.restartPending || f.harden:
		return in, nil
	case secretless && a.interactive() && configure.HandedOver(d, req.Environment, in.values()):
		return a.askHandedOver(ctx, d, f, in, req)
	case in.empty() && f.expires == "" && f.credentialID == "":
		return a.askConfigure(ctx, d, req)
	}
	return in, nil
}

// configureEnvironment is the environment to work on. Where the vendor runs
// the backend there is none on this host.
func (a *app) configureEnvironment(d session.Deps, in input) (string, error) {
	named := in.text(settings.Environment)
	switch {
	case a.global.environment == "":
		a.global.environment = named
	case named != "" && named != a.global.environment:
		return "", usage("--environment says "+a.global.environment+" and the answers say "+named, "leave one of them out")
	}
	name, err := a.environment(d)
	if err != nil && in.text(settings.Hosting) == settings.EmpowerCloud {
		return a.global.environment, nil
	}
	return name, err
}

func checkExpires(date string, now time.Time) error {
	if date == "" {
		return nil
	}
	day, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return usage("the secret's last day is not a date: "+date, "write it as 2026-12-31")
	}
	if day.AddDate(0, 0, 1).Before(now) {
		return usage("the secret's last day is over: "+date, "create a new client secret in the portal, and give its last day")
	}
	return nil
}

func missing(key string) error {
	return fault.New(fault.Usage, key+" is missing, and there is no terminal to ask at",
		"give it in --answers FILE; for the client secret also --client-secret-stdin, --client-secret-file FILE, --client-secret-keyring NAME or EMPOWER_ENTRA_CLIENT_SECRET")
}
