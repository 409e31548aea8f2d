package release

import (
	"cmp"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// View is what the installation of a release depends on besides its manifest.
type View struct {
	Environment string
	Manager     string // Systemd, Windows or ByHand
	Account     string // that the services run as; "" is as the manifest says
	Installer   string // version of the installer
	Known       Known
	Read        func(name string) ([]byte, error) // a file of the release
	Render      func(name, text string) (string, error)
}

// Made is a file or a unit worked out of a template.
type Made struct {
	Name string // the path of a file, the name of a unit's service
	Mode fs.FileMode
	Text string
}

// Realised is a release worked out for one environment.
type Realised struct {
	Installation Installation
	User         string // of all services, to be made where it is missing; "" where there is none
	Folders      []ManifestFolder
	Files        []Made
	Units        []Made                     // of services under systemd
	Windows      map[string]ManifestWindows // by service, worked out
	Enable       map[string]bool            // by service
}

// Realise works a manifest out. The error is an *InvalidError: of templates
// that cannot be read or rendered, each named with the place, else of what came
// out of them.
func (m Manifest) Realise(view View) (Realised, error) {
	r := &realising{view: view, out: Realised{Windows: map[string]ManifestWindows{}, Enable: map[string]bool{}}}
	in := &r.out.Installation
	*in = Installation{
		APIVersion: APIVersion, Kind: Kind, Environment: view.Environment, Product: m.Product, Version: m.Version,
		Managed: true, Installer: view.Installer,
	}
	if view.Manager == Systemd {
		r.out.User = cmp.Or(view.Account, r.text("user", m.User))
		in.Created.User = r.out.User
	}
	for i, f := range m.Folders {
		f.Path = r.path(fmt.Sprintf("folders[%d].path", i), f.Path)
		r.out.Folders = append(r.out.Folders, f)
		in.Created.Folders = append(in.Created.Folders, f.Path)
	}
	for i, f := range m.Files {
		r.file(fmt.Sprintf("files[%d]", i), f)
	}
	for i, s := range m.Services {
		r.service(fmt.Sprintf("services[%d]", i), s)
	}
	if len(r.problems) > 0 {
		return r.out, &InvalidError{r.problems}
	}
	fill(in)
	return r.out, r.check()
}

// realising gathers what comes out and what goes wrong.
type realising struct {
	view     View
	out      Realised
	problems []error
}

func (r *realising) text(name, template string) string {
	out, err := r.view.Render(name, template)
	if err != nil {
		r.problems = append(r.problems, err)
	}
	return out
}

func (r *realising) texts(name string, templates []string) []string {
	var all []string
	for i, t := range templates {
		all = append(all, r.text(fmt.Sprintf("%s[%d]", name, i), t))
	}
	return all
}

// path is a text that may be a path: below a drive of Windows it is written as
// Windows does, whatever the manifest joins its parts with.
func (r *realising) path(name, template string) string {
	text := r.text(name, template)
	if isDrive(text) {
		text = strings.ReplaceAll(text, "/", `\`)
	}
	return text
}

func (r *realising) paths(name string, templates []string) []string {
	var all []string
	for i, t := range templates {
		all = append(all, r.path(fmt.Sprintf("%s[%d]", name, i), t))
	}
	return all
}

// template renders a file of the release.
func (r *realising) template(name string) string {
	text, err := r.view.Read(name)
	if err != nil {
		r.problems = append(r.problems, fmt.Errorf("read the template %q: %w", name, err))
		return ""
	}
	return r.text(name, string(text))
}

func (r *realising) file(name string, f ManifestFile) {
	target := r.path(name+".target", f.Target)
	r.out.Files = append(r.out.Files, Made{Name: target, Mode: Mode(f.Mode), Text: r.template(f.Template)})
	if len(f.Slots) > 0 {
		r.out.Installation.Files = append(r.out.Installation.Files, File{
			Path: target, Format: f.Format, FinalNewline: f.FinalNewline, Slots: f.Slots,
		})
	}
}

func (r *realising) service(name string, s ManifestService) {
	made := Service{Name: r.text(name+".name", s.Name), Manager: r.view.Manager}
	made.After, made.Reads = r.texts(name+".after", s.After), r.reads(name+".reads", s.Reads)
	made.Health = r.health(name+".health", s.Health)
	if r.view.Manager == ByHand && s.Command != nil {
		name += ".command"
		made.Command = &Command{
			Start: r.paths(name+".start", s.Command.Start), Stop: r.paths(name+".stop", s.Command.Stop),
			Status: r.paths(name+".status", s.Command.Status), Restart: r.paths(name+".restart", s.Command.Restart),
			PID: r.path(name+".pid", s.Command.PID), Process: r.paths(name+".process", s.Command.Process),
		}
	}
	if r.view.Manager == Windows && s.Windows != nil {
		r.out.Windows[made.Name] = r.windows(name+".windows", *s.Windows)
		r.out.Enable[made.Name] = s.Enable
	}
	if r.view.Manager == Systemd && s.Unit != "" {
		r.out.Units = append(r.out.Units, Made{Name: made.Name, Text: r.template(s.Unit)})
		r.out.Enable[made.Name] = s.Enable
	}
	r.out.Installation.Services = append(r.out.Installation.Services, made)
}

func (r *realising) windows(name string, w ManifestWindows) ManifestWindows {
	w.Exec, w.Requires = r.paths(name+".exec", w.Exec), r.texts(name+".requires", w.Requires)
	w.DisplayName, w.Description = r.text(name+".displayName", w.DisplayName), r.text(name+".description", w.Description)
	return w
}

// reads are whole paths. A file without slots is made once and never changed,
// so nothing of the installation is said to read it.
func (r *realising) reads(name string, templates []string) []string {
	var all []string
	for _, read := range r.paths(name, templates) {
		i := slices.IndexFunc(r.out.Files, func(f Made) bool { return f.Name == read || lastName(f.Name) == read })
		if i >= 0 {
			read = r.out.Files[i].Name
		}
		if i < 0 || slices.Contains(paths(r.out.Installation.Files), read) {
			all = append(all, read)
		}
	}
	return all
}

func (r *realising) health(name string, h *Health) *Health {
	if h == nil {
		return nil
	}
	made := *h
	made.HTTP, made.TCP = r.text(name+".http", h.HTTP), r.text(name+".tcp", h.TCP)
	made.CABundle, made.Command = r.path(name+".caBundle", h.CABundle), r.paths(name+".command", h.Command)
	return &made
}

// check looks at what came out, which has no places that anybody could look up.
func (r *realising) check() error {
	v, nowhere := &validation{}, place{}
	v.installation(nowhere, r.out.Installation, r.view.Known)
	var folders, files []string
	for _, f := range r.out.Folders {
		v.require(isAbsolute(f.Path), nowhere, "folders: %q is no absolute path", f.Path)
		folders = append(folders, f.Path)
	}
	v.unique(nowhere, "folders", folders)
	for _, f := range r.out.Files {
		// Those with slots were looked at with the installation.
		slotted := slices.Contains(paths(r.out.Installation.Files), f.Name)
		v.require(slotted || isAbsolute(f.Name), nowhere, "files: %q is no absolute path", f.Name)
		v.require(!slotted || f.Mode&0o007 == 0 || !r.holdsSecret(f.Name), nowhere,
			"files: %s: mode %04o opens a secret to everybody: 0640 is wanted", f.Name, f.Mode)
		files = append(files, f.Name)
	}
	v.unique(nowhere, "files", files)
	for _, s := range r.out.Installation.Services {
		has := slices.ContainsFunc(r.out.Units, func(u Made) bool { return u.Name == s.Name && strings.TrimSpace(u.Text) != "" })
		v.require(s.Manager != Systemd || has, nowhere, "services: %s: there is no unit, which systemd wants", s.Name)
		_, has = r.out.Windows[s.Name]
		v.require(s.Manager != Windows || has, nowhere, "services: %s: there is nothing about windows", s.Name)
	}
	return v.err()
}

func (r *realising) holdsSecret(name string) bool {
	return slices.ContainsFunc(r.out.Installation.Files, func(f File) bool {
		return f.Path == name && slices.ContainsFunc(f.Slots, func(s Slot) bool {
			isSecret, _ := r.view.Known(s.Setting)
			return isSecret
		})
	})
}
