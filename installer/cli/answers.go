package cli

import (
	"errors"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/empowersuite/backend-installer/configs"
	"github.com/empowersuite/backend-installer/installer/adopt"
	"github.com/empowersuite/backend-installer/installer/atomicfile"
	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/report"
	"github.com/empowersuite/backend-installer/installer/settings"
)

func (a *app) answersCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "answers",
		Short: "Makes and checks answers files for unattended runs",
		Args:  aCommand,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(
		a.answersInitCommand(),
		&cobra.Command{
			Use:   "check FILE",
			Short: "Tells every mistake in an answers file, with line and column",
			Args:  oneAnswersFile,
			RunE:  func(_ *cobra.Command, args []string) error { return a.answersCheck(args[0]) },
		},
		&cobra.Command{
			Use:   "schema",
			Short: "Prints the JSON schema of answers files",
			Args:  noArgs,
			RunE: func(*cobra.Command, []string) error {
				write(a.world.IO.Out, string(configs.Schema()))
				return nil
			},
		},
	)
	return cmd
}

func (a *app) answersInitCommand() *cobra.Command {
	var registration string
	cmd := &cobra.Command{
		Use:   "init FILE",
		Short: "Writes an answers file to fill in, and its schema beside it",
		Args:  oneAnswersFile,
		RunE:  func(_ *cobra.Command, args []string) error { return a.answersInit(args[0], registration) },
	}
	cmd.Flags().StringVar(&registration, "app-registration", "", registrationHelp)
	return cmd
}

func oneAnswersFile(_ *cobra.Command, args []string) error {
	if len(args) != 1 {
		return usage("one answers file is wanted", "for example: installer answers check answers.yaml")
	}
	return nil
}

// schemaFile is what the first line of a generated answers file refers to.
const schemaFile = "answers.schema.json"

func (a *app) answersInit(path, registration string) error {
	r := report.Report{Result: report.Failed}
	given, err := adopt.Registration(registration)
	if err != nil {
		return a.finish(r, err)
	}
	if _, err := os.Lstat(path); err == nil {
		return a.finish(r, usage(path+" is there already", "name a new file, or check this one with installer answers check"))
	}
	options := atomicfile.Options{Mode: 0o600, UID: -1, GID: -1}
	schema := filepath.Join(filepath.Dir(path), schemaFile)
	err = errors.Join(
		atomicfile.Create(schema, configs.Schema(), options),
		atomicfile.Create(path, settings.ExampleWith(given), options),
	)
	if err != nil {
		return a.finish(r, fault.Wrap(fault.Usage, err, "write the answers file", "name a file in a folder that this account may write"))
	}
	r = report.Report{
		Result: report.Changed, Changed: true,
		Files: []report.File{{Path: path}, {Path: schema}},
		Next:  []string{"fill it in, then: installer answers check " + path},
	}
	return a.finish(r, nil)
}

func (a *app) answersCheck(path string) error {
	r := report.Report{Result: report.Failed, Files: []report.File{{Path: path}}}
	answers, err := a.readAnswers(path)
	if err != nil {
		return a.finish(r, err)
	}
	r.Result = report.Healthy
	for _, key := range settings.Missing(answers, settings.ForInstall) {
		r.Warnings = append(r.Warnings, key+" is missing: install needs it")
	}
	for _, w := range r.Warnings {
		write(a.world.IO.Err, a.paint(yellow, "installer: warning: ")+w+"\n")
	}
	return a.finish(r, nil)
}
