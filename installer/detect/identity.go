package detect

import (
	"slices"

	"github.com/empowersuite/backend-installer/installer/document"
	"github.com/empowersuite/backend-installer/installer/settings"
)

// identity finds what belongs to a secret: what is in its section, in its own file
// and in those that come before or behind it.
func (x *examination) identity(c candidate) Part {
	section := identitySection(c.section())
	p := x.bound(c, section, settings.ClientID, clientKeys())
	p = p.with(x.bound(c, section, settings.TenantID, tenantKeys()))
	return p.with(x.signsIn(section, p))
}

// bound finds the places of a setting. All that hold the same are slots; where they
// differ it is to be decided which holds.
func (x *examination) bound(c candidate, section []string, setting string, keys []string) Part {
	var groups [][]leaf
	for _, l := range x.beside(c, section, keys) {
		if l.text() == "" || settings.IsPlaceholder(l.value) {
			continue
		}
		if err := settings.Validate(setting, l.text()); err != nil {
			x.note("%s in %s is not taken: %v", called(l.names), l.source.Path, err)
			continue
		}
		i := slices.IndexFunc(groups, func(g []leaf) bool { return g[0].text() == l.text() })
		if i < 0 {
			groups = append(groups, []leaf{l})
			continue
		}
		groups[i] = append(groups[i], l)
	}
	if len(groups) == 0 {
		return Part{}
	}
	if text, ok := x.Registration[setting]; ok && !slices.ContainsFunc(groups, func(g []leaf) bool { return g[0].text() == text }) {
		x.note("%s: the app-registration package says another one than the configuration", setting)
	}
	d := Decision{Section: InFiles, Key: setting, What: "which of these holds for the backend: they differ"}
	for _, g := range groups {
		choice := Choice{Label: called(g[0].names) + " in " + g[0].source.Path}
		for _, l := range g {
			choice.Part = choice.with(x.place(l, setting))
		}
		d.Choices = append(d.Choices, choice)
	}
	if len(groups) == 1 {
		return d.Choices[0].Part
	}
	return Part{Decisions: []Decision{d}}
}

// beside are the leaves of a section, in every file of the environment; of a
// program's folder only where the secret is there, too, or nothing else has any.
func (x *examination) beside(c candidate, section, keys []string) []leaf {
	var ours, defaults []leaf
	for _, l := range x.leaves {
		if !l.within(section) || !slices.Contains(keys, l.key()) {
			continue
		}
		if l.source.Origin == Program && c.source.Origin != Program {
			defaults = append(defaults, l)
			continue
		}
		ours = append(ours, l)
	}
	if len(ours) > 0 {
		return ours
	}
	return defaults
}

// place makes a slot of a leaf; a setting where it cannot be changed in place.
func (x *examination) place(l leaf, setting string) Part {
	if _, err := document.Find(l.source.Data, l.source.Format, document.Slot{At: l.at}); err != nil {
		return Part{Settings: []Setting{{Key: setting, Text: l.text(), Why: "copied from " + called(l.names) + " in " + l.source.Path + ", which cannot be changed in place"}}}
	}
	return slot(l, setting, called(l.names)+", beside the client secret")
}

// signsIn finds the sign-in host: the cloud where it is Microsoft's, else the place.
// What Authority says of the tenant is taken where nothing else does.
func (x *examination) signsIn(section []string, have Part) Part {
	d := Decision{Section: InSettings, Key: settings.EntraAuthority, What: "which of these sign-in hosts holds for the backend: they differ"}
	var roots []string
	for _, l := range x.leaves {
		if l.source.Origin == Program || !l.within(section) || !slices.Contains(hostKeys(), l.key()) {
			continue
		}
		cloud, tenant, ok := signIn(l.text())
		if !ok {
			continue
		}
		part := x.host(l, cloud)
		if tenant != "" && !have.gives(settings.TenantID) {
			part = part.with(Part{Settings: []Setting{{Key: settings.TenantID, Text: tenant, Why: "copied from " + called(l.names) + " in " + l.source.Path + ": keep both the same"}}})
		}
		i := slices.Index(roots, root(l.text()))
		if i < 0 {
			i, roots = len(roots), append(roots, root(l.text()))
			d.Choices = append(d.Choices, Choice{Label: called(l.names) + " in " + l.source.Path})
		}
		d.Choices[i].Part = d.Choices[i].with(part)
	}
	switch len(d.Choices) {
	case 0:
		return Part{}
	case 1:
		return d.Choices[0].Part
	}
	return Part{Decisions: []Decision{d}}
}

func (x *examination) host(l leaf, cloud string) Part {
	from := called(l.names) + " in " + l.source.Path
	switch {
	case cloud == settings.Default(settings.EntraCloud):
		return Part{}
	case cloud != "":
		return Part{Settings: []Setting{{Key: settings.EntraCloud, Text: cloud, Why: "the cloud of the sign-in host that " + from + " names"}}}
	case settings.Validate(settings.EntraAuthority, l.text()) == nil:
		return x.place(l, settings.EntraAuthority)
	}
	return Part{Settings: []Setting{{Key: settings.EntraAuthority, Text: root(l.text()), Why: "copied from " + from + ": keep both the same"}}}
}
