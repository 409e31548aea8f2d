package cli

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/empowersuite/backend-installer/configs"
	"github.com/empowersuite/backend-installer/installer/atomicfile"
	"github.com/empowersuite/backend-installer/installer/expiry"
	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/report"
	"github.com/empowersuite/backend-installer/installer/session"
	"github.com/empowersuite/backend-installer/installer/watch"
)

// watchFlags is the command line of watch.
type watchFlags struct {
	settings string
	nagios   bool
	noProbe  bool
	jitter   time.Duration
}

func (a *app) watchCommand() *cobra.Command {
	var f watchFlags
	cmd := &cobra.Command{
		Use:   "watch",
		Short: "Checks how long the client secret lasts, and warns in time",
		Long: `Checks once how long the client secret lasts and whether Entra ID still accepts it,
and warns whom the settings name: 90, 30, 14, 7 and 1 days before its last day, and
at once when Entra ID refuses it. Each warning comes once, and again after another
secret is in place. It changes nothing, and is made for a scheduler: watch install
has this host run it daily.

Where the host has several environments and none is named, it checks each.

With --nagios it prints one line in the form of plugins of Nagios, and its exit
status is theirs: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN.`,
		Args:    noArgs,
		PreRunE: func(cmd *cobra.Command, args []string) error { return a.nagios(f.nagios, a.mayChange(cmd, args)) },
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.watch(cmd.Context(), f) },
	}
	flags := cmd.Flags()
	flags.BoolVar(&f.nagios, "nagios", false, "one line and the exit status of a plugin of Nagios")
	flags.BoolVar(&f.noProbe, "no-probe", false, "do not ask Entra ID")
	flags.DurationVar(&f.jitter, "jitter", 0, "wait for a random time up to this one before Entra ID is asked, for schedulers that start many hosts at once")
	cmd.PersistentFlags().StringVar(&f.settings, "settings", "", "a `FILE` with whom to warn and when, in place of what watch install kept")
	cmd.AddCommand(
		&cobra.Command{
			Use:   "init FILE",
			Short: "Writes settings to fill in",
			Args:  oneSettingsFile,
			RunE:  func(_ *cobra.Command, args []string) error { return a.watchInit(args[0]) },
		},
		&cobra.Command{
			Use:     "test",
			Short:   "Sends a test message to everybody whom the settings name",
			Args:    noArgs,
			PreRunE: a.mayChange,
			RunE:    func(cmd *cobra.Command, _ []string) error { return a.watchTest(cmd.Context(), f) },
		},
		&cobra.Command{
			Use:   "install",
			Short: "Keeps the settings, and has this host check daily",
			Long: `Keeps the settings of --settings FILE, or those that were kept before, and has this
host run watch once a day: by a timer of systemd, or by a task of Windows' Task
Scheduler. Where the host was down then, it runs later.`,
			Args:    noArgs,
			PreRunE: a.mayChange,
			RunE:    func(cmd *cobra.Command, _ []string) error { return a.watchInstall(cmd.Context(), f) },
		},
		&cobra.Command{
			Use:     "remove",
			Short:   "Has this host check no more; settings are kept",
			Args:    noArgs,
			PreRunE: a.mayChange,
			RunE:    func(cmd *cobra.Command, _ []string) error { return a.mend(cmd.Context(), "watch remove", watch.Remove) },
		},
	)
	return cmd
}

func oneSettingsFile(_ *cobra.Command, args []string) error {
	if len(args) != 1 {
		return usage("one file of settings is wanted", "for example: installer watch init watch.yaml")
	}
	return nil
}

// watch checks the environment that is named, or every one.
func (a *app) watch(ctx context.Context, f watchFlags) error {
	if f.jitter < 0 {
		return usage("--jitter is negative", "give a time such as 5m")
	}
	d := a.deps()
	if f.nagios {
		d.Progress = nil // one line is all
	}
	names, err := a.environments(d)
	if err != nil {
		return a.nagios(f.nagios, a.finish(report.Report{Result: report.Failed}, err))
	}
	var all []watch.Outcome
	var problems []error
	for _, name := range names {
		outcome, err := a.watchOne(ctx, d, name, f)
		if err != nil {
			problem := fault.Of(err)
			outcome.Standing = troubled(outcome.Standing, problem)
			outcome.Report.Code, outcome.Report.What, outcome.Report.Remedy = string(problem.Code), a.hide(problem.Error()), a.hide(problem.Remedy)
			problems = append(problems, problem)
		}
		all = append(all, outcome)
		if ctx.Err() != nil {
			break
		}
	}
	if f.nagios {
		return a.showNagios(all)
	}
	return a.finish(together(all, d.RunID), errors.Join(problems...))
}

