// Package verify proves the present state of an installation and changes
// nothing: the secret in the file is accepted by Entra ID now, the services
// are healthy and use it, nothing overrides the file, and it still holds what
// was set last.
package verify

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/empowersuite/backend-installer/installer/explain"
	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/preflight"
	"github.com/empowersuite/backend-installer/installer/progress"
	"github.com/empowersuite/backend-installer/installer/remedy"
	"github.com/empowersuite/backend-installer/installer/report"
	"github.com/empowersuite/backend-installer/installer/rollout"
	"github.com/empowersuite/backend-installer/installer/secret"
	"github.com/empowersuite/backend-installer/installer/session"
	"github.com/empowersuite/backend-installer/installer/settings"
	"github.com/empowersuite/backend-installer/installer/site"
	"github.com/empowersuite/backend-installer/installer/svc"
)

// Request says what to verify.
type Request struct {
	Environment string
}

// inspection gathers what is wrong; the first problem gives the code.
type inspection struct {
	deps     session.Deps
	site     site.Site
	files    []site.File
	found    []rollout.Found
	report   report.Report
	problems []*fault.Error
}

// Run verifies. The error is the gravest problem, with all others as causes.
func Run(ctx context.Context, deps session.Deps, req Request) (report.Report, error) {
	in := &inspection{deps: deps}
	in.report = report.Report{RunID: deps.RunID, Environment: req.Environment, Result: report.Failed}
	var err error
	if in.site, err = deps.Open(req.Environment); err != nil {
		return in.report, err
	}
	if in.files, err = in.site.ReadFiles(); err != nil {
		return in.report, explain.Files(err)
	}
	if in.found, err = deps.Survey(ctx, in.site.Installation); err != nil {
		return in.report, err
	}
	if said := session.Unfinished(deps, in.site.Folder); said != "" {
		in.warn(said)
	}
	in.credential(ctx)
	in.services(ctx)
	in.shadows()
	in.memory()
	if ctx.Err() != nil { // what was not looked at to its end says nothing
		return in.report, explain.Cancelled(context.Cause(ctx))
	}
	if len(in.problems) > 0 {
		return in.report, in.verdict()
	}
	in.report.Result = report.Healthy
	return in.report, nil
}

func (in *inspection) problem(code fault.Code, what, remedy string) {
	in.problems = append(in.problems, fault.New(code, what, remedy))
}

func (in *inspection) warn(text string) {
	in.deps.Progress.Say(progress.Warning, text)
	in.report.Warnings = append(in.report.Warnings, text)
}

// credential asks Entra ID once about the secret that the file holds.
func (in *inspection) credential(ctx context.Context) {
	value, ok := in.site.Value(in.files, settings.ClientSecret)
	if !ok {
		in.warn("no file of this installation holds a client secret")
		return
	}
	if value.IsZero() {
		in.problem(fault.SecretRejected, "the configuration holds no client secret", "run installer configure")
		return
	}
	in.report.Credential = &report.Credential{Fingerprint: in.site.Fingerprint(value)}
	if c := in.site.Record.Credential; c != nil {
		in.report.Credential.ID, in.report.Credential.Expires, in.report.Credential.Validation = c.ID, c.Expires, c.Validation
	}
	in.ask(ctx, value)
}

func (in *inspection) ask(ctx context.Context, value secret.Value) {
	question, err := site.Ask(in.site.Lookup(in.files, nil), in.deps.Version)
	if err == nil {
		in.deps.Progress.Say(progress.Step, "ask Entra ID whether it accepts the secret in the file")
		err = explain.Refusal(in.deps.AskOnce(ctx, question, value))
	} else {
		err = explain.Ask(err)
	}
	if err != nil {
		in.problems = append(in.problems, fault.Of(err))
	}
}

