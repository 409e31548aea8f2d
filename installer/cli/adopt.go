package cli

import (
	"context"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/empowersuite/backend-installer/configs"
	"github.com/empowersuite/backend-installer/installer/adopt"
)

// adoptFlags is the command line of adopt.
type adoptFlags struct {
	dryRun  bool
	boot    bool
	detect  bool
	example string

	// With --detect.
	prefix       string
	outputDir    string
	registration string
	yes          bool
}

func (a *app) adoptCommand() *cobra.Command {
	var f adoptFlags
	cmd := &cobra.Command{
		Use:   "adopt FILE | adopt --detect",
		Short: "Registers an installation made by others, so that configure works on it",
		Long: `Registers an installation made by others: which files, where in them the settings
are, which services, which health checks. The README shows a description. Nothing
of that installation is changed.

With --detect it looks for what the vendor's installer made on this host and
proposes a description of each environment, with comments that say where each line
comes from. At a terminal it asks what is not certain, and registers what you
confirm. Else it prints the proposals (or writes them, with --output-dir) and
registers nothing; exit status 5 says that something is left to decide.`,
		Example: `  sudo installer adopt installation.yaml
  installer adopt --example iis > installation.yaml
  sudo installer adopt --detect
  sudo installer adopt --detect --non-interactive > PROD.yaml
  sudo installer adopt --detect --output-dir . --app-registration config.json`,
		Args: func(cmd *cobra.Command, args []string) error {
			if f.example != "" && !f.detect {
				return noArgs(cmd, args)
			}
			return f.check(args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if f.example != "" {
				return a.example(f.example)
			}
			registers := !f.detect || f.prefix == "" && (f.yes || a.interactive())
			if registers {
				if err := a.mayChange(cmd, args); err != nil {
					return err
				}
			}
			if f.detect {
				return a.detect(cmd.Context(), f)
			}
			return a.adopt(cmd.Context(), f, args[0])
		},
	}
	f.register(cmd.Flags())
	return cmd
}

func (f *adoptFlags) register(flags *pflag.FlagSet) {
	flags.BoolVar(&f.dryRun, "dry-run", false, "check the description, write nothing")
	flags.BoolVar(&f.boot, "boot-recovery", false, bootRecoveryHelp)
	flags.StringVar(&f.example, "example", "", "print a description to adapt and do nothing else: iis for a `KIND` of backend that IIS hosts")
	flags.BoolVar(&f.detect, "detect", false, "look for the vendor's installation on this host and propose a description")
	flags.StringVar(&f.prefix, "prefix", "", "with --detect: look below `DIR`, in a tree of Windows or Linux")
	flags.StringVar(&f.outputDir, "output-dir", "", "with --detect: write each proposal to `DIR`/ENVIRONMENT.yaml, never over a file")
	flags.StringVar(&f.registration, "app-registration", "", registrationHelp)
	flags.BoolVar(&f.yes, "yes", false, "with --detect: register without asking, where nothing is left to decide")
}

// example prints a description.
func (a *app) example(kind string) error {
	if kind != "iis" {
		return usage("there is no example "+kind, "installer adopt --example iis")
	}
	write(a.world.IO.Out, string(configs.IIS()))
	return nil
}

// registrationHelp is what commands say of --app-registration.
const registrationHelp = "take tenant and public host name from `FILE`, the config.json of the vendor's app-registration package"

// check wants one file, or --detect and what belongs to it.
func (f *adoptFlags) check(args []string) error {
	switch {
	case f.detect:
		return f.checkDetect(args)
	case f.prefix+f.outputDir+f.registration != "" || f.yes:
		return usage("--prefix, --output-dir, --app-registration and --yes are for adopt --detect", "leave them out, or say --detect")
	case len(args) != 1:
		return usage("one file with the description is wanted", "installer adopt installation.yaml")
	}
	return nil
}

func (f *adoptFlags) checkDetect(args []string) error {
	switch {
	case f.example != "":
		return usage("--example prints and --detect looks", "give one of them")
	case len(args) > 0:
		return usage("adopt --detect takes no file", "register a description with installer adopt FILE, or look for one with installer adopt --detect")
	case f.yes && f.outputDir != "":
		return usage("--yes registers and --output-dir only proposes", "give one of them")
	}
	return nil
}

func (a *app) adopt(ctx context.Context, f adoptFlags, description string) error {
	req := f.request()
	req.Description, req.Environment = description, a.global.environment
	d := a.deps()
	if !f.dryRun {
		a.announce(d, "adopt", a.global.environment)
	}
	r, err := adopt.Run(ctx, d, req)
	return a.finish(r, err)
}

func (f *adoptFlags) request() adopt.Request {
	return adopt.Request{BootRecovery: f.boot, DryRun: f.dryRun}
}
