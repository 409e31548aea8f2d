package cli

import (
	"context"

	"github.com/spf13/cobra"

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
	var all bool
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Tells what is installed and how it does",
		Long: `Tells what is installed and how it does: which client secret is in place and until
when, the services, and what is to be looked at. It asks nobody and changes nothing.

Where the host has several environments and none is named, it tells of each; with
--output json they are then in "environments". --all has that form for one, too.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.status(cmd.Context(), all) },
	}
	cmd.Flags().BoolVar(&all, "all", false, "every environment of the host, in the form of several also where there is one")
	return cmd
}

func (a *app) status(ctx context.Context, all bool) error {
	d := a.deps()
	if all && a.global.environment != "" {
		return usage("--all and --environment exclude each other", "leave one of them out")
	}
	names, err := a.environments(d)
	switch {
	case err != nil:
		return a.finish(report.Report{Result: report.Failed}, err)
	case len(names) == 1 && !all:
		r, err := status.Run(ctx, d, status.Request{Environment: names[0]})
		return a.finish(r, err)
	}
	r, err := status.All(ctx, d, names)
	return a.finish(r, err)
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
