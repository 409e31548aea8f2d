package cli

import (
	"fmt"
	"runtime"

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
			if a.global.output == outputJSON {
				a.showJSON(report.Report{Result: report.Unchanged, Product: "installer", Version: v}, nil)
				return nil
			}
			write(a.world.IO.Out, fmt.Sprintf("installer %s %s/%s %s\n", v, runtime.GOOS, runtime.GOARCH, runtime.Version()))
			return nil
		},
	}
}
