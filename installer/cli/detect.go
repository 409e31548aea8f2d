package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/empowersuite/backend-installer/installer/adopt"
	"github.com/empowersuite/backend-installer/installer/atomicfile"
	"github.com/empowersuite/backend-installer/installer/detect"
	"github.com/empowersuite/backend-installer/installer/explain"
	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/report"
	"github.com/empowersuite/backend-installer/installer/session"
	"github.com/empowersuite/backend-installer/installer/term"
	"github.com/empowersuite/backend-installer/installer/wizard"
)

// detect finds the vendor's installation. Who is at a terminal is asked, --yes
// registers, else it only proposes.
func (a *app) detect(ctx context.Context, f adoptFlags) error {
	if err := a.relocate(&f.prefix); err != nil {
		return a.finish(report.Report{Result: report.Failed}, err)
	}
	d := a.deps()
	found, err := adopt.Detect(ctx, d, adopt.Search{
		Environment: a.global.environment, Prefix: f.prefix, Registration: f.registration,
	})
	asks := a.interactive() && f.outputDir == "" && a.global.output == outputText && term.IsTerminal(a.world.IO.Out)
	switch {
	case err != nil:
		return a.finish(report.Report{RunID: d.RunID, Environment: a.global.environment, Result: report.Failed}, err)
	case f.yes:
		if err := adopt.Undecided(found); err != nil {
			return a.propose(d, f, found)
		}
		return a.accept(ctx, d, f, found)
	case asks:
		if found, err = a.confirmed(ctx, found); err != nil {
			return a.finish(report.Report{RunID: d.RunID, Result: report.Failed}, err)
		}
		return a.accept(ctx, d, f, found)
	}
	return a.propose(d, f, found)
}

// confirmed asks what is to be decided, and whether to register what came of it.
func (a *app) confirmed(ctx context.Context, found []detect.Proposal) ([]detect.Proposal, error) {
	var all []detect.Proposal
	for _, p := range found {
		p, ok, err := wizard.Adopt(ctx, a.asker(), a.tell, p)
		switch {
		case err != nil:
			return nil, asked(err)
		case ok:
			all = append(all, p)
		}
	}
	if len(all) == 0 {
		return nil, explain.Cancelled(errors.New("nothing was confirmed"))
	}
	return all, nil
}

// accept registers one after the other and ends at the first that cannot be.
func (a *app) accept(ctx context.Context, d session.Deps, f adoptFlags, found []detect.Proposal) error {
	if !f.dryRun {
		a.announce(d, "adopt", a.global.environment)
	}
	all := report.Report{RunID: d.RunID, Environment: a.global.environment, Result: report.Unchanged}
	for _, p := range found {
		r, err := adopt.Accept(ctx, d, p, f.request())
		if err != nil || len(found) == 1 {
			return a.finish(r, err)
		}
		if r.Result != report.Unchanged {
			all.Result = r.Result
		}
		all.Changed = all.Changed || r.Changed
		all.Files, all.Services = append(all.Files, r.Files...), append(all.Services, r.Services...)
		all.Plan, all.Next = append(all.Plan, r.Plan...), append(all.Next, r.Next...)
	}
	return a.finish(all, nil)
}

// propose prints the descriptions, or writes each to a file of its own.
func (a *app) propose(d session.Deps, f adoptFlags, found []detect.Proposal) error {
	r := report.Report{RunID: d.RunID, Environment: a.global.environment, Result: report.Planned}
	for _, p := range found {
		r.Proposals = append(r.Proposals, proposal(p))
	}
	if f.outputDir != "" {
		if err := a.writeProposals(f.outputDir, found, &r); err != nil {
			r.Result, r.Files = report.Failed, nil
			return a.finish(r, err)
		}
	}
	err := adopt.Undecided(found)
	switch {
	case a.global.output != outputText:
	case f.outputDir != "" && err != nil:
		write(a.world.IO.Out, text(r)) // a failure is told without the files that it wrote
	case f.outputDir == "":
		a.printProposals(found)
		if err == nil {
			return nil
		}
	}
	if err != nil {
		r.Result = report.Failed
	}
	return a.finish(r, err)
}

// printProposals prints a stream of YAML: one of them is a description as it is.
func (a *app) printProposals(found []detect.Proposal) {
	for i, p := range found {
		if i > 0 {
			write(a.world.IO.Out, "---\n")
		}
		write(a.world.IO.Out, string(p.Text()))
	}
}

// writeProposals writes all or, where one of the files is there, none.
func (a *app) writeProposals(folder string, found []detect.Proposal, r *report.Report) error {
	for i, p := range found {
		name := p.Environment
		if name == "" {
			name = fmt.Sprintf("unnamed-%d", i+1)
		}
		r.Proposals[i].File = filepath.Join(folder, name+".yaml")
		if _, err := atomicfile.Read(r.Proposals[i].File, 0); !errors.Is(err, fs.ErrNotExist) {
			return usage(r.Proposals[i].File+" is there already", "name another folder, or move the file away")
		}
	}
	for i, p := range found {
		path := r.Proposals[i].File
		options := atomicfile.Options{Mode: 0o600, UID: -1, GID: -1, Exclusive: true}
		if err := atomicfile.Create(path, p.Text(), options); err != nil {
			return fault.Wrap(fault.Usage, err, "write the proposal", "name a folder that is there and that this account may write")
		}
		r.Files = append(r.Files, report.File{Path: path})
		r.Next = append(r.Next, "check every line of "+path+", then: installer adopt "+path)
	}
	return nil
}

func proposal(p detect.Proposal) report.Proposal {
	out := report.Proposal{Environment: p.Environment, Complete: p.Complete(), Description: string(p.Text()), Notes: p.Notes}
	for _, d := range p.Decisions {
		decision := report.Decision{Section: string(d.Section), What: d.What, Key: d.Key}
		for _, c := range d.Choices {
			decision.Choices = append(decision.Choices, c.Label)
		}
		out.Decisions = append(out.Decisions, decision)
	}
	return out
}
