package session

import (
	"context"
	"io"
	"time"

	"github.com/empowersuite/backend-installer/installer/entra"
	"github.com/empowersuite/backend-installer/installer/explain"
	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/graph"
	"github.com/empowersuite/backend-installer/installer/host"
	"github.com/empowersuite/backend-installer/installer/layout"
	"github.com/empowersuite/backend-installer/installer/onetime"
	"github.com/empowersuite/backend-installer/installer/progress"
	"github.com/empowersuite/backend-installer/installer/proof"
	"github.com/empowersuite/backend-installer/installer/release"
	"github.com/empowersuite/backend-installer/installer/rollout"
	"github.com/empowersuite/backend-installer/installer/schedule"
	"github.com/empowersuite/backend-installer/installer/secret"
	"github.com/empowersuite/backend-installer/installer/settings"
	"github.com/empowersuite/backend-installer/installer/site"
	"github.com/empowersuite/backend-installer/installer/svc"
)

// Deps is the outside world of a flow.
type Deps struct {
	Store     site.Store
	Crew      rollout.Crew
	Authority func(entra.Options) (entra.Authority, error)
	Graph     func(graph.Options) (graph.Directory, error)
	OneTime   func(context.Context, onetime.Options) (onetime.Server, error)
	Proof     proof.Deps
	Host      host.Host
	Layout    layout.Host
	Progress  progress.Func
	Now       func() time.Time
	Random    io.Reader
	Native    func() string // the service manager of this host: release.Systemd, release.Windows or ""
	Services  svc.Lister    // of this host's service manager; nil where there is none
	Version   string
	Program   string // the path of this program, for what calls it

	// Scheduler words what has this host run this program later; nil where nothing does.
	Scheduler schedule.Scheduler

	RunID string
}

// Open reads an installation without a lock.
func (d Deps) Open(environment string) (site.Site, error) {
	if err := d.Trust(d.Store.Folder(environment)); err != nil {
		return site.Site{}, err
	}
	here, err := d.Store.Folder(environment).Open(settings.Known)
	if err != nil {
		return here, explain.Open(err, environment, d.Store.Root)
	}
	return here, nil
}

// Survey looks at the services of an installation, in dependency order.
func (d Deps) Survey(ctx context.Context, in release.Installation) ([]rollout.Found, error) {
	services, err := site.Services(in)
	if err != nil {
		return nil, fault.Wrap(fault.ConfigInvalid, err, "the services of the installation cannot be ordered",
			"correct the description and run installer adopt FILE again")
	}
	found, err := d.Crew.Survey(ctx, services)
	switch {
	case err != nil && ctx.Err() != nil:
		return nil, explain.Cancelled(context.Cause(ctx))
	case err != nil:
		return nil, explain.Services(err)
	}
	return found, nil
}

// Accepted asks Entra ID about a fresh secret until there is a verdict or the
// window is over. The error is a *fault.Error.
func (d Deps) Accepted(ctx context.Context, get site.Lookup, value secret.Value, window time.Duration) (Acceptance, error) {
	if value.IsZero() {
		return Acceptance{}, fault.New(fault.Usage, settings.ClientSecret+" is missing",
			"give the client secret; --help lists the ways")
	}
	q, err := site.Ask(get, d.Version)
	if err != nil {
		return Acceptance{}, explain.Ask(err)
	}
	deps, err := d.prover(q)
	if err != nil {
		return Acceptance{}, explain.Refusal(err)
	}
	d.Progress.Say(progress.Step, "ask Entra ID whether it accepts the secret")
	policy := proof.DefaultPolicy()
	policy.Window, policy.Confirmations = window, q.Confirmations
	proven, err := proof.Credential(ctx, deps, proof.Question{
		ClientID: q.ClientID, Tenant: q.Options.Tenant, Value: value, Fresh: true, Policy: policy,
	})
	accepted := Acceptance{Warnings: proven.Warnings, question: q, value: value, proven: proven}
	if err != nil {
		return accepted, explain.Refusal(err)
	}
	d.Progress.Say(progress.Done, "Entra ID accepts the secret")
	return accepted, nil
}

// AskOnce asks Entra ID about a secret once. The error is of package proof.
func (d Deps) AskOnce(ctx context.Context, q site.Question, value secret.Value) error {
	deps, err := d.prover(q)
	if err != nil {
		return err
	}
	_, err = proof.Once(ctx, deps, proof.Question{ClientID: q.ClientID, Tenant: q.Options.Tenant, Value: value})
	return err
}

func (d Deps) prover(q site.Question) (proof.Deps, error) {
	authority, err := d.Authority(q.Options)
	if err != nil {
		return proof.Deps{}, err
	}
	deps := d.Proof
	deps.Authority, deps.Progress = authority, d.Progress
	return deps, nil
}

// CallsItself reports whether the host can be told to run this program.
func (d Deps) CallsItself() bool {
	return d.Scheduler != nil && d.Host.Elevated() && d.Program != ""
}

// Call is how the host calls this program for an environment.
func (d Deps) Call(environment string) schedule.Call {
	return schedule.Call{Program: d.Program, Environment: environment, State: d.Store.Root}
}

// Hint is a command line for a person, with what is needed to find the
// environment again.
func (d Deps) Hint(command, environment string) string {
	hint := "installer " + command
	if environment != "" {
		hint += " --environment " + environment
	}
	if d.Store.Root != d.Layout.StateRoot() {
		hint += " --state " + d.Store.Root
	}
	return hint
}
