package adopt

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/empowersuite/backend-installer/installer/atomicfile"
	"github.com/empowersuite/backend-installer/installer/explain"
	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/progress"
	"github.com/empowersuite/backend-installer/installer/release"
	"github.com/empowersuite/backend-installer/installer/report"
	"github.com/empowersuite/backend-installer/installer/session"
	"github.com/empowersuite/backend-installer/installer/settings"
	"github.com/empowersuite/backend-installer/installer/site"
)

// Request names the description.
type Request struct {
	Description string // path
	Environment string // "" = as the description says
	// BootRecovery has the host recover at boot what a run left.
	BootRecovery bool
	DryRun       bool
}

// maxDescriptionBytes bounds a description.
const maxDescriptionBytes = 1 << 20

// adoption is one run on its way from a request to a report.
type adoption struct {
	deps   session.Deps
	req    Request
	here   site.Site
	report report.Report
}

// Run registers. A description that is registered already is unchanged; one
// that differs replaces it.
func Run(ctx context.Context, deps session.Deps, req Request) (report.Report, error) {
	in, err := read(req)
	if err != nil {
		return report.Report{RunID: deps.RunID, Environment: req.Environment, Result: report.Failed}, err
	}
	return register(ctx, deps, in, req)
}

func register(ctx context.Context, deps session.Deps, in release.Installation, req Request) (report.Report, error) {
	a := &adoption{deps: deps, req: req, report: report.Report{RunID: deps.RunID, Result: report.Failed}}
	a.report.Environment = in.Environment
	a.here = site.Site{Folder: deps.Store.Folder(in.Environment), Installation: in}
	if err := a.check(ctx); err != nil {
		return a.report, err
	}
	err := a.store(ctx)
	if err == nil && req.BootRecovery && !req.DryRun {
		err = a.recoverAtBoot(ctx)
	}
	return a.report, err
}

// recoverAtBoot registers that after the description, which stands without them.
func (a *adoption) recoverAtBoot(ctx context.Context) error {
	s, err := session.Begin(ctx, a.deps, a.here.Installation.Environment)
	if err != nil {
		a.report.Result = report.Failed
		return err
	}
	added, err := s.RegisterBootRecovery(ctx)
	err = errors.Join(err, s.Close())
	switch {
	case err != nil:
		a.report.Result = report.Failed
	case added:
		a.report.Result, a.report.Changed = report.Changed, true
	}
	return err
}

func read(req Request) (release.Installation, error) {
	file, err := atomicfile.Read(req.Description, maxDescriptionBytes)
	if err != nil {
		return release.Installation{}, fault.Wrap(fault.Usage, err, "read the description",
			"name a file with the description of the installation; the README shows one")
	}
	in, err := release.ParseInstallation(file.Data, settings.Known)
	if err != nil {
		return in, fault.Wrap(fault.Usage, &site.FileError{Path: req.Description, Cause: err},
			"the description cannot be used", "correct the places named")
	}
	if req.Environment != "" && req.Environment != in.Environment {
		return in, fault.New(fault.Usage,
			fmt.Sprintf("--environment says %s and the description says %s", req.Environment, in.Environment),
			"leave --environment out, or correct the description")
	}
	in.Managed, in.Installer = false, ""
	return in, nil
}

// check makes sure that configure will find what the description promises, and the
// host what the request asks for.
func (a *adoption) check(ctx context.Context) error {
	files, err := a.here.ReadFiles()
	if err != nil {
		return explain.Files(err)
	}
	for _, f := range files {
		a.report.Files = append(a.report.Files, report.File{Path: f.Path})
	}
	found, err := a.deps.Survey(ctx, a.here.Installation)
	if err != nil {
		return err
	}
	var unknown []string
	for _, s := range found {
		a.report.Services = append(a.report.Services, report.Service{Name: s.Name, State: string(s.State.Activity), Detail: s.State.Detail})
		if !s.State.Exists {
			unknown = append(unknown, s.Name)
		}
	}
	if len(unknown) > 0 {
		return fault.New(fault.Preflight, "the service manager does not know "+strings.Join(unknown, ", "),
			"correct the names in the description, or install the services first")
	}
	if a.req.BootRecovery {
		_, _, err = a.deps.BootRecovery(a.here.Installation)
	}
	return err
}

// store registers the description, after what an earlier run left was put right.
func (a *adoption) store(ctx context.Context) error {
	text, err := release.Encode(a.here.Installation)
	if err != nil {
		return err
	}
	environment, path := a.here.Installation.Environment, a.here.Folder.Installation()
	before, err := atomicfile.Read(path, maxDescriptionBytes)
	switch {
	case err == nil && bytes.Equal(before.Data, text):
		a.report.Result = report.Unchanged
		return nil
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return explain.Open(err, environment, a.deps.Store.Root)
	}
	if present, err := release.ParseInstallation(before.Data, settings.Known); err == nil && present.Managed {
		return fault.New(fault.Usage,
			fmt.Sprintf("the environment %q was made by installer install, which keeps its description", present.Environment),
			"give the adopted installation another name of an environment")
	}
	a.report.Plan = []string{"write " + path}
	if a.req.DryRun {
		a.report.Result = report.Planned
		return nil
	}
	s, err := session.BeginAnew(ctx, a.deps, environment)
	if err != nil {
		return err
	}
	a.deps.Progress.Say(progress.Change, "adopt begins to change things")
	err = a.write(text)
	if err == nil {
		a.report.Result, a.report.Changed = report.Changed, true
		a.report.Next = []string{a.deps.Hint("verify", environment) + " proves that it works"}
		a.deps.Progress.Say(progress.Done, "registered "+environment)
	}
	return errors.Join(err, s.Close())
}

func (a *adoption) write(text []byte) error {
	if _, err := a.here.Folder.MakeKey(a.deps.Random, -1); err != nil {
		return explain.State(err)
	}
	options := atomicfile.Options{Mode: 0o600, UID: -1, GID: -1}
	return explain.State(atomicfile.Create(a.here.Folder.Installation(), text, options))
}
