package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/empowersuite/backend-installer/configs"
	"github.com/empowersuite/backend-installer/installer/adopt"
	"github.com/empowersuite/backend-installer/installer/report"
	"github.com/empowersuite/backend-installer/installer/session"
	"github.com/empowersuite/backend-installer/installer/status"
	"github.com/empowersuite/backend-installer/installer/verify"
)

func (a *app) verifyCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "verify",
		Short: "Proves the present state and changes nothing",
		Long: `Proves the present state and changes nothing: Entra ID accepts the secret in the
file now, the services are healthy and use it, nothing overrides the file, and it
still holds what was set last. The exit status tells.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.inspect(cmd.Context(), func(ctx context.Context, d session.Deps, env string) (report.Report, error) {
				return verify.Run(ctx, d, verify.Request{Environment: env})
			})
		},
	}
}

func (a *app) statusCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "status",
		Short: "Tells what is installed and how it does",
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.inspect(cmd.Context(), func(ctx context.Context, d session.Deps, env string) (report.Report, error) {
				return status.Run(ctx, d, status.Request{Environment: env})
			})
		},
	}
}

// inspect runs a flow that writes nothing, not even a log.
func (a *app) inspect(ctx context.Context, flow func(context.Context, session.Deps, string) (report.Report, error)) error {
	d := a.deps()
	name, err := a.environment(d)
	if err != nil {
		return a.finish(report.Report{Result: report.Failed}, err)
	}
	r, err := flow(ctx, d, name)
	return a.finish(r, err)
}

func (a *app) adoptCommand() *cobra.Command {
	var dryRun, boot bool
	var example string
	cmd := &cobra.Command{
		Use:   "adopt FILE",
		Short: "Registers an installation made by others, so that configure works on it",
		Long: `Registers an installation made by others: which files, where in them the settings
are, which services, which health checks. The README shows a description. Nothing
of that installation is changed.`,
		Example: `  installer adopt installation.yaml --dry-run
  installer adopt --example iis > installation.yaml`,
		Args: func(cmd *cobra.Command, args []string) error {
			if example != "" {
				return noArgs(cmd, args)
			}
			return oneFile(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if example != "" {
				return a.example(example)
			}
			d := a.deps()
			if !dryRun {
				a.announce(d, "adopt", a.global.environment)
			}
			r, err := adopt.Run(cmd.Context(), d, adopt.Request{
				Description: args[0], Environment: a.global.environment, BootRecovery: boot, DryRun: dryRun,
			})
			return a.finish(r, err)
		},
	}
	cmd.Flags().BoolVar(&dryRun, "dry-run", false, "check the description, write nothing")
	cmd.Flags().BoolVar(&boot, "boot-recovery", false, bootRecoveryHelp)
	cmd.Flags().StringVar(&example, "example", "", "print a description to adapt and do nothing else: iis for a `KIND` of backend that IIS hosts")
	return cmd
}

// example prints a description.
func (a *app) example(kind string) error {
	if kind != "iis" {
		return usage("there is no example "+kind, "installer adopt --example iis")
	}
	write(a.world.IO.Out, string(configs.IIS()))
	return nil
}

func oneFile(_ *cobra.Command, args []string) error {
	if len(args) != 1 {
		return usage("one file with the description is wanted", "installer adopt installation.yaml")
	}
	return nil
}
