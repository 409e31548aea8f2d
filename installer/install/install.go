package install

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/empowersuite/backend-installer/installer/access"
	"github.com/empowersuite/backend-installer/installer/explain"
	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/host"
	"github.com/empowersuite/backend-installer/installer/preflight"
	"github.com/empowersuite/backend-installer/installer/progress"
	"github.com/empowersuite/backend-installer/installer/release"
	"github.com/empowersuite/backend-installer/installer/remedy"
	"github.com/empowersuite/backend-installer/installer/report"
	"github.com/empowersuite/backend-installer/installer/rollout"
	"github.com/empowersuite/backend-installer/installer/run"
	"github.com/empowersuite/backend-installer/installer/secret"
	"github.com/empowersuite/backend-installer/installer/session"
	"github.com/empowersuite/backend-installer/installer/settings"
	"github.com/empowersuite/backend-installer/installer/site"
	"github.com/empowersuite/backend-installer/installer/step"
)

// Request says what to install and how.
type Request struct {
	Environment    string
	Values         map[string]string // by key; no secrets
	Secrets        map[string]secret.Value
	Expires        string // the client secret's last day, 2026-12-31; "" when unknown
	CredentialID   string // its Secret ID; "" when unknown
	Release        fs.FS
	Payload        string // folder with the backend's program files
	Prefix         string // relocates every path; "" = none
	ServiceManager string // Auto, Systemd, Windows or Command
	BootRecovery   bool   // the host recovers at boot what a run left
	DryRun         bool
	SkipValidation bool
	AllowGUID      bool
	Window         time.Duration
	Operator       string

	// Approve is asked with the plan before anything is proven or written. A
	// nil Approve approves.
	Approve func(ctx context.Context, lines []string) (bool, error)
}

// The service managers of a request. Auto is that of the host where the account
// may use it and nothing is relocated; else Command.
const (
	Auto    = "auto"
	Systemd = release.Systemd
	Windows = release.Windows
	Command = release.ByHand
)

// Deps is the outside world.
type Deps = session.Deps

// installation is one run on its way from a request to a report.
type installation struct {
	deps     Deps
	req      Request
	wanted   map[string]secret.Value
	folder   site.Folder
	made     made
	boot     *step.Schedule // nil where nothing is to recover at boot
	services []rollout.Service
	report   report.Report
	proven   bool
	known    site.Known // of the client secret
}

// Run installs. The report tells as much as is known also when the error, a
// *fault.Error, tells why it did not happen.
func Run(ctx context.Context, deps Deps, req Request) (report.Report, error) {
	in := &installation{deps: deps, req: req, folder: deps.Store.Folder(req.Environment)}
	in.known = site.Known{ID: req.CredentialID, Expires: req.Expires}
	in.report = report.Report{RunID: deps.RunID, Environment: req.Environment, Result: report.Failed}
	if err := in.prepare(); err != nil {
		return in.report, err
	}
	if req.DryRun {
		return in.dryRun(ctx)
	}
	s, err := session.BeginNew(ctx, deps, req.Environment)
	if err != nil {
		return in.report, err
	}
	if s.Installed {
		return in.report, errors.Join(in.again(ctx, s), s.Close())
	}
	if err := in.run(ctx, s); err != nil {
		return in.report, errors.Join(err, s.Discard())
	}
	return in.report, s.Close()
}

// prepare works out what will be made, from the request alone.
func (in *installation) prepare() error {
	given, err := session.Accept(in.req.Values, in.req.Secrets, in.req.AllowGUID)
	if err != nil {
		return err
	}
	in.wanted = given.Wanted
	for _, note := range given.Notes {
		in.warn(note)
	}
	if in.req.Values[settings.Hosting] == settings.EmpowerCloud {
		return fault.New(fault.Usage, "the vendor runs the backend of empower Cloud: there is nothing to install here",
			"installer handoff create --server URL proves the client secret and hands it over to support by a one-time link")
	}
	if err := in.chooseManager(); err != nil {
		return err
	}
	if in.made, err = in.realise(); err != nil {
		return err
	}
	if err := in.made.choose(in.value); err != nil {
		return err
	}
	in.services, err = site.Services(in.made.installation)
	if err != nil {
		return fault.Wrap(fault.ConfigInvalid, err, "the services of the release cannot be ordered", "correct its release.yaml")
	}
	in.report.Product, in.report.Version = in.made.installation.Product, in.made.installation.Version
	in.report.Plan = in.made.lines()
	if in.req.BootRecovery {
		var promise string
		if in.boot, promise, err = in.deps.BootRecovery(in.made.installation); err != nil {
			return err
		}
		in.report.Plan = append(in.report.Plan, "register "+in.boot.All[0].Name+", "+promise)
	}
	return nil
}

func (in *installation) chooseManager() error {
	elevated := in.deps.Host.Elevated()
	switch in.req.ServiceManager {
	case Auto:
		in.req.ServiceManager = Command
		if native := in.deps.Native(); native != "" && elevated && in.req.Prefix == "" {
			in.req.ServiceManager = native
		}
		return nil
	case Command:
		return nil
	case Systemd, Windows:
	default:
		return fault.New(fault.Usage, fmt.Sprintf("--service-manager is %q", in.req.ServiceManager), "say auto, systemd, windows or command")
	}
	switch {
	case in.req.Prefix != "" && in.req.ServiceManager == Systemd:
		return fault.New(fault.Usage, "systemd does not look for units under --prefix", "leave out one of --prefix and --service-manager systemd")
	case in.req.ServiceManager != in.deps.Native():
		return fault.New(fault.Preflight, in.req.ServiceManager+" does not manage this host", "--service-manager auto takes what does")
	case !elevated:
		return fault.New(fault.NotElevated, "this account may not register services", remedy.Here().Elevated(""))
	}
	return nil
}

