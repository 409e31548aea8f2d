package cli

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/empowersuite/backend-installer/installer/report"
)

func (a *app) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Tells the version of the installer, which is that of its release",
		Args:  noArgs,
		RunE: func(*cobra.Command, []string) error {
			v := a.world.Deps.Version
			info, _ := debug.ReadBuildInfo()
			commit := Commit(info)
			if a.global.output == outputJSON {
				a.showJSON(report.Report{Result: report.Unchanged, Product: "installer", Version: v, Commit: commit}, nil)
				return nil
			}
			line := fmt.Sprintf("installer %s %s/%s %s", v, runtime.GOOS, runtime.GOARCH, runtime.Version())
			if commit != "" {
				line += " commit " + commit
			}
			write(a.world.IO.Out, line+"\n")
			return nil
		},
	}
}

// Commit is the commit that a program was built from, with "+dirty" where files
// had been changed since; "" where Go does not tell it, as in tests.
func Commit(info *debug.BuildInfo) string {
	if info == nil {
		return ""
	}
	commit, changed := "", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			commit = s.Value
		case s.Key == "vcs.modified" && s.Value == "true":
			changed = "+dirty"
		}
	}
	if commit == "" {
		return ""
	}
	return commit + changed
}
