package cli

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/empowersuite/backend-installer/installer/adopt"
	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/install"
	"github.com/empowersuite/backend-installer/installer/layout"
	"github.com/empowersuite/backend-installer/installer/remedy"
	"github.com/empowersuite/backend-installer/installer/report"
	"github.com/empowersuite/backend-installer/installer/session"
	"github.com/empowersuite/backend-installer/installer/settings"
)

// installFlags is the command line of install.
type installFlags struct {
	changeFlags

	release        string
	payload        string
	prefix         string
	serviceManager string
	registration   string
	bootRecovery   bool
}

// bootRecoveryHelp is what install and adopt say of --boot-recovery.
const bootRecoveryHelp = "have the host put right at boot what a run left that a power cut ended: systemd before the services start, Windows after, with a restart"

func (a *app) installCommand() *cobra.Command {
	var f installFlags
	cmd := &cobra.Command{
		Use:   "install",
		Short: "Puts a release of the backend on this host",
		Long: `Puts a release of the backend on this host: checks the host, proves the client
secret at Entra ID, renders the configuration from templates, registers the
services, starts them, and proves that they are healthy.

At a terminal, without answers, it asks. A second run with the same answers is
unchanged; a run that fails leaves nothing behind but its log.`,
		Example: fmt.Sprintf(`  %[1]sinstaller install --payload ./backend-9.7.0
  %[1]sinstaller install --answers answers.yaml --payload ./backend-9.7.0
  installer install --answers answers.yaml --prefix ./try --dry-run`, remedy.Here().Sudo()),
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.install(cmd.Context(), f) },
	}
	flags := cmd.Flags()
	f.register(flags)
	flags.StringVar(&f.release, "release", "", "the `DIR` of another release than the one that the program carries")
	flags.StringVar(&f.payload, "payload", "", "the `DIR` with the backend's program files (default: program in the --release)")
	flags.StringVar(&f.prefix, "prefix", "", "relocate every path below `DIR`, for demos and images")
	flags.StringVar(&f.serviceManager, "service-manager", install.Auto, "auto, systemd or command")
	flags.StringVar(&f.registration, "app-registration", "", registrationHelp)
	flags.BoolVar(&f.bootRecovery, "boot-recovery", false, bootRecoveryHelp)
	return cmd
}

func (a *app) install(ctx context.Context, f installFlags) error {
	if err := a.relocate(&f.prefix); err != nil {
		return a.finish(report.Report{Result: report.Failed}, err)
	}
	d := a.deps()
	if err := d.MayChange(); err != nil {
		return a.finish(report.Report{Result: report.Failed}, err)
	}
	req, err := a.installRequest(ctx, d, f)
	if err != nil {
		return a.finish(report.Report{Result: report.Failed, Environment: a.global.environment}, err)
	}
	if !f.dryRun {
		folder := d.Store.Folder(req.Environment)
		_ = folder.Make() // the flow tells why it cannot be made
		a.beginLog(d, folder)
		a.announce(d, "install", req.Environment)
		defer a.log.close()
	}
	r, err := install.Run(ctx, d, req)
	return a.finish(r, err)
}

// relocate makes the prefix absolute, and puts the installer's own state below
// it where no other folder is named.
func (a *app) relocate(prefix *string) error {
	if *prefix == "" {
		return nil
	}
	absolute, err := filepath.Abs(*prefix)
	if err != nil {
		return usage("--prefix is "+*prefix, "name a folder")
	}
	*prefix = absolute
	if err := a.onThisHost("--prefix", absolute); err != nil {
		return err
	}
	if !a.global.stateGiven {
		a.global.state = layout.Beneath(absolute, a.world.Deps.Layout.StateRoot())
	}
	return nil
}

// installRequest gathers what is given and asks for the rest at a terminal.
func (a *app) installRequest(ctx context.Context, d session.Deps, f installFlags) (install.Request, error) {
	req := install.Request{
		Prefix: f.prefix, ServiceManager: f.serviceManager, BootRecovery: f.bootRecovery, DryRun: f.dryRun, SkipValidation: f.skipValidation,
		AllowGUID: f.allowGUID, Window: f.window, Operator: d.Host.Operator(),
	}
	var err error
	if req.Release, req.Payload, err = a.releaseOf(f); err != nil {
		return req, err
	}
	in, err := a.gather(ctx, f.input)
	if err == nil {
		err = in.noLink("installer configure, once it is installed")
	}
	if err != nil {
		return req, err
	}
	if err := takeRegistration(&in, f.registration); err != nil {
		return req, err
	}
	if err := a.takeEnvironment(&in); err != nil {
		return req, err
	}
	if missing := settings.Missing(in.answers, settings.ForInstall); len(missing) > 0 {
		if in, err = a.askInstall(ctx, in, &req); err != nil {
			return req, err
		}
	}
	req.Environment = in.text(settings.Environment)
	req.Values, req.Secrets = in.values(), in.secrets
	a.know(in.secrets)
	if err := f.told(req.Values, d.Now()); err != nil {
		return req, err
	}
	req.Expires, req.CredentialID = f.expires, f.credentialID
	return req, a.saveAnswers(f.changeFlags, in)
}

// takeRegistration takes from the vendor's app-registration package what nothing
// else gives.
func takeRegistration(in *input, path string) error {
	given, err := adopt.Registration(path)
	if err != nil {
		return err
	}
	values := map[string]settings.Value{}
	for key, text := range given {
		values[key] = settings.Value{Text: text, Origin: settings.FromAnswers}
	}
	in.answers = settings.Merge(settings.Answers{Values: values}, in.answers)
	return nil
}

// takeEnvironment makes --environment one of the answers.
func (a *app) takeEnvironment(in *input) error {
	named := in.text(settings.Environment)
	switch {
	case a.global.environment == "" || named == a.global.environment:
	case named != "":
		return usage("--environment says "+a.global.environment+" and the answers say "+named, "leave one of them out")
	default:
		in.answers = settings.Merge(in.answers, settings.Answers{Values: map[string]settings.Value{
			settings.Environment: {Text: a.global.environment, Origin: settings.FromFlag},
		}})
	}
	return nil
}

// programFolder is where a release folder may bring the program files.
const programFolder = "program"

func (a *app) releaseOf(f installFlags) (files fs.FS, payload string, err error) {
	files, payload = a.world.Release, f.payload
	if f.release != "" {
		files = os.DirFS(f.release)
		if _, err := os.Stat(filepath.Join(f.release, "release.yaml")); err != nil {
			return nil, "", fault.Wrap(fault.Usage, err, "the release cannot be read", "name a folder with a release.yaml: --release DIR")
		}
		brought := filepath.Join(f.release, programFolder)
		if info, err := os.Stat(brought); err == nil && info.IsDir() && payload == "" {
			payload = brought
		}
	}
	if payload == "" {
		return nil, "", usage("the backend's program files are missing", "name their folder with --payload DIR")
	}
	if payload, err = filepath.Abs(payload); err != nil {
		return nil, "", usage("--payload is "+f.payload, "name a folder")
	}
	if info, err := os.Stat(payload); err != nil || !info.IsDir() {
		return nil, "", fault.Wrap(fault.Usage, err, "--payload is no folder: "+payload, "name the folder with the backend's program files")
	}
	return files, payload, nil
}
