// Package plan works out what a change will do to an installation, and says so
// without saying a secret. It is pure.
package plan

import (
	"errors"
	"fmt"
	"slices"
	"sort"

	"github.com/empowersuite/backend-installer/installer/access"
	"github.com/empowersuite/backend-installer/installer/document"
	"github.com/empowersuite/backend-installer/installer/rollout"
	"github.com/empowersuite/backend-installer/installer/secret"
	"github.com/empowersuite/backend-installer/installer/settings"
	"github.com/empowersuite/backend-installer/installer/site"
)

// ErrNoPlace says that nothing of the installation holds a setting.
var ErrNoPlace = errors.New("no file of this installation holds the setting")

// Change is one value that becomes another.
type Change struct {
	Setting string
	Line    int
	Column  int
	From    string // a fingerprint for a secret, else the text
	To      string
	Secret  bool
}

// File is a configuration file that gets new content.
type File struct {
	site.File
	New     []byte
	Changes []Change
}

// Exposure is a file with a secret that large groups can read, whom nobody chose.
type Exposure struct {
	Path    string       // as the description has it
	Real    string       // where links lead
	Readers []string     // the groups
	From    access.Guard // who may do what with it now
	To      access.Guard // the same without them
}

// Plan is everything a change will do.
type Plan struct {
	Environment string
	Files       []File
	Closed      []Exposure
	Described   []Change // settings that only the description holds
	Restart     []rollout.Found
	LeftAlone   []rollout.Found // they read a changed file, but did not run before
	Owed        bool            // a restart of an earlier change is paid
	Later       bool            // the restarts are put off
	Unrecorded  bool            // the wanted client secret is in the file already, and another one is on record
}

// Input is what a plan is worked out from.
type Input struct {
	Site     site.Site
	Files    []site.File
	Services []rollout.Found // in order
	Wanted   map[string]secret.Value
	PayOwed  bool
	Later    bool // put the restarts off
	Close    []Exposure
}

// Compute works out the plan. The error is ErrNoPlace with the key, or a
// *site.FileError with a *syntax.Error inside.
func Compute(in Input) (Plan, error) {
	p := Plan{Environment: in.Site.Installation.Environment, Later: in.Later, Closed: in.Close}
	placed := map[string]bool{}
	for _, f := range in.Files {
		file, err := planFile(in, f, placed)
		if err != nil {
			return p, err
		}
		if len(file.Changes) > 0 {
			p.Files = append(p.Files, file)
		}
	}
	if err := p.describe(in, placed); err != nil {
		return p, err
	}
	p.Unrecorded = in.unrecorded() && !p.Touches(settings.ClientSecret)
	p.pickServices(in)
	return p, nil
}

func planFile(in Input, f site.File, placed map[string]bool) (File, error) {
	file := File{File: f}
	var edits []document.Change
	for _, slot := range f.Slots {
		value, wanted := in.Wanted[slot.Setting]
		if !wanted {
			continue
		}
		placed[slot.Setting] = true
		if value.Equal(slot.Value) {
			continue
		}
		edits = append(edits, document.Change{Slot: slot.Place, Value: value})
		change := in.change(slot.Setting, slot.Value, value)
		change.Line, change.Column = slot.Line, slot.Column
		file.Changes = append(file.Changes, change)
	}
	if len(edits) == 0 {
		return file, nil
	}
	text, err := document.Edit(f.Content.Data, f.Format, edits)
	if err != nil {
		return file, &site.FileError{Path: f.Path, Cause: err}
	}
	file.New = text
	return file, nil
}

func (in Input) change(key string, from, to secret.Value) Change {
	if settings.IsSecret(key) {
		return Change{
			Setting: key, Secret: true,
			From: in.Site.Fingerprint(from), To: in.Site.Fingerprint(to),
		}
	}
	return Change{Setting: key, From: from.Reveal(), To: to.Reveal()}
}

// describe plans the wanted settings that no file holds but the description.
func (p *Plan) describe(in Input, placed map[string]bool) error {
	var keys []string
	for key := range in.Wanted {
		if !placed[key] {
			keys = append(keys, key)
		}
	}
	sort.Strings(keys)
	for _, key := range keys {
		present := in.Site.Installation.Settings[key]
		wanted := in.Wanted[key]
		switch {
		case settings.IsSecret(key) || !settings.Describable(key):
			if wanted.Reveal() != present || settings.IsSecret(key) {
				return fmt.Errorf("%q: %w", key, ErrNoPlace)
			}
		case wanted.Reveal() != present:
			p.Described = append(p.Described, in.change(key, secret.New(present), wanted))
		}
	}
	return nil
}

// unrecorded reports a client secret that another hand than this program's
// wrote, and that is wanted.
func (in Input) unrecorded() bool {
	value, wanted := in.Wanted[settings.ClientSecret]
	on := in.Site.Record.Credential
	return wanted && on != nil && on.Fingerprint != in.Site.Fingerprint(value)
}

// pickServices picks those that read a changed file, and those whose restart is
// owed.
func (p *Plan) pickServices(in Input) {
	changed := p.changed(in)
	p.Restart = rollout.Affected(in.Services, changed)
	for _, s := range in.Services {
		reads := slices.ContainsFunc(s.Reads, func(path string) bool { return slices.Contains(changed, path) })
		if reads && !s.Running {
			p.LeftAlone = append(p.LeftAlone, s)
		}
	}
	owed := in.Site.Record.RestartOwed
	if owed == nil || (!in.PayOwed && len(p.Files) == 0) {
		return
	}
	p.Owed = true
	var all []rollout.Found
	for _, s := range in.Services {
		named := slices.Contains(owed.Services, s.Name) && s.Running
		if named || slices.ContainsFunc(p.Restart, func(r rollout.Found) bool { return r.Name == s.Name }) {
			all = append(all, s)
		}
	}
	p.Restart = all
}

// changed are the files that services have to read anew. Nobody knows whether
// they did so after another hand wrote a client secret, nor whether they still can
// when others cannot.
func (p *Plan) changed(in Input) []string {
	var paths []string
	for _, f := range p.Files {
		paths = append(paths, f.Path)
	}
	for _, e := range p.Closed {
		paths = append(paths, e.Path)
	}
	for _, f := range in.Files {
		if p.Unrecorded && f.Holds(settings.ClientSecret) {
			paths = append(paths, f.Path)
		}
	}
	return paths
}

// Unchanged reports whether there is nothing to do.
func (p *Plan) Unchanged() bool {
	return len(p.Files) == 0 && len(p.Closed) == 0 && len(p.Described) == 0 && !p.Owed && !p.Unrecorded
}

// Touches reports whether a setting changes, or is new to the record.
func (p *Plan) Touches(key string) bool {
	if p.Unrecorded && key == settings.ClientSecret {
		return true
	}
	is := func(c Change) bool { return c.Setting == key }
	return slices.ContainsFunc(p.Described, is) ||
		slices.ContainsFunc(p.Files, func(f File) bool { return slices.ContainsFunc(f.Changes, is) })
}
