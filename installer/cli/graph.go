package cli

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/report"
	"github.com/empowersuite/backend-installer/installer/secret"
	"github.com/empowersuite/backend-installer/installer/secrets"
	"github.com/empowersuite/backend-installer/installer/session"
	"github.com/empowersuite/backend-installer/installer/site"
)

func (a *app) secretsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "secrets",
		Short: "Lists the client secrets of the application, through Microsoft Graph",
		Args:  aCommand,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(a.secretsListCommand())
	return cmd
}

func (a *app) secretsListCommand() *cobra.Command {
	var rights rightsFlags
	cmd := &cobra.Command{
		Use:   "list",
		Short: "Lists them, marks the one in use and those that have expired, and changes nothing",
		Long: `Lists the client secrets of the environment's application: which one is in use here,
told by the first three characters and by the ID that was recorded, and until when
each is valid. It changes nothing, on this host and in the tenant.

  az account get-access-token --resource https://graph.microsoft.com |
    installer secrets list --graph-token-stdin

The account needs to be allowed to read the application: any of its owners, or an
Application Administrator.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			source, err := a.rights(cmd.Context(), rights)
			if err != nil {
				return a.finish(report.Report{Result: report.Failed}, err)
			}
			return a.inspect(cmd.Context(), func(ctx context.Context, d session.Deps, env string) (report.Report, error) {
				return secrets.List(ctx, d, secrets.Request{Environment: env, Source: source})
			})
		},
	}
	rights.register(cmd.Flags())
	return cmd
}

// rightsFlags say whose rights at Microsoft Graph are used.
type rightsFlags struct {
	tokenStdin    bool
	asApplication bool
}

func (f *rightsFlags) register(flags *pflag.FlagSet) {
	flags.BoolVar(&f.tokenStdin, "graph-token-stdin", false, "read an access token for Microsoft Graph from stdin, as az account get-access-token prints it")
	flags.BoolVar(&f.asApplication, "as-application", false, "sign in as the application itself, with the secret in use")
}

const tokenPipe = "az account get-access-token --resource https://graph.microsoft.com | "

// rights is the source of the token that the flags name.
func (a *app) rights(ctx context.Context, f rightsFlags) (secrets.Source, error) {
	switch {
	case f.tokenStdin == f.asApplication:
		return nil, usage("whose rights are to be used is not clear",
			"give one of --graph-token-stdin ("+tokenPipe+"installer ...) and --as-application")
	case f.asApplication:
		return secrets.AsApplication{}, nil
	}
	given, err := a.secretFromStdin(ctx, "the access token")
	if err != nil {
		return nil, err
	}
	token, err := secrets.ParseToken(given)
	if err != nil {
		return nil, fault.Wrap(fault.Usage, err, "what came from stdin is of no use", tokenPipe+"installer ...")
	}
	a.know(map[string]secret.Value{"token": token})
	return secrets.Given{Value: token}, nil
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
