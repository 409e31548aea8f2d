package detect

import (
	"maps"
	"slices"

	"github.com/empowersuite/backend-installer/installer/document"
	"github.com/empowersuite/backend-installer/installer/release"
)

// Product is what a proposal calls the vendor's backend.
const Product = "empower-backend"

// Proposal is what was found of one environment.
type Proposal struct {
	Environment string
	Product     string
	Version     string // "" where nothing tells
	Found       []string
	Part
	Notes []string // what to know besides
}

// Part is a piece of a description, with why each line of it is there.
type Part struct {
	Files     []File
	Services  []Service
	Settings  []Setting
	Decisions []Decision
}

// File is a configuration file with slots.
type File struct {
	Path   string
	Format document.Format
	Slots  []Slot
}

// Slot is a setting's place.
type Slot struct {
	Setting, At string
	Why         string
}

// Service is a service of the environment.
type Service struct {
	Name, Manager string
	After         []string
	Health        *release.Health
	Why           string
}

// Setting is a value that no file holds.
type Setting struct {
	Key, Text string
	Why       string
}

// Section is the part of a description that a decision is about.
type Section string

// The sections.
const (
	InEnvironment Section = "environment"
	InFiles       Section = "files"
	InServices    Section = "services"
	InSettings    Section = "settings"
)

// Decision is what only the administrator knows.
type Decision struct {
	Section Section
	What    string   // the question
	Choices []Choice // what was found for it; none where nothing was
	Key     string   // of a setting, or "environment", whose value is to be given
}

// Choice is one answer to a decision.
type Choice struct {
	Label string
	Part
}

// Complete reports whether nothing is left to decide.
func (p Proposal) Complete() bool { return len(p.Decisions) == 0 }

// Decide answers a decision with one of its choices. Those that it brings are the
// next ones.
func (p Proposal) Decide(decision, choice int) Proposal {
	chosen := p.Decisions[decision].Choices[choice].Part
	next := chosen.Decisions
	chosen.Decisions = nil
	p = p.Leave(decision)
	p.Part = p.with(chosen)
	p.Decisions = slices.Insert(p.Decisions, decision, next...)
	return p
}

// Give answers a decision about a value.
func (p Proposal) Give(decision int, text string) Proposal {
	key := p.Decisions[decision].Key
	p = p.Leave(decision)
	if key == string(InEnvironment) {
		p.Environment = text
		return p
	}
	p.Part = p.with(Part{Settings: []Setting{{Key: key, Text: text, Why: "as it was given"}}})
	return p
}

// Leave takes a decision away without an answer: nothing of it is in the
// description.
func (p Proposal) Leave(decision int) Proposal {
	p.Decisions = slices.Delete(slices.Clone(p.Decisions), decision, decision+1)
	return p
}

// with is both parts. What both have is there once.
func (p Part) with(other Part) Part {
	out := Part{
		Files: slices.Clone(p.Files), Services: slices.Clone(p.Services), Settings: slices.Clone(p.Settings),
		Decisions: append(slices.Clone(p.Decisions), other.Decisions...),
	}
	for _, f := range other.Files {
		out.Files = withFile(out.Files, f)
	}
	for _, s := range other.Services {
		out.Services = withService(out.Services, s)
	}
	for _, s := range other.Settings {
		if !slices.ContainsFunc(out.Settings, func(t Setting) bool { return t.Key == s.Key }) {
			out.Settings = append(out.Settings, s)
		}
	}
	return out
}

func withFile(files []File, f File) []File {
	i := slices.IndexFunc(files, func(g File) bool { return g.Path == f.Path })
	if i < 0 {
		return append(files, f)
	}
	slots := slices.Clone(files[i].Slots)
	for _, s := range f.Slots {
		if !slices.ContainsFunc(slots, func(t Slot) bool { return t.At == s.At }) {
			slots = append(slots, s)
		}
	}
	files[i].Slots = slots
	return files
}

// withService adds one, or the health check of one that is there.
func withService(services []Service, s Service) []Service {
	i := slices.IndexFunc(services, func(t Service) bool { return t.Name == s.Name })
	switch {
	case i < 0:
		return append(services, s)
	case s.Health != nil:
		services[i].Health = s.Health
	}
	return services
}

// Installation is the description as far as it is decided. Every service reads every
// file: which of them it really reads is not known.
func (p Proposal) Installation() release.Installation {
	in := release.Installation{
		APIVersion: release.APIVersion, Kind: release.Kind,
		Environment: p.Environment, Product: p.Product, Version: p.Version,
	}
	for _, f := range p.Files {
		file := release.File{Path: f.Path, Format: f.Format}
		for _, s := range f.Slots {
			file.Slots = append(file.Slots, release.Slot{Setting: s.Setting, At: s.At})
		}
		in.Files = append(in.Files, file)
	}
	for _, s := range p.Services {
		in.Services = append(in.Services, release.Service{
			Name: s.Name, Manager: s.Manager, After: p.known(s.After), Reads: p.paths(), Health: s.Health,
		})
	}
	for _, s := range p.Settings {
		if in.Settings == nil {
			in.Settings = map[string]string{}
		}
		in.Settings[s.Key] = s.Text
	}
	return in
}

func (p Proposal) paths() []string {
	var all []string
	for _, f := range p.Files {
		all = append(all, f.Path)
	}
	return all
}

// known leaves out services that are none of the proposal.
func (p Proposal) known(names []string) []string {
	var there []string
	for _, name := range names {
		if slices.ContainsFunc(p.Services, func(s Service) bool { return s.Name == name }) {
			there = append(there, name)
		}
	}
	return there
}

// given are settings by their keys, in order.
func given(values map[string]string, why string) []Setting {
	var all []Setting
	for _, key := range slices.Sorted(maps.Keys(values)) {
		all = append(all, Setting{Key: key, Text: values[key], Why: why})
	}
	return all
}
