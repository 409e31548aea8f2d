package adopt

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/empowersuite/backend-installer/installer/detect"
	"github.com/empowersuite/backend-installer/installer/document"
	"github.com/empowersuite/backend-installer/installer/explain"
	"github.com/empowersuite/backend-installer/installer/layout"
	"github.com/empowersuite/backend-installer/installer/session"
	"github.com/empowersuite/backend-installer/installer/site"
	"github.com/empowersuite/backend-installer/installer/svc"
)

// gathering reads what proposals are worked out from.
type gathering struct {
	deps       session.Deps
	search     Search
	services   []svc.Listed
	noServices string
}

// place is the folder of an environment.
type place struct {
	layout.Vendor

	name   string // "" where another one has the name
	folder string
	config string
	said   detect.Listing // of the vendor's own file
	notes  []string
}

// places are the folders of all environments, the present ones first.
func (g *gathering) places() ([]place, error) {
	var all []place
	for _, v := range g.deps.Layout.Vendors(g.search.Prefix) {
		of, err := g.placesOf(v)
		if err != nil {
			return nil, err
		}
		for _, p := range of {
			if i := slices.IndexFunc(all, func(o place) bool { return strings.EqualFold(o.name, p.name) }); i >= 0 {
				p.notes = append(p.notes, fmt.Sprintf("an environment %s is in %s, too; is this one still in use?", p.name, all[i].folder))
				p.name = ""
			}
			all = append(all, p)
		}
	}
	return all, nil
}

func (g *gathering) placesOf(v layout.Vendor) ([]place, error) {
	said, notes, err := g.readEnvironments(v)
	if err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(v.Data)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, explain.Files(&site.FileError{Path: v.Data, Cause: err})
	}
	var all []place
	for _, e := range entries {
		folder := filepath.Join(v.Data, e.Name())
		if config := filepath.Join(folder, v.Config); isFolder(config) {
			all = append(all, place{Vendor: v, name: e.Name(), folder: folder, config: config, said: said, notes: slices.Clone(notes)})
		}
	}
	for _, n := range said.Named {
		if slices.ContainsFunc(all, func(p place) bool { return strings.EqualFold(p.name, n.Name) }) {
			continue
		}
		if p, ok := g.elsewhere(v, n); ok {
			p.said, p.notes = said, append(slices.Clone(notes), "its folder is the one that "+detect.EnvironmentFile+" names")
			all = append(all, p)
			continue
		}
		for i := range all {
			all[i].notes = append(all[i].notes, fmt.Sprintf("%s names an environment %s, for which there is no folder", detect.EnvironmentFile, n.Name))
		}
	}
	return all, nil
}

// elsewhere is the folder of an environment that the vendor's own file names.
func (g *gathering) elsewhere(v layout.Vendor, n detect.Named) (place, bool) {
	for _, path := range n.Paths {
		if g.search.Prefix != "" {
			path = layout.Beneath(g.search.Prefix, path)
		}
		path = filepath.Clean(path)
		root := filepath.Join(path, "root")
		switch {
		case path == v.Data || path == v.Program:
		case isFolder(root):
			return place{Vendor: v, name: n.Name, folder: path, config: root}, true
		case isFolder(path) && filepath.Base(path) == "root" && path != filepath.Join(v.Program, "root"):
			return place{Vendor: v, name: n.Name, folder: filepath.Dir(path), config: path}, true
		}
	}
	return place{}, false
}

// readEnvironments reads the vendor's own file where one is. What it says that is
// not understood is told.
func (g *gathering) readEnvironments(v layout.Vendor) (detect.Listing, []string, error) {
	for _, folder := range []string{filepath.Join(v.Program, "root"), v.Program, v.Data} {
		path := filepath.Join(folder, detect.EnvironmentFile)
		data, note, err := readSmall(path)
		switch {
		case err != nil:
			return detect.Listing{}, nil, err
		case note != "":
			return detect.Listing{}, []string{note}, nil
		case data == nil:
			continue
		}
		said, notes := understood(path, data)
		return said, notes, nil
	}
	return detect.Listing{}, nil, nil
}

// understood is what the vendor's own file says, and what is not understood of it.
func understood(path string, data []byte) (detect.Listing, []string) {
	said, err := detect.ReadEnvironments(data)
	if err != nil {
		return said, []string{"not understood: " + (&site.FileError{Path: path, Cause: err}).Error()}
	}
	var notes []string
	if len(said.Unknown) > 0 {
		note := fmt.Sprintf("nothing was made of these keys of %s: %s", path, strings.Join(said.Unknown, " "))
		if said.NotKnown > 0 {
			note += fmt.Sprintf(" and %d more", said.NotKnown)
		}
		notes = append(notes, note)
	}
	if len(said.Unnamed) > 0 {
		notes = append(notes, fmt.Sprintf("%s names no environment with the paths at %s", path, strings.Join(said.Unnamed, " ")))
	}
	return said, notes
}

// list asks the service manager of the host.
func (g *gathering) list(ctx context.Context) error {
	if g.deps.Services == nil {
		g.noServices = "no service manager that can list them runs here"
		return nil
	}
	var err error
	g.services, err = g.deps.Services.List(ctx)
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return explain.Cancelled(context.Cause(ctx))
	}
	g.noServices = err.Error()
	return nil
}

// environment reads all that is to be known of one.
func (g *gathering) environment(p place, places []place) (detect.Environment, error) {
	e := detect.Environment{
		Name: p.name, Folder: p.folder, Version: p.said.Version,
		Windows:    p.Windows || runtime.GOOS == "windows",
		NoServices: g.noServices, Notes: p.notes,
	}
	if p.Old {
		e.Notes = append(e.Notes, "its folders are those of before the product's new name")
	}
	if isFolder(p.Program) {
		e.Programs = []string{p.Program}
	}
	for _, other := range places {
		if other.folder != p.folder && other.Program == p.Program {
			e.Siblings = append(e.Siblings, detect.Sibling{Name: other.name, Folder: other.folder})
		}
	}
	r := &reading{}
	r.folder(p.config, detect.Configuration, maxDepth)
	for _, program := range []string{p.Program, filepath.Join(p.Program, "root")} {
		r.folder(program, detect.Program, 1)
	}
	for _, s := range g.services {
		running := detect.Running{Name: s.Name, Manager: s.Manager, Exec: s.Exec, After: s.After, Env: s.Env}
		e.Services = append(e.Services, running)
		if !detect.Concerns(e, running) {
			continue
		}
		for _, path := range s.Files {
			r.file(path, document.Unit, detect.Definition)
		}
		for _, path := range s.EnvFiles {
			r.file(path, document.SystemdEnv, detect.Definition)
		}
	}
	e.Sources, e.Notes = r.sources, append(e.Notes, r.notes...)
	return e, r.err
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}
