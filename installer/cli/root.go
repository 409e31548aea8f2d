package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"

	"github.com/empowersuite/backend-installer/installer/eventlog"
	"github.com/empowersuite/backend-installer/installer/explain"
	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/layout"
	"github.com/empowersuite/backend-installer/installer/report"
	"github.com/empowersuite/backend-installer/installer/secret"
	"github.com/empowersuite/backend-installer/installer/session"
	"github.com/empowersuite/backend-installer/installer/site"
)

// The forms of output.
const (
	outputText = "text"
	outputJSON = "json"
)

// global is what every command takes.
type global struct {
	environment    string
	state          string
	stateGiven     bool
	output         string
	logLevel       string
	timeout        time.Duration
	nonInteractive bool
	noColor        bool
}

// app is one run of the program.
type app struct {
	world  World
	args   []string // as typed, for hide
	global global
	log    logger
	told   report.Run             // what events tell of
	events eventlog.Log           // nil: nobody is told
	known  []secret.Value         // secrets of this run, for hide
	step   atomic.Pointer[string] // what is under way, for who sends a signal
}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "installer",
		Short: "Installs and configures a self-hosted empower Backend",
		Long: `Installs and configures a self-hosted empower Backend.

Its main job, on the evening a client secret has expired:

  installer configure

asks for the new secret, proves it at Microsoft Entra ID, writes it in place,
restarts the services in order, proves that the running backend uses it, or
puts everything back.`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          aCommand,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	a.globalFlags(root)
	root.PersistentPreRunE = func(cmd *cobra.Command, _ []string) error { return a.checkGlobal(cmd) }
	root.AddCommand(
		a.installCommand(), a.configureCommand(), a.verifyCommand(), a.statusCommand(), a.secretsCommand(), a.watchCommand(),
		a.recoverCommand(), a.confirmCommand(), a.adoptCommand(), a.editCommand(), a.handoffCommand(), a.answersCommand(),
		a.keyringCommand(), a.versionCommand(),
	)
	return root
}

func (a *app) globalFlags(root *cobra.Command) {
	flags := root.PersistentFlags()
	flags.StringVar(&a.global.environment, "environment", a.world.Getenv(envEnvironment),
		"the `NAME` of the environment; may be left out where the host has one")
	flags.StringVar(&a.global.state, "state", a.world.Getenv(envState),
		"the `DIR` with the installer's own state (default "+a.world.Deps.Layout.StateRoot()+")")
	flags.StringVar(&a.global.output, "output", outputText, "text or json")
	flags.StringVar(&a.global.logLevel, "log-level", "info", "of the log file: debug, info, warn or error")
	flags.DurationVar(&a.global.timeout, "timeout", 0, "ends the whole run after this time, as Ctrl-C would (default: none)")
	flags.BoolVar(&a.global.nonInteractive, "non-interactive", false, "ask nothing, also at a terminal")
	flags.BoolVar(&a.global.noColor, "no-color", a.world.Getenv(envNoColor) != "", "no colours")
}

func (a *app) checkGlobal(cmd *cobra.Command) error {
	if a.global.output != outputText && a.global.output != outputJSON {
		bad := a.global.output
		a.global.output = outputText
		return usage(fmt.Sprintf("--output is %q", bad), "say --output text or --output json")
	}
	switch a.global.logLevel {
	case "debug", "info", "warn", "error":
	default:
		return usage(fmt.Sprintf("--log-level is %q", a.global.logLevel), "say debug, info, warn or error")
	}
	if a.global.timeout < 0 {
		return usage("--timeout is negative", "give a time such as 10m")
	}
	if name := a.global.environment; name != "" && !layout.ValidEnvironment(name) {
		return usage(fmt.Sprintf("%q is no name of an environment", name),
			"use letters, digits, - and _, 32 at most, beginning with a letter")
	}
	a.global.stateGiven = a.global.state != ""
	if !a.global.stateGiven {
		a.global.state = a.world.Deps.Layout.StateRoot()
	}
	absolute, err := filepath.Abs(a.global.state)
	if err != nil {
		return fmt.Errorf("find the state folder: %w", err)
	}
	a.global.state = absolute
	if err := a.onThisHost("--state", absolute); err != nil {
		return err
	}
	if a.global.timeout > 0 {
		ctx, cancel := context.WithTimeoutCause(cmd.Context(), a.global.timeout, &timeoutError{a.global.timeout})
		context.AfterFunc(ctx, cancel)
		cmd.SetContext(ctx)
	}
	return nil
}

func usage(what, remedy string) error { return fault.New(fault.Usage, what, remedy) }

// interactive reports whether a person may be asked.
func (a *app) interactive() bool { return !a.global.nonInteractive && a.world.IO.Interactive() }

func (a *app) color() bool { return !a.global.noColor && a.world.IO.Colours() }

// deps is the outside world of a flow, for this run.
func (a *app) deps() session.Deps {
	d := a.world.Deps
	d.Store = site.Store{Root: a.global.state}
	d.Progress = a.draw
	d.Crew.Progress = a.draw
	d.RunID = runID(d.Now())
	return d
}

// mayChange is where a command that changes an installation begins.
func (a *app) mayChange(*cobra.Command, []string) error {
	if err := a.deps().MayChange(); err != nil {
		return a.finish(report.Report{Result: report.Failed}, err)
	}
	return nil
}

// runID names a run: its time to the second, in UTC, sorts runs.
func runID(now time.Time) string { return now.UTC().Format(session.RunIDLayout) }

// environment is the one to work on: named, or the only one.
func (a *app) environment(d session.Deps) (string, error) {
	name, err := d.Store.Resolve(a.global.environment)
	if err != nil {
		return "", explain.Open(err, a.global.environment, d.Store.Root)
	}
	return name, nil
}

// environments are those to look at: the one that is named, or every one.
func (a *app) environments(d session.Deps) ([]string, error) {
	name, err := d.Store.Resolve(a.global.environment)
	if errors.Is(err, site.ErrSeveral) {
		return d.Store.Environments()
	}
	if err != nil {
		return nil, explain.Open(err, a.global.environment, d.Store.Root)
	}
	return []string{name}, nil
}

// aCommand refuses a command that there is not, and names one that is near.
func aCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	const letters = 2 // that may differ
	cmd.SuggestionsMinimumDistance = letters
	remedy := cmd.CommandPath() + " --help lists the commands"
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		remedy = "say " + cmd.CommandPath() + " " + near[0] + " if that was meant; " + remedy
	}
	return usage(fmt.Sprintf("there is no command %q", cmd.CommandPath()+" "+args[0]), remedy)
}

// noArgs refuses arguments; a word that could be a secret is not repeated.
func noArgs(_ *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return usage("this command takes no arguments besides flags",
		"a secret is never an argument: use --client-secret-stdin, --client-secret-file FILE, --client-secret-keyring NAME or EMPOWER_ENTRA_CLIENT_SECRET")
}
