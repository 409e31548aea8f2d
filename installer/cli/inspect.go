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
