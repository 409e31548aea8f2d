// Package adopt registers an installation that others made, so that configure,
// verify and status work on it. It changes nothing of that installation.
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
	// BootRecovery has systemd recover what a run left before the services start.
	BootRecovery bool
	DryRun       bool
}

// maxDescriptionBytes bounds a description.
const maxDescriptionBytes = 1 << 20

// Run registers. A description that is registered already is unchanged; one
// that differs replaces it.
func Run(ctx context.Context, deps session.Deps, req Request) (report.Report, error) {
	r := report.Report{RunID: deps.RunID, Environment: req.Environment, Result: report.Failed}
	in, err := read(req)
	if err != nil {
		return r, err
	}
	r.Environment = in.Environment
	here := site.Site{Folder: deps.Store.Folder(in.Environment), Installation: in}
	if err := check(ctx, deps, here, &r); err != nil {
		return r, err
	}
	if req.BootRecovery {
		if _, err := deps.BootRecovery(in); err != nil {
			return r, err
		}
	}
	text, err := release.Encode(in)
	if err != nil {
		return r, err
	}
	if err := store(deps, here, text, req.DryRun, &r); err != nil || !req.BootRecovery || req.DryRun {
		return r, err
	}
	return r, recoverAtBoot(ctx, deps, in, &r)
}

// recoverAtBoot registers the units after the description, which stands without them.
func recoverAtBoot(ctx context.Context, deps session.Deps, in release.Installation, r *report.Report) error {
	added, err := deps.RegisterBootRecovery(ctx, in)
	switch {
	case err != nil:
		r.Result = report.Failed
	case added:
		r.Result, r.Changed = report.Changed, true
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

// check makes sure that configure will find what the description promises.
func check(ctx context.Context, deps session.Deps, here site.Site, r *report.Report) error {
	files, err := here.ReadFiles()
	if err != nil {
		return explain.Files(err)
	}
	for _, f := range files {
		r.Files = append(r.Files, report.File{Path: f.Path})
	}
	found, err := deps.Survey(ctx, here.Installation)
	if err != nil {
		return err
	}
	var unknown []string
	for _, s := range found {
		r.Services = append(r.Services, report.Service{Name: s.Name, State: string(s.State.Activity), Detail: s.State.Detail})
		if !s.State.Exists {
			unknown = append(unknown, s.Name)
		}
	}
	if len(unknown) > 0 {
		return fault.New(fault.Preflight, "the service manager does not know "+strings.Join(unknown, ", "),
			"correct the names in the description, or install the services first")
	}
	return nil
}

func store(deps session.Deps, here site.Site, text []byte, dryRun bool, r *report.Report) error {
	before, err := atomicfile.Read(here.Folder.Installation(), maxDescriptionBytes)
	switch {
	case err == nil && bytes.Equal(before.Data, text):
		r.Result = report.Unchanged
		return nil
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return explain.Open(err, here.Installation.Environment, deps.Store.Root)
	}
	if present, err := release.ParseInstallation(before.Data, settings.Known); err == nil && present.Managed {
		return fault.New(fault.Usage,
			fmt.Sprintf("the environment %q was made by installer install, which keeps its description", present.Environment),
			"give the adopted installation another name of an environment")
	}
	r.Plan = []string{"write " + here.Folder.Installation()}
	if dryRun {
		r.Result = report.Planned
		return nil
	}
	s, err := session.Lock(deps, here.Folder, here.Installation.Environment)
	if err != nil {
		return err
	}
	err = write(deps, here, text)
	if err == nil {
		r.Result, r.Changed = report.Changed, true
		r.Next = []string{deps.Hint("verify", here.Installation.Environment) + " proves that it works"}
		deps.Progress.Say(progress.Done, "registered "+here.Installation.Environment)
	}
	return errors.Join(err, s.Close())
}

func write(deps session.Deps, here site.Site, text []byte) error {
	if _, err := here.Folder.MakeKey(deps.Random, -1); err != nil {
		return explain.State(err)
	}
	options := atomicfile.Options{Mode: 0o600, UID: -1, GID: -1}
	return explain.State(atomicfile.Create(here.Folder.Installation(), text, options))
}
