package cli

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/empowersuite/backend-installer/installer/report"
	"github.com/empowersuite/backend-installer/installer/secrets"
	"github.com/empowersuite/backend-installer/installer/session"
	"github.com/empowersuite/backend-installer/installer/signin"
	"github.com/empowersuite/backend-installer/installer/site"
)

func (a *app) secretsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "secrets",
		Short: "Lists and retires the client secrets of the application, through Microsoft Graph",
		Args:  aCommand,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(a.secretsListCommand(), a.secretsRetireCommand())
	return cmd
}

func (a *app) secretsListCommand() *cobra.Command {
	var rights SignIn
	cmd := &cobra.Command{
		Use:   "list",
		Short: "Lists them, marks the one in use and those that have expired, and changes nothing",
		Long: `Lists the client secrets of the environment's application: which one is in use here,
told by the first three characters and by the ID that was recorded, and until when
each is valid. It changes nothing, on this host and in the tenant.

  az account get-access-token --resource-type ms-graph |
    installer secrets list --sign-in token

The account needs to be allowed to read the application: any of its owners, or an
Application Administrator.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.inspect(cmd.Context(), func(ctx context.Context, d session.Deps, env string) (report.Report, error) {
				return secrets.List(ctx, d, secrets.Request{Environment: env, SignIn: a.signIn(rights, d, signin.Read)})
			})
		},
	}
	rights.Register(cmd.Flags())
	return cmd
}

// signIn signs in as the flags say, when the flow knows where.
func (a *app) signIn(f SignIn, d session.Deps, permission string) secrets.SignIn {
	world := a.world
	world.Deps = d
	return func(ctx context.Context, at secrets.Place) (signin.Source, error) {
		return f.Source(ctx, world, SignInTo{
			Entra: at.Question.Options, Permission: permission, ClientID: at.Question.ClientID, Secret: at.InUse,
			NonInteractive: a.global.nonInteractive || !a.world.IO.Interactive(),
		})
	}
}

// application is the list of client secrets as people read it.
func application(app *report.Application) string {
	if app == nil {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "application %s: %s\n", app.ClientID, quoted(app.Name))
	for _, c := range app.Credentials {
		fmt.Fprintf(&b, "client secret %s: %s\n", c.ID, registered(c))
	}
	if len(app.Credentials) == 0 {
		b.WriteString("it has no client secrets\n")
	}
	return b.String()
}

func registered(c report.Registered) string {
	parts := []string{use(c)}
	if c.Hint != "" {
		parts = append(parts, "begins with "+c.Hint)
	}
	if c.Name != "" {
		parts = append(parts, quoted(c.Name))
	}
	return strings.Join(append(parts, life(c)), ", ")
}

// use tells what is known of it on this host.
func use(c report.Registered) string {
	switch {
	case c.Use == string(site.InUse):
		return "in use here, by " + strings.Join(c.By, " and ")
	case c.Use == string(site.Unclear):
		return "cannot tell whether it is in use here"
	}
	return "unknown here, may be in use elsewhere"
}

func life(c report.Registered) string {
	switch {
	case c.Expires == nil:
		return "no end is told"
	case c.Expired:
		return "EXPIRED " + c.Expires.Format(time.DateOnly)
	}
	return fmt.Sprintf("expires %s, %d days left", c.Expires.Format(time.DateOnly), *c.DaysLeft)
}

func quoted(name string) string {
	if name == "" {
		return "without a name"
	}
	return fmt.Sprintf("%q", name)
}
