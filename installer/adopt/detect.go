package adopt

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/empowersuite/backend-installer/installer/atomicfile"
	"github.com/empowersuite/backend-installer/installer/detect"
	"github.com/empowersuite/backend-installer/installer/explain"
	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/layout"
	"github.com/empowersuite/backend-installer/installer/registration"
	"github.com/empowersuite/backend-installer/installer/release"
	"github.com/empowersuite/backend-installer/installer/report"
	"github.com/empowersuite/backend-installer/installer/session"
	"github.com/empowersuite/backend-installer/installer/settings"
	"github.com/empowersuite/backend-installer/installer/site"
)

// Search says where to look for the vendor's installation.
type Search struct {
	Environment  string // "" = every one
	Prefix       string // a tree below which to look, absolute; "" = this host
	Registration string // the config.json of the app-registration package; "" = none
}

// Detect works out a description of each environment that the vendor's installer
// made on this host.
func Detect(ctx context.Context, deps session.Deps, s Search) ([]detect.Proposal, error) {
	given, err := Registration(s.Registration)
	if err != nil {
		return nil, err
	}
	g := &gathering{deps: deps, search: s}
	places, err := g.places()
	if err == nil {
		err = g.list(ctx)
	}
	if err != nil {
		return nil, err
	}
	wanted, err := g.wanted(places)
	if err != nil {
		return nil, err
	}
	var proposals []detect.Proposal
	for _, p := range wanted {
		e, err := g.environment(p, places)
		if err != nil {
			return nil, err
		}
		e.Registration = given
		proposals = append(proposals, detect.Propose(e))
	}
	return proposals, nil
}

// wanted leaves out what was not asked for and what this program installed itself.
func (g *gathering) wanted(places []place) ([]place, error) {
	var all []place
	own := ""
	for _, p := range places {
		if g.search.Environment != "" && !strings.EqualFold(g.search.Environment, p.name) {
			continue
		}
		here, err := site.Site{}, site.ErrNone
		if layout.ValidEnvironment(p.name) {
			here, err = g.deps.Store.Folder(p.name).Open(settings.Known)
		}
		switch {
		case errors.Is(err, fs.ErrPermission):
			return nil, explain.Open(err, p.name, g.deps.Store.Root)
		case err == nil && here.Installation.Managed:
			own = p.name
			continue
		case err == nil:
			p.notes = append(p.notes, "the environment is registered already; what is registered now takes its place")
		}
		all = append(all, p)
	}
	switch {
	case len(all) > 0:
		return all, nil
	case own != "":
		return nil, fault.New(fault.Usage, fmt.Sprintf("the environment %q was made by installer install, which keeps its description", own),
			"there is nothing to register: "+g.deps.Hint("configure", own)+" works on it")
	}
	return nil, fault.New(fault.NotInstalled, "no installation of the vendor was found in "+strings.Join(g.looked(), ", "),
		"look below another folder with --prefix DIR, or write a description by hand, as the README shows, and register it with installer adopt FILE")
}

// looked are the folders that environments would be in.
func (g *gathering) looked() []string {
	var all []string
	for _, v := range g.deps.Layout.Vendors(g.search.Prefix) {
		all = append(all, v.Data)
	}
	return all
}

// Registration reads the config.json of the vendor's app-registration package and
// returns the settings that it gives; none for no path.
func Registration(path string) (map[string]string, error) {
	if path == "" {
		return map[string]string{}, nil
	}
	file, err := atomicfile.Read(path, registration.MaxBytes)
	if err != nil {
		return nil, fault.Wrap(fault.Usage, err, "read the app registration's config.json", "name the config.json of the vendor's app-registration package")
	}
	given, err := registration.Parse(file.Data)
	if err == nil {
		return given, nil
	}
	remedy := "correct the file at the place named"
	if strings.HasSuffix(err.Error(), "a comma is missing") {
		remedy = "put a comma behind the value before the place named: the sample that the vendor published lacks one"
	}
	return nil, fault.Wrap(fault.Usage, &site.FileError{Path: path, Cause: err}, "the app registration's config.json cannot be used", remedy)
}

// Accept registers what was proposed. What is not decided is an error.
func Accept(ctx context.Context, deps session.Deps, p detect.Proposal, req Request) (report.Report, error) {
	failed := report.Report{RunID: deps.RunID, Environment: p.Environment, Result: report.Failed}
	if err := Undecided([]detect.Proposal{p}); err != nil {
		return failed, err
	}
	in, err := release.ParseInstallation(p.Text(), settings.Known)
	if err != nil {
		return failed, fault.Wrap(fault.Undecided, err, "the description is not complete", "write it by hand, as the README shows, and register it with installer adopt FILE")
	}
	return register(ctx, deps, in, req)
}

// Undecided tells everything that proposals leave to be decided; nil where that is
// nothing.
func Undecided(proposals []detect.Proposal) error {
	var lines []string
	for _, p := range proposals {
		for _, d := range p.Decisions {
			lines = append(lines, p.Environment+": "+d.What)
		}
	}
	if len(lines) == 0 {
		return nil
	}
	return fault.New(fault.Undecided, "the proposal is not complete:\n"+strings.Join(lines, "\n"),
		"decide what is marked with "+detect.Marker+" in the proposal and register it with installer adopt FILE; at a terminal, without --output-dir, installer adopt --detect asks")
}
