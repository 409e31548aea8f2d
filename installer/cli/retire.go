package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/empowersuite/backend-installer/installer/prompt"
	"github.com/empowersuite/backend-installer/installer/report"
	"github.com/empowersuite/backend-installer/installer/secrets"
	"github.com/empowersuite/backend-installer/installer/session"
	"github.com/empowersuite/backend-installer/installer/signin"
)

func (a *app) secretsRetireCommand() *cobra.Command {
	var rights SignIn
	var req secrets.Retirement
	var yes, owed bool
	cmd := &cobra.Command{
		Use:   "retire",
		Short: "Removes one client secret, once this host was proven to use another",
		Long: `Removes exactly one client secret of the environment's application, which cannot be
undone. First this host is proven to use another one: Entra ID accepts the secret in
the file, nothing overrides it, and the services run, are healthy and have read it.
The one in use here is never removed, nor one that cannot be told from it.

What other hosts and programs use only you know: at a terminal it asks, elsewhere say
--yes once each of them uses a new secret.

With --owed it removes what earlier runs left to be removed, which was agreed to then:
secrets that configure --rotate made and that never came into use, and those that were
in use before, once their time has come. It asks nobody and is made for schedulers.`,
		Args:    noArgs,
		PreRunE: a.mayChange,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if owed && !cmd.Flags().Changed("key-id") && !req.DryRun {
				return a.mend(cmd.Context(), "secrets retire", func(ctx context.Context, d session.Deps, env string) (report.Report, error) {
					return secrets.PayOwed(ctx, d, secrets.Request{Environment: env, SignIn: a.signIn(rights, d, signin.Write), Alone: rights.Alone()})
				})
			}
			if err := a.mayRetire(yes, owed, &req); err != nil {
				return a.finish(report.Report{Result: report.Failed}, err)
			}
			return a.mend(cmd.Context(), "secrets retire", func(ctx context.Context, d session.Deps, env string) (report.Report, error) {
				req.Environment, req.SignIn = env, a.signIn(rights, d, signin.Write)
				return secrets.Retire(ctx, d, req)
			})
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&req.KeyID, "key-id", "", "the Secret `ID` of the one to remove, as secrets list shows it")
	flags.BoolVar(&req.DryRun, "dry-run", false, "check everything, remove nothing")
	flags.BoolVar(&owed, "owed", false, "remove what earlier runs left to be removed; status tells what that is")
	flags.BoolVar(&yes, "yes", false, "do not ask: no other host and no other program uses it")
	rights.Register(flags)
	return cmd
}

// mayRetire makes sure that somebody says what no program knows.
func (a *app) mayRetire(yes, owed bool, req *secrets.Retirement) error {
	switch {
	case owed:
		return usage("--owed removes what is on the list and nothing else", "leave --key-id and --dry-run out; installer status shows what is owed")
	case req.KeyID == "":
		return usage("which client secret is to be removed is not said", "give --key-id ID; installer secrets list shows them")
	case yes || req.DryRun:
	case !a.interactive():
		return usage("nobody can be asked here whether other hosts still use the secret",
			"say --yes once no other host and no other program uses it, or --dry-run to check only")
	default:
		req.Approve = a.approveRetirement
	}
	return nil
}

func (a *app) approveRetirement(ctx context.Context, lines []string) (bool, error) {
	a.spell("This will be done, and cannot be undone:", lines)
	return a.asker().Confirm(ctx, prompt.Question{Label: "Does every other host use another secret, and is it to be removed?"})
}
