package cli

import (
	"context"
	"path/filepath"
	"runtime"

	"github.com/spf13/cobra"

	"github.com/empowersuite/backend-installer/installer/document"
	"github.com/empowersuite/backend-installer/installer/edit"
	"github.com/empowersuite/backend-installer/installer/layout"
	"github.com/empowersuite/backend-installer/installer/report"
)

// editFlags are those of edit.
type editFlags struct {
	at           string
	format       string
	valueStdin   bool
	finalNewline bool
	add          bool
	check        bool
	dryRun       bool
}

func (a *app) editCommand() *cobra.Command {
	var f editFlags
	cmd := &cobra.Command{
		Use:   "edit FILE",
		Short: "Changes one value of any configuration file, and no other byte",
		Long: `Changes one value of any configuration file: one value changes, every other byte
stays. The result is read again before it is written; what cannot be changed with
certainty is refused with line and column. The new value comes from stdin:

  installer edit appsettings.json --at /AzureAd/ClientSecret --value-stdin <secret

Where the file's folder takes no new files, what is staged is in a folder of this
account: $XDG_STATE_HOME/empower-installer/edit (~/.local/state), for root edit below
the installer's state, on Windows %LOCALAPPDATA%\empower\installer\edit. The file is
then written in place.

One line end at the end of stdin does not belong to the value. The README lists the
formats, and what a place is in each. Values are shown as fingerprints, made with a key
of this run: they tell old from new, and compare with those of no other run.`,
		Args: aFile,
		RunE: func(cmd *cobra.Command, args []string) error {
			if !cmd.Flags().Changed("at") && !isRaw(args[0], f.format) {
				return usage("no place was named", "say --at PLACE; the README lists the formats and what a place is in each")
			}
			r, err := a.edit(cmd.Context(), args[0], f)
			return a.finish(r, err)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.at, "at", "", "the `PLACE`, as /AzureAd/ClientSecret")
	flags.StringVar(&f.format, "format", "", "the file's format (default: as its name says)")
	flags.BoolVar(&f.valueStdin, "value-stdin", false, "read the value from stdin")
	flags.BoolVar(&f.finalNewline, "final-newline", false, "of a raw file: the newline at its end is not part of the value")
	flags.BoolVar(&f.add, "add", false, "make the place, which is missing")
	flags.BoolVar(&f.check, "check", false, "say where the place is and whether it could be changed, write nothing")
	flags.BoolVar(&f.dryRun, "dry-run", false, "show the change with fingerprints in place of values, write nothing")
	return cmd
}

func (a *app) edit(ctx context.Context, file string, f editFlags) (report.Report, error) {
	req := edit.Request{
		File: file, Format: document.Format(f.format), At: f.at, FinalNewline: f.finalNewline,
		Add: f.add, Check: f.check, DryRun: f.dryRun, Private: a.privateFolder(),
	}
	failed := report.Report{Result: report.Failed}
	if f.valueStdin {
		value, err := a.secretFromStdin(ctx, "the value")
		if err == nil {
			value, err = withoutLineEnd(value)
		}
		if err != nil {
			return failed, err
		}
		req.Value = &value
	} else if !f.check {
		return failed, usage("no value was given", "pipe it in and say --value-stdin, or say --check to look only")
	}
	return edit.Run(ctx, a.deps(), req)
}

// privateFolder is for an edit of a file in a folder that takes no files: below the
// installer's state for an administrator, for others below their own; "" where an
// account has none.
func (a *app) privateFolder() string {
	root := a.global.state
	if !a.world.Deps.Host.Elevated() {
		root = layout.Private(runtime.GOOS, a.world.Getenv)
	}
	if root == "" {
		return ""
	}
	return filepath.Join(root, "edit")
}

// isRaw reports whether the file is its own place. A format that is not known is
// told of later.
func isRaw(file, format string) bool {
	if format != "" {
		return document.Format(format) == document.Raw
	}
	byName, known := document.FormatOf(filepath.ToSlash(file))
	return !known || byName == document.Raw
}

func aFile(_ *cobra.Command, args []string) error {
	if len(args) != 1 {
		return usage("one file is wanted", "installer edit FILE --at PLACE --value-stdin; a value is never an argument")
	}
	return nil
}