func (in *inspection) services(ctx context.Context) {
	value, _ := in.site.Value(in.files, settings.ClientSecret)
	want := in.site.Fingerprint(value)
	for _, s := range in.found {
		in.report.Services = append(in.report.Services, report.Service{
			Name: s.Name, State: string(s.State.Activity), Detail: s.State.Detail,
		})
		switch {
		case !s.State.Exists:
			in.problem(fault.Unhealthy, fmt.Sprintf("the service %s is unknown to the service manager", s.Name),
				"install the service, or correct the installation's description")
		case s.State.Activity != svc.Running:
			in.problem(fault.Unhealthy, fmt.Sprintf("the service %s is %s", s.Name, s.State.Activity),
				readLog(s)+", mend the cause, and start it")
		default:
			in.health(ctx, s, want)
		}
	}
}

func readLog(s rollout.Found) string {
	return "read its log (" + remedy.Here().Log(s.Name) + ")"
}

func (in *inspection) health(ctx context.Context, s rollout.Found, want string) {
	if s.Check == nil {
		return
	}
	result, err := in.deps.Crew.Prober.Probe(ctx, *s.Check)
	switch {
	case err != nil:
		in.problem(fault.Unhealthy, fmt.Sprintf("the health check of %s cannot be asked: %v", s.Name, err),
			"correct the health check in the installation's description")
	case !result.Healthy:
		in.problem(fault.Unhealthy, fmt.Sprintf("the service %s is not healthy: %s", s.Name, result.Detail),
			readLog(s))
	case s.Check.Credential != "" && want != "" && result.Credential != want:
		in.problem(fault.Unhealthy, fmt.Sprintf("the service %s signed in with another secret than the file holds", s.Name),
			in.restartRemedy())
	}
}

// restartRemedy is the way to a service that reads its files anew.
func (in *inspection) restartRemedy() string {
	if in.site.Record.RestartOwed == nil {
		return "restart it by its service manager, then run installer verify again"
	}
	return in.deps.Hint("configure", in.site.Installation.Environment) + " --restart-pending"
}

// shadows looks for whatever overrides the slots.
func (in *inspection) shadows() {
	findings := preflight.Overridden(in.files, in.found)
	for _, found := range findings.Problems {
		in.problem(fault.Preflight, found.What, found.Remedy)
	}
	for _, w := range findings.Warnings {
		in.warn(w)
	}
}

// memory compares with what the last change left.
func (in *inspection) memory() {
	record := in.site.Record
	for _, f := range in.files {
		if sum, ok := record.Files[f.Path]; ok && sum != f.Content.ID.SHA256 {
			in.warn(fmt.Sprintf("%s was edited since the installer wrote it", f.Path))
		}
	}
	value, held := in.site.Value(in.files, settings.ClientSecret)
	if c := record.Credential; c != nil && held && c.Fingerprint != in.site.Fingerprint(value) {
		in.problem(fault.Drifted, "the client secret in the file is not the one that configure set",
			"run installer configure with the secret that is meant")
	}
	if record.RestartOwed != nil {
		in.problem(fault.Unhealthy, "a restart is owed: "+strings.Join(record.RestartOwed.Services, ", "),
			in.restartRemedy())
	}
	if record.Credential.ExpiredBy(in.deps.Now()) {
		in.warn("the recorded last day of the client secret is over")
	}
}

// verdict is the first problem by the gravity of its code.
func (in *inspection) verdict() error {
	order := []fault.Code{
		fault.ConfigInvalid, fault.SecretRejected, fault.Unhealthy, fault.Preflight, fault.Drifted,
		fault.EntraNoVerdict,
	}
	slices.SortStableFunc(in.problems, func(a, b *fault.Error) int {
		return slices.Index(order, a.Code) - slices.Index(order, b.Code)
	})
	first := in.problems[0]
	if len(in.problems) == 1 {
		return first
	}
	causes := []error{first.Cause}
	remedies := []string{first.Remedy}
	for _, p := range in.problems[1:] {
		causes = append(causes, p)
		if !slices.Contains(remedies, p.Remedy) {
			remedies = append(remedies, p.Remedy)
		}
	}
	return fault.Wrap(first.Code, errors.Join(causes...), first.What, strings.Join(remedies, "; "))
}
