package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/empowersuite/backend-installer/installer/recovery"
	"github.com/empowersuite/backend-installer/installer/report"
	"github.com/empowersuite/backend-installer/installer/session"
)

func (a *app) recoverCommand() *cobra.Command {
	var dryRun, boot bool
	cmd := &cobra.Command{
		Use:   "recover",
		Short: "Finishes or reverts what a run that was cut off left behind",
		Long: `Finishes or reverts what a run that was cut off left behind: afterwards everything
old stands and runs, or everything new, and it says which. Every command that
changes an installation does this first; recover does nothing else.

A change that was made with --confirm-within and not confirmed in time is put back.`,
		Args:    noArgs,
		PreRunE: a.mayChange,
		RunE: func(cmd *cobra.Command, _ []string) error {
			flow := func(ctx context.Context, d session.Deps, env string) (report.Report, error) {
				return recovery.Run(ctx, d, recovery.Request{Environment: env, DryRun: dryRun, Boot: boot})
			}
			if dryRun {
				return a.inspect(cmd.Context(), flow)
			}
			return a.mend(cmd.Context(), "recover", flow)
		},
	}
	cmd.Flags().BoolVar(&dryRun, "dry-run", false, "tell what would be done, change nothing")
	cmd.Flags().BoolVar(&boot, "boot", false, "the services have not started yet: put files right and leave what needs services (for the boot unit)")
	return cmd
}

func (a *app) confirmCommand() *cobra.Command {
	var undo bool
	cmd := &cobra.Command{
		Use:   "confirm",
		Short: "Keeps a change that was made with --confirm-within",
		Long: `Keeps a change that was made with configure --confirm-within. Without it the change
is put back when its time is over; --undo puts it back at once.`,
		Args:    noArgs,
		PreRunE: a.mayChange,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.mend(cmd.Context(), "confirm", func(ctx context.Context, d session.Deps, env string) (report.Report, error) {
				return recovery.Confirm(ctx, d, recovery.Confirmation{Environment: env, Undo: undo})
			})
		},
	}
	cmd.Flags().BoolVar(&undo, "undo", false, "put the change back instead")
	return cmd
}

// mend runs a flow on what an earlier run left, with a log where there is one.
func (a *app) mend(ctx context.Context, command string, flow func(context.Context, session.Deps, string) (report.Report, error)) error {
	d := a.deps()
	name, err := a.environment(d)
	if err != nil {
		return a.finish(report.Report{Result: report.Failed}, err)
	}
	a.beginLog(d, d.Store.Folder(name))
	a.announce(d, command, name)
	defer a.log.close()
	r, err := flow(ctx, d, name)
	return a.finish(r, err)
}
