package detect

import (
	"fmt"
	"slices"
	"strings"

	"github.com/empowersuite/backend-installer/installer/settings"
)

// secret finds where the client secret is kept.
func (x *examination) secret() Part {
	all := candidates(x.leaves)
	if len(all) == maxCandidates {
		x.note("more keys are called like that of a client secret than the %d that are looked at", maxCandidates)
	}
	all = x.effective(all)
	groups := byValue(filter(all, func(c candidate) bool { return c.sure >= likely && c.holds == filled }))
	shadows := x.shadows(all)
	if len(groups) == 1 && len(shadows) == 0 && !slices.ContainsFunc(groups[0], func(c candidate) bool { return c.refusal != nil }) {
		x.others(all, groups[0])
		return x.chosen(groups[0])
	}
	what := "which of these is the client secret that the backend uses"
	switch {
	case len(shadows) > 0:
		what = "where the client secret comes from: " + strings.Join(shadows, " and ") +
			" by a variable of its environment, which comes before a file and which this program cannot change: move it into a file"
	case len(groups) == 1:
		what = "how the client secret is kept: " + groups[0][0].says() + " in " + groups[0][0].source.Path
		groups = nil
	case len(groups) == 0:
		groups = byValue(filter(all, func(c candidate) bool { return c.sure >= possible && c.holds == filled }))
		what = "where the client secret is kept: no key is surely that of it"
		if len(groups) == 0 {
			groups = eachAlone(filter(all, func(c candidate) bool { return c.sure >= possible && c.holds == hollow }))
			what = "where the client secret is kept: no key holds one now"
		}
	}
	return Part{Decisions: []Decision{x.decision(what, all, groups)}}
}

// decision lists what there is.
func (x *examination) decision(what string, all []candidate, groups [][]candidate) Decision {
	d := Decision{Section: InFiles, What: what}
	for _, g := range groups {
		if slices.ContainsFunc(g, func(c candidate) bool { return c.refusal != nil }) {
			continue
		}
		d.Choices = append(d.Choices, Choice{Label: labels(g), Part: x.chosen(g)})
	}
	for _, c := range all {
		if !slices.ContainsFunc(groups, func(g []candidate) bool { return has(g, c) }) || c.refusal != nil {
			x.note("in %s: %s", c.source.Path, c.says())
		}
	}
	if len(all) == 0 {
		d.What += "; nothing in the configuration is called ClientSecret"
	}
	return d
}

// effective leaves out what lies in a program's folder where the configuration, or
// what defines a service, has any: it only holds defaults then.
func (x *examination) effective(all []candidate) []candidate {
	ours := filter(all, func(c candidate) bool { return c.source.Origin != Program })
	if !slices.ContainsFunc(ours, func(c candidate) bool { return c.sure >= likely }) {
		return all
	}
	for _, c := range all {
		if c.source.Origin == Program && c.holds == filled && c.sure >= likely {
			x.note("in %s: %s; it is taken for a default, because the configuration folder has one", c.source.Path, c.says())
		}
	}
	return ours
}

// others notes what was not taken.
func (x *examination) others(all, taken []candidate) {
	for _, c := range all {
		if !has(taken, c) {
			x.note("not taken in %s: %s", c.source.Path, c.says())
		}
	}
	if len(taken) > 1 {
		x.note("the same client secret is in %d places, which are changed together", len(taken))
	}
}

// shadows are services that set the secret by a variable of which only the name
// is known.
func (x *examination) shadows(all []candidate) []string {
	var told []string
	for _, s := range x.Services {
		if x.belongs(s) == elsewhere {
			continue
		}
		for _, name := range s.Env {
			names := keyNames([]string{name}, "")
			if len(names) == 0 {
				continue
			}
			l := leaf{names: names}
			section, weak, ok := secretKey(l)
			defined := slices.ContainsFunc(all, func(c candidate) bool {
				return c.source.Origin == Definition && called(c.names) == called(names)
			})
			if ok && !weak && !defined && sectionOf(section) != foreign {
				told = append(told, fmt.Sprintf("the service %s sets %s", s.Name, name))
			}
		}
	}
	return told
}

// chosen is the part of a description for a secret that is in these places.
func (x *examination) chosen(places []candidate) Part {
	var p Part
	for _, c := range places {
		p = p.with(Part{Files: []File{{
			Path: c.source.Path, Format: c.source.Format,
			Slots: []Slot{{Setting: settings.ClientSecret, At: c.at, Why: c.says()}},
		}}})
	}
	for _, c := range places {
		p = p.with(x.identity(c))
	}
	return p.with(x.missing(p))
}

// missing asks for what Entra ID has to be told and was not found.
func (x *examination) missing(p Part) Part {
	var out Part
	for _, key := range []string{settings.ClientID, settings.TenantID} {
		if p.gives(key) {
			continue
		}
		if text, ok := x.Registration[key]; ok {
			out.Settings = append(out.Settings, Setting{Key: key, Text: text, Why: "of the app-registration package"})
			continue
		}
		s, _ := settings.Find(key)
		out.Decisions = append(out.Decisions, Decision{Section: InSettings, Key: key, What: s.Title + ": " + s.Help + "; nothing beside the client secret gives it"})
	}
	return out
}

// gives reports whether a part has a setting, or leaves it to be decided.
func (p Part) gives(key string) bool {
	return slices.ContainsFunc(p.Settings, func(s Setting) bool { return s.Key == key }) ||
		slices.ContainsFunc(p.Decisions, func(d Decision) bool { return d.Key == key }) ||
		slices.ContainsFunc(p.Files, func(f File) bool {
			return slices.ContainsFunc(f.Slots, func(s Slot) bool { return s.Setting == key })
		})
}

// labels begin with what tells them apart: a terminal may show no more.
func labels(group []candidate) string {
	var all []string
	for _, c := range group {
		all = append(all, fmt.Sprintf("%s in %s, line %d: %s, %s", called(c.names), c.source.Path, c.line, c.sure, c.why))
	}
	return strings.Join(all, "; the same in ")
}

func filter(all []candidate, keep func(candidate) bool) []candidate {
	return slices.DeleteFunc(slices.Clone(all), func(c candidate) bool { return !keep(c) })
}

func has(group []candidate, c candidate) bool {
	return slices.ContainsFunc(group, func(o candidate) bool { return o.source.Path == c.source.Path && o.at == c.at })
}

// byValue puts those together that hold the same.
func byValue(all []candidate) [][]candidate {
	var groups [][]candidate
	for _, c := range all {
		i := slices.IndexFunc(groups, func(g []candidate) bool { return g[0].value.Equal(c.value) })
		if i < 0 {
			groups = append(groups, []candidate{c})
			continue
		}
		groups[i] = append(groups[i], c)
	}
	return groups
}

func eachAlone(all []candidate) [][]candidate {
	var groups [][]candidate
	for _, c := range all {
		groups = append(groups, []candidate{c})
	}
	return groups
}

// slot is a place of a file as a part.
func slot(l leaf, setting, why string) Part {
	return Part{Files: []File{{
		Path: l.source.Path, Format: l.source.Format, Slots: []Slot{{Setting: setting, At: l.at, Why: why}},
	}}}
}