// dryRun checks, proves and plans. It takes no lock and writes nothing.
func (in *installation) dryRun(ctx context.Context) (report.Report, error) {
	here, err := in.folder.Open(settings.Known)
	switch {
	case err == nil:
		return in.report, in.already(here)
	case !errors.Is(err, site.ErrNone):
		return in.report, explain.Open(err, in.req.Environment, in.deps.Store.Root)
	}
	if _, err := in.ready(ctx); err != nil {
		return in.report, err
	}
	in.report.Result = report.Planned
	return in.report, nil
}

// again is an installation of what is installed: it adds what was left out.
func (in *installation) again(ctx context.Context, s *session.Session) error {
	if err := in.already(s.Site); err != nil || !in.req.BootRecovery {
		return err
	}
	added, err := s.RegisterBootRecovery(ctx)
	if err == nil && added {
		in.report.Result, in.report.Changed = report.Changed, true
	}
	return err
}

// already compares what is installed with what is wanted.
func (in *installation) already(here site.Site) error {
	files, err := here.ReadFiles()
	if err != nil {
		return explain.Files(err)
	}
	in.report.Plan = nil
	var differ []string
	for key, value := range in.wanted {
		if present, ok := here.Value(files, key); ok && !present.Equal(value) {
			differ = append(differ, key)
		}
	}
	switch {
	case here.Installation.Version != in.made.installation.Version:
		return fault.New(fault.VersionMismatch,
			fmt.Sprintf("version %s is installed, and this release is %s", here.Installation.Version, in.made.installation.Version),
			"use the installer of that version; a later installer will update it")
	case len(differ) > 0:
		return fault.Wrap(fault.Usage, listed(differ), "the environment is installed already, with other settings",
			in.deps.Hint("configure", in.req.Environment)+" with the same answers changes them")
	}
	in.report.Result = report.Unchanged
	return nil
}

// run does everything that needs the lock.
func (in *installation) run(ctx context.Context, s *session.Session) error {
	found, err := in.ready(ctx)
	if err != nil {
		return err
	}
	acts, err := in.acts(ctx, found)
	if err != nil {
		return err
	}
	// Forward only when all is done: what is half installed is of no use to anybody.
	change := run.Change{Run: in.deps.RunID, Command: "install", Acts: acts, Pivot: len(acts)}
	if err := s.Engine().Execute(ctx, change); err != nil {
		err = explain.Run(err)
		if fault.Of(err).Code == fault.RolledBack {
			in.report.Result = report.RolledBack
		}
		return err
	}
	in.tell()
	return nil
}

// ready checks the host, asks for approval and proves the secret.
func (in *installation) ready(ctx context.Context) ([]rollout.Found, error) {
	found, err := in.deps.Crew.Survey(ctx, in.services)
	if err != nil {
		return nil, explain.Services(err)
	}
	if err := in.checkAccounts(ctx); err != nil {
		return nil, err
	}
	first := in.made.needs()
	first.Program, first.Services = in.req.Payload, found
	first.Prober, first.FreeBytes = in.deps.Crew.Prober, in.deps.Host.FreeBytes
	first.Facts = preflight.Facts(in.deps.Host, found)
	first.Proxies = preflight.ProxiesOf(site.Site{}.Lookup(nil, in.wanted))
	findings := preflight.CheckFirst(ctx, first)
	for _, w := range findings.Warnings {
		in.warn(w)
	}
	if err := findings.Err(); err != nil {
		return nil, err
	}
	if in.req.Approve != nil {
		yes, err := in.req.Approve(ctx, in.report.Plan)
		if err != nil || !yes {
			return nil, fault.Wrap(fault.Cancelled, err, "cancelled; nothing was changed", "run the same command again when it suits")
		}
	}
	return found, in.prove(ctx)
}

// checkAccounts makes sure that the accounts of Windows services are there, and warns
// of one that may do too much.
func (in *installation) checkAccounts(ctx context.Context) error {
	for _, s := range in.services {
		a, ok := in.made.accounts[s.Name]
		if !ok {
			continue
		}
		if a.Kind == access.LocalSystem {
			in.warn(s.Name + " runs as LocalSystem, which may do everything on this host: leave " + settings.ServiceAccount + " empty for an account of its own")
		}
		_, err := in.deps.Host.Lookup(ctx, a.Name)
		switch {
		case errors.Is(err, host.ErrNoUser):
			return fault.New(fault.Preflight, fmt.Sprintf("neither this host nor its domain knows the account %s", a.Name),
				"make the account first, or leave "+settings.ServiceAccount+" empty for one that Windows has already")
		case err != nil:
			return explain.State(err)
		}
	}
	return nil
}

func (in *installation) prove(ctx context.Context) error {
	if in.req.SkipValidation {
		in.warn("VALIDATION SKIPPED: the secret was not proven at Entra ID, and the record says so")
		return nil
	}
	get := site.Site{}.Lookup(nil, in.wanted)
	accepted, err := in.deps.Accepted(ctx, get, in.wanted[settings.ClientSecret], in.req.Window)
	for _, w := range accepted.Warnings {
		in.warn(w)
	}
	in.proven = err == nil
	if err == nil && !in.req.DryRun {
		in.inquire(ctx, accepted)
	}
	return err
}

// inquire adds to what was told of the secret what Microsoft Graph tells, where it
// does.
func (in *installation) inquire(ctx context.Context, accepted session.Acceptance) {
	known, warnings := in.deps.Learn(ctx, accepted, in.known)
	for _, w := range warnings {
		in.warn(w)
	}
	in.known = known
}

func (in *installation) warn(text string) {
	in.deps.Progress.Say(progress.Warning, text)
	in.report.Warnings = append(in.report.Warnings, text)
}
