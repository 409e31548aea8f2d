package cli

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/empowersuite/backend-installer/installer/prompt"
	"github.com/empowersuite/backend-installer/installer/report"
	"github.com/empowersuite/backend-installer/installer/secret"
	"github.com/empowersuite/backend-installer/installer/secrets"
	"github.com/empowersuite/backend-installer/installer/session"
	"github.com/empowersuite/backend-installer/installer/signin"
)

// rotationFlags are those of configure --rotate.
type rotationFlags struct {
	wanted      bool
	lifetime    string
	displayName string
	retire      string
	yes         bool
	rights      SignIn
}

const flagRotate = "rotate"

func (f *rotationFlags) register(flags *pflag.FlagSet) {
	flags.BoolVar(&f.wanted, flagRotate, false, "make the new client secret through Microsoft Graph, and switch to it")
	flags.StringVar(&f.lifetime, "lifetime", "", "of --rotate: how long the new one lives, as `180d` (the default, or less where a policy says so)")
	flags.StringVar(&f.displayName, "display-name", "", "of --rotate: the `NAME` of the new one in the portal; the run's ID is put behind it (default: this program and host)")
	flags.StringVar(&f.retire, "retire", "", "of --rotate: what becomes of the one before once the new one is in use: `now`, \"after 24h\" or never (default: asks; unattended: never)")
	flags.BoolVar(&f.yes, "yes", false, "of --rotate: do not ask; with --retire now or after it says that no other host and no other program uses the one before by then")
	f.rights.Register(flags)
}

// check refuses flags that do not go together.
func (f *rotationFlags) check(cmd *cobra.Command) error {
	own := []string{"lifetime", "display-name", "retire", "yes", "sign-in", "sign-in-client-id"}
	also := []string{flagRotate, "dry-run", "confirm-within", "validation-window"}
	var foreign []string
	cmd.Flags().Visit(func(given *pflag.Flag) {
		if cmd.InheritedFlags().Lookup(given.Name) != nil || slices.Contains(also, given.Name) {
			return
		}
		if slices.Contains(own, given.Name) != f.wanted {
			foreign = append(foreign, "--"+given.Name)
		}
	})
	switch {
	case len(foreign) == 0:
		return nil
	case f.wanted:
		return usage("--rotate makes the secret itself and goes without "+strings.Join(foreign, ", "), "leave them out, or --rotate")
	}
	return usage(strings.Join(foreign, ", ")+": of --rotate alone", "add --rotate, or leave them out")
}

// rotate makes a client secret, switches to it and retires the one before.
func (a *app) rotate(ctx context.Context, f configureFlags) error {
	req, err := a.rotationRequest(f)
	if err != nil {
		return a.finish(report.Report{Result: report.Failed, Environment: a.global.environment}, err)
	}
	flow := func(ctx context.Context, d session.Deps, env string) (report.Report, error) {
		req.Environment, req.Operator, req.SignIn = env, d.Host.Operator(), a.signIn(f.rotation.rights, d, signin.Write)
		return secrets.Rotate(ctx, d, req)
	}
	if f.dryRun {
		return a.inspect(ctx, flow)
	}
	return a.mend(ctx, "configure", flow)
}

func (a *app) rotationRequest(f configureFlags) (secrets.Rotation, error) {
	req := secrets.Rotation{
		Alone:       f.rotation.rights.Alone(),
		DisplayName: f.rotation.displayName, DryRun: f.dryRun, ConfirmWithin: f.confirmWithin, Window: f.window,
		Made: func(value secret.Value) { a.known = append(a.known, value) },
	}
	if err := f.check(); err != nil {
		return req, err
	}
	var err error
	if req.Lifetime, err = lifetime(f.rotation.lifetime); err != nil {
		return req, err
	}
	if req.Retire, req.Later, err = retirement(f.rotation.retire); err != nil {
		return req, err
	}
	return req, a.mayRotate(f, &req)
}

// mayRotate makes sure that somebody says what no program knows of the secret before.
func (a *app) mayRotate(f configureFlags, req *secrets.Rotation) error {
	removes := req.Retire == secrets.Now || req.Retire == secrets.Later
	switch {
	case removes && f.confirmWithin > 0:
		return usage("--retire and --confirm-within exclude each other: a change that may be put back needs the secret before", "leave one of them out")
	case f.dryRun || f.rotation.yes:
	case a.interactive():
		req.Approve = a.approveRotation
		if removes || f.rotation.retire == "" {
			req.Choose = a.chooseRetirement
		}
	case removes:
		return usage("nobody can be asked here whether other hosts still use the secret before",
			"say --yes once no other host and no other program uses it, or leave --retire out")
	}
	return nil
}

// lifetime reads days, as 180d, or a time as Go writes it; "" is 0.
func lifetime(text string) (time.Duration, error) {
	const oneDay = 24 * time.Hour
	if text == "" {
		return 0, nil
	}
	if number, inDays := strings.CutSuffix(text, "d"); inDays {
		if n, err := strconv.Atoi(number); err == nil && n > 0 && n <= int(secrets.MaxLifetime/oneDay) {
			return time.Duration(n) * oneDay, nil
		}
	} else if d, err := time.ParseDuration(text); err == nil && d > 0 {
		return d, nil
	}
	return 0, usage(fmt.Sprintf("%q is no lifetime of a client secret", text), fmt.Sprintf("give a number of days such as 180d, %dd at most", secrets.MaxLifetime/oneDay))
}

// retirement reads now, never, or after with a time.
func retirement(text string) (secrets.When, time.Duration, error) {
	word, after, _ := strings.Cut(text, " ")
	switch {
	case text == "" || text == string(secrets.Never):
		return secrets.Never, 0, nil
	case text == string(secrets.Now):
		return secrets.Now, 0, nil
	case word == string(secrets.Later):
		if later, err := lifetime(strings.TrimSpace(after)); err == nil && later > 0 {
			return secrets.Later, later, nil
		}
	}
	return "", 0, usage(fmt.Sprintf("--retire is %q", text), `say now, never, or "after 24h" (also in days, "after 7d")`)
}

func (a *app) approveRotation(ctx context.Context, lines []string) (bool, error) {
	a.spell("This will be done; what fails after the client secret was made removes it again:", lines)
	return a.asker().Confirm(ctx, prompt.Question{Label: "Go ahead?", Default: "yes"})
}

// chooseRetirement asks what becomes of the client secret before.
func (a *app) chooseRetirement(ctx context.Context, lines []string, proposed secrets.When) (secrets.When, error) {
	if proposed == secrets.Never {
		proposed = secrets.Now
	}
	a.spell("The new client secret is in use here. Of the one before:", lines)
	question := "Does every other host use another secret, and is it to be removed?"
	if proposed == secrets.Later {
		question = "Will every other host use another secret by then, and is it to be removed then?"
	}
	yes, err := a.asker().Confirm(ctx, prompt.Question{Label: question})
	if err != nil || !yes {
		return secrets.Never, err
	}
	return proposed, nil
}
