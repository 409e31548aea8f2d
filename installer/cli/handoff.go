package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/empowersuite/backend-installer/installer/onetime"
	"github.com/empowersuite/backend-installer/installer/prompt"
	"github.com/empowersuite/backend-installer/installer/report"
	"github.com/empowersuite/backend-installer/installer/secret"
)

func (a *app) handoffCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "handoff",
		Short: "Hands a client secret over by a one-time link, and takes one",
		Args:  aCommand,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(a.handoffCreateCommand(), a.handoffOpenCommand())
	return cmd
}

func (a *app) handoffOpenCommand() *cobra.Command {
	var f linkFlags
	cmd := &cobra.Command{
		Use:   "open",
		Short: "Reads a one-time link, once, and keeps the secret until configure has proved it",
		Long: `Reads a one-time link of SnapPass or Onetime Secret, once, and keeps the secret in a file
of the state folder that is closed to others, until configure has proved it. The secret
is not shown.

The link is as good as the secret: it is asked for, or comes by --link-stdin or
--link-file, never as an argument. installer configure --client-secret-link-stdin does
both in one go.`,
		Args:    noLinkArgument,
		PreRunE: a.mayChange,
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.handoffOpen(cmd.Context(), f) },
	}
	f.register(cmd.Flags(), "link")
	return cmd
}

// noLinkArgument refuses a link on the command line, which every account of the host
// can see.
func noLinkArgument(_ *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return usage("a one-time link is never an argument: a command line is seen by every account of the host, and the link is as good as the secret",
		"give it with --link-stdin or --link-file FILE, or be asked; consider a secret whose link was typed here known, and have it made anew")
}

func (a *app) handoffOpen(ctx context.Context, f linkFlags) error {
	d := a.deps()
	r := report.Report{RunID: d.RunID, Environment: a.global.environment, Result: report.Failed}
	link, err := a.givenLink(ctx, f)
	if err != nil {
		return a.finish(r, err)
	}
	if r.Environment, err = a.environment(d); err != nil {
		return a.finish(r, err)
	}
	a.beginLog(d, d.Store.Folder(r.Environment))
	a.announce(d, "handoff open", r.Environment)
	defer a.log.close()
	opened, err := a.openLink(ctx, d, link, f)
	if err != nil {
		return a.finish(r, err)
	}
	r.Result, r.Changed = report.Changed, !opened.Before
	if opened.Before {
		r.Result = report.Unchanged
	}
	if opened.Path != "" {
		r.Files = []report.File{{Path: opened.Path}}
		r.Next = []string{
			d.Hint("configure", r.Environment) + " --client-secret-file " + opened.Path + " proves it, sets it and removes that file",
			"where it is not to be used, remove that file: it holds the secret",
		}
	}
	return a.finish(r, nil)
}

// givenLink is the link, from where it is given, or asked for.
func (a *app) givenLink(ctx context.Context, f linkFlags) (secret.Value, error) {
	ways := f.ways()
	switch {
	case len(ways) > 1:
		return secret.Value{}, usage("the link is given in more than one way", "give one of --link-stdin and --link-file")
	case len(ways) == 1:
		return a.readSecret(ctx, theLink, ways[0])
	case !a.interactive():
		return secret.Value{}, usage("the link is missing, and there is no terminal to ask at", "give it with --link-stdin or --link-file FILE")
	}
	link, err := a.asker().Secret(ctx, prompt.Question{Label: "One-time link", Validate: func(text string) error {
		_, err := onetime.ParseLink(secret.New(text))
		return err
	}})
	if err != nil {
		return link, asked(err)
	}
	return link, nil
}