// together is the report of one environment, or of several.
func together(all []watch.Outcome, run string) report.Report {
	if len(all) == 1 {
		return all[0].Report
	}
	r := report.Report{Result: report.Healthy, RunID: run}
	for _, o := range all {
		if o.Report.Result != report.Healthy {
			r.Result = report.Attention
		}
		r.Environments = append(r.Environments, o.Report)
	}
	return r
}

func (a *app) watchOne(ctx context.Context, d session.Deps, name string, f watchFlags) (watch.Outcome, error) {
	none := watch.Outcome{
		Report:   report.Report{Result: report.Failed, RunID: d.RunID, Environment: name},
		Standing: expiry.Standing{Environment: name, Level: expiry.NotDecided},
	}
	if err := d.Trust(d.Store.Folder(name)); err != nil {
		return none, err
	}
	s, err := a.watchSettings(d, name, f.settings)
	if err != nil {
		return none, err
	}
	if f.noProbe {
		off := false
		s.Probe = &off
	}
	outlets, secrets := a.outlets(ctx, d, s)
	return watch.Run(ctx, d, watch.Request{Environment: name, Settings: s, Outlets: outlets, Secrets: secrets, Jitter: f.jitter})
}

// watchSettings are those of a file, those that were kept, or the defaults.
func (a *app) watchSettings(d session.Deps, environment, path string) (expiry.Settings, error) {
	const mostBytes = 1 << 20
	given := path != ""
	if !given {
		path = d.Store.Folder(environment).WatchSettings()
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return expiry.Settings{}, usage("--settings is "+path, "name a file")
	}
	file, err := atomicfile.Read(path, mostBytes)
	if !given && errors.Is(err, fs.ErrNotExist) {
		return expiry.Defaults(), nil
	}
	if err != nil {
		return expiry.Settings{}, fault.Wrap(fault.Usage, err, "read the settings of watch", "name a file that this account may read; installer watch init FILE writes one")
	}
	s, err := expiry.ParseSettings(file.Data, filepath.Dir(path))
	if err != nil {
		return s, fault.Wrap(fault.Usage, err, "the settings of watch in "+path+" are not whole", "correct what is named; installer watch init FILE writes an example")
	}
	return s, nil
}

func (a *app) watchInit(path string) error {
	r := report.Report{Result: report.Failed}
	if _, err := os.Lstat(path); err == nil {
		return a.finish(r, usage(path+" is there already", "name a new file"))
	}
	if err := atomicfile.Create(path, configs.Watch(), atomicfile.Options{Mode: 0o600, UID: -1, GID: -1}); err != nil {
		return a.finish(r, fault.Wrap(fault.Usage, err, "write the settings", "name a file in a folder that this account may write"))
	}
	r = report.Report{
		Result: report.Changed, Changed: true, Files: []report.File{{Path: path}},
		Next: []string{"fill it in, then: installer watch test --settings " + path, "then: installer watch install --settings " + path},
	}
	return a.finish(r, nil)
}

func (a *app) watchTest(ctx context.Context, f watchFlags) error {
	d := a.deps()
	name, err := a.environment(d)
	if err != nil {
		return a.finish(report.Report{Result: report.Failed}, err)
	}
	s, err := a.watchSettings(d, name, f.settings)
	if err != nil {
		return a.finish(report.Report{Result: report.Failed, Environment: name}, err)
	}
	outlets, secrets := a.outlets(ctx, d, s)
	r, err := watch.Try(ctx, d, watch.Request{Environment: name, Settings: s, Outlets: outlets, Secrets: secrets})
	return a.finish(r, err)
}

func (a *app) watchInstall(ctx context.Context, f watchFlags) error {
	return a.mend(ctx, "watch install", func(ctx context.Context, d session.Deps, name string) (report.Report, error) {
		s, err := a.watchSettings(d, name, f.settings)
		if err != nil {
			return report.Report{Result: report.Failed, Environment: name}, err
		}
		return watch.Install(ctx, d, watch.Plan{Environment: name, Settings: s})
	})
}
