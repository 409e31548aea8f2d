package secrets

import (
	"context"
	"fmt"
	"strings"

	"github.com/empowersuite/backend-installer/installer/explain"
	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/plan"
	"github.com/empowersuite/backend-installer/installer/preflight"
	"github.com/empowersuite/backend-installer/installer/progress"
	"github.com/empowersuite/backend-installer/installer/rollout"
	"github.com/empowersuite/backend-installer/installer/session"
	"github.com/empowersuite/backend-installer/installer/svc"
)

// proven makes sure that this host uses the secret in the file, and no other: it
// was set by this program or the services tell it, nothing overrides it, Entra ID
// accepts it, and every service runs and is healthy.
func (a *access) proven(ctx context.Context, deps session.Deps) error {
	if a.value.IsZero() {
		return fault.New(fault.Preflight, "the configuration holds no client secret", "run installer configure first")
	}
	if owed := a.site.Record.RestartOwed; owed != nil {
		return fault.New(fault.Preflight, "a restart is owed, and services may still use the old secret: "+strings.Join(owed.Services, ", "),
			deps.Hint("configure", a.site.Installation.Environment)+" --restart-pending")
	}
	found, err := deps.Survey(ctx, a.site.Installation)
	if err != nil {
		return err
	}
	if err := a.unshadowed(found); err != nil {
		return err
	}
	if err := a.running(ctx, deps, found); err != nil {
		return err
	}
	if a.accepted {
		return nil
	}
	deps.Progress.Say(progress.Step, "ask Entra ID whether it accepts the secret in the file")
	return explain.Refusal(deps.AskOnce(ctx, a.question, a.value))
}

// unshadowed refuses where something overrides the secret in the file.
func (a *access) unshadowed(found []rollout.Found) error {
	var p plan.Plan
	for _, f := range a.files {
		file := plan.File{File: f}
		for _, slot := range f.Slots {
			file.Changes = append(file.Changes, plan.Change{Setting: slot.Setting})
		}
		p.Files = append(p.Files, file)
	}
	if problems := preflight.Shadows(p, found).Problems; len(problems) > 0 {
		return fault.New(fault.Preflight, problems[0].What, problems[0].Remedy)
	}
	return nil
}

// running makes sure of the services.
func (a *access) running(ctx context.Context, deps session.Deps, found []rollout.Found) error {
	record := a.site.Record.Credential
	set := record != nil && record.Fingerprint != "" && record.Fingerprint == a.site.Fingerprint(a.value)
	if len(found) == 0 && !set {
		return unread("what this installation serves")
	}
	for _, s := range found {
		if s.State.Activity != svc.Running || !s.Healthy {
			return fault.New(fault.Unhealthy, fmt.Sprintf("the service %s is not running well, so that it is not proven that it can do without the old secret", s.Name),
				deps.Hint("verify", a.site.Installation.Environment)+" tells what is wrong; mend it first")
		}
		tells, err := a.signedIn(ctx, deps, s)
		if err != nil {
			return err
		}
		if !set && !tells {
			return unread("the service " + s.Name)
		}
	}
	return nil
}

func unread(reader string) error {
	return fault.New(fault.Preflight, "nothing proves that "+reader+" has read the secret that is in the file now",
		"run installer configure with that secret: it restarts what reads it and puts it on record")
}

// signedIn asks a service that can tell which secret it signed in with.
func (a *access) signedIn(ctx context.Context, deps session.Deps, s rollout.Found) (bool, error) {
	want := a.site.Fingerprint(a.value)
	if s.Check == nil || s.Check.Credential == "" || want == "" {
		return false, nil
	}
	result, err := deps.Crew.Prober.Probe(ctx, *s.Check)
	if err != nil || result.Credential != want {
		return false, fault.Wrap(fault.Unhealthy, err, fmt.Sprintf("the service %s signed in with another secret than the file holds", s.Name),
			"restart it by its service manager, then run installer verify")
	}
	return true, nil
}
