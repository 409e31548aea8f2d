package release

import (
	"fmt"
	"io/fs"
	"slices"
	"strconv"

	"github.com/empowersuite/backend-installer/installer/yamltree"
)

// Manifest is release.yaml. Its texts may hold templates of package render.
type Manifest struct {
	APIVersion string            `yaml:"apiVersion"`
	Product    string            `yaml:"product"`
	Version    string            `yaml:"version"`
	User       string            `yaml:"user,omitempty"` // the account that the services run as, under systemd
	Folders    []ManifestFolder  `yaml:"folders,omitempty"`
	Files      []ManifestFile    `yaml:"files"`
	Services   []ManifestService `yaml:"services"`
}

// ManifestFolder is a folder to make.
type ManifestFolder struct {
	Path  string `yaml:"path"`
	Mode  string `yaml:"mode"`            // octal, in quotes
	Owner string `yaml:"owner,omitempty"` // root (the default) or service
}

// ManifestFile is a template and the file that it becomes.
type ManifestFile struct {
	Template     string `yaml:"template"`
	Target       string `yaml:"target"`
	Format       string `yaml:"format,omitempty"`
	Mode         string `yaml:"mode"`
	FinalNewline bool   `yaml:"finalNewline,omitempty"`
	Slots        []Slot `yaml:"slots,omitempty"`
}

// ManifestService is a service: a unit's template for systemd, and argument
// vectors for hosts without it.
type ManifestService struct {
	Name    string   `yaml:"name"`
	Unit    string   `yaml:"unit,omitempty"`
	Enable  bool     `yaml:"enable,omitempty"`
	Command *Command `yaml:"command,omitempty"`
	After   []string `yaml:"after,omitempty"`
	Reads   []string `yaml:"reads,omitempty"` // templates' targets
	Health  *Health  `yaml:"health,omitempty"`
}

// ParseManifest reads release.yaml. The error is an *InvalidError.
func ParseManifest(data []byte) (Manifest, error) {
	var m Manifest
	if err := yamltree.Decode(data, &m); err != nil {
		return m, &InvalidError{unjoin(err)}
	}
	v := &validation{}
	v.require(m.APIVersion == APIVersion, "apiVersion: %s is wanted", APIVersion)
	v.require(m.Product != "", "product is missing")
	v.require(m.Version != "", "version is missing")
	v.require(len(m.Files) > 0, "files: at least one file is wanted")
	for _, f := range m.Folders {
		v.mode("folders: "+f.Path, f.Mode)
		v.require(slices.Contains([]string{"", "root", "service"}, f.Owner), "folders: %s: owner root or service is wanted", f.Path)
	}
	for _, f := range m.Files {
		v.mode("files: "+f.Target, f.Mode)
		v.require(fs.ValidPath(f.Template), "files: %s: template is no path inside the release", f.Target)
	}
	for _, s := range m.Services {
		v.require(s.Name != "", "services: a name is missing")
		v.require(s.Unit == "" || fs.ValidPath(s.Unit), "services: %s: unit is no path inside the release", s.Name)
	}
	if len(v.problems) > 0 {
		return m, &InvalidError{v.problems}
	}
	return m, nil
}

func (v *validation) mode(what, text string) {
	mode, err := strconv.ParseUint(text, 8, 32)
	v.require(err == nil && mode > 0 && mode <= 0o7777, `%s: mode: an octal number in quotes such as "0640" is wanted`, what)
}

// Mode is the number of a mode that ParseManifest accepted.
func Mode(text string) fs.FileMode {
	mode, _ := strconv.ParseUint(text, 8, 32) // checked when it was parsed
	return fs.FileMode(mode)
}

// View is what the installation of a release depends on besides its manifest.
type View struct {
	Environment string
	Manager     string // Systemd or ByHand
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
	User         string // "" where the services run as the account that installs
	Folders      []ManifestFolder
	Files        []Made
	Units        []Made          // of services under systemd
	Enable       map[string]bool // by service
}

// Realise works a manifest out. The error names the template and the place, or
// is an *InvalidError of what came out.
func (m Manifest) Realise(view View) (Realised, error) {
	r := &realising{view: view, out: Realised{Enable: map[string]bool{}}}
	r.out.Installation = Installation{
		APIVersion: APIVersion, Kind: Kind, Environment: view.Environment, Product: m.Product, Version: m.Version,
		Managed: true, Installer: view.Installer,
	}
	if view.Manager == Systemd {
		r.out.User = r.text("user", m.User)
		r.out.Installation.Created.User = r.out.User
	}
	for _, f := range m.Folders {
		f.Path = r.text("folders", f.Path)
		r.out.Folders = append(r.out.Folders, f)
		r.out.Installation.Created.Folders = append(r.out.Installation.Created.Folders, f.Path)
	}
	for _, f := range m.Files {
		r.file(f)
	}
	for _, s := range m.Services {
		r.service(s)
	}
	if r.err != nil {
		return r.out, r.err
	}
	text, err := Encode(r.out.Installation)
	if err != nil {
		return r.out, err
	}
	r.out.Installation, err = ParseInstallation(text, view.Known)
	return r.out, err
}

// realising renders until the first error.
type realising struct {
	view View
	out  Realised
	err  error
}

func (r *realising) text(name, template string) string {
	if r.err != nil {
		return ""
	}
	out, err := r.view.Render(name, template)
	r.err = err
	return out
}

func (r *realising) texts(name string, templates []string) []string {
	var all []string
	for _, t := range templates {
		all = append(all, r.text(name, t))
	}
	return all
}

// template renders a file of the release.
func (r *realising) template(name string) string {
	if r.err != nil {
		return ""
	}
	text, err := r.view.Read(name)
	if err != nil {
		r.err = fmt.Errorf("read the template %q: %w", name, err)
		return ""
	}
	return r.text(name, string(text))
}

func (r *realising) file(f ManifestFile) {
	target := r.text("files", f.Target)
	r.out.Files = append(r.out.Files, Made{Name: target, Mode: Mode(f.Mode), Text: r.template(f.Template)})
	if len(f.Slots) > 0 {
		r.out.Installation.Files = append(r.out.Installation.Files, File{
			Path: target, Format: f.Format, FinalNewline: f.FinalNewline, Slots: f.Slots,
		})
	}
}

func (r *realising) service(s ManifestService) {
	made := Service{Name: r.text("services", s.Name), Manager: r.view.Manager}
	made.After, made.Reads = r.texts("after", s.After), r.texts("reads", s.Reads)
	made.Health = r.health(s.Health)
	if r.view.Manager == ByHand && s.Command != nil {
		made.Command = &Command{
			Start: r.texts("start", s.Command.Start), Stop: r.texts("stop", s.Command.Stop),
			Status: r.texts("status", s.Command.Status), PID: r.text("pid", s.Command.PID),
		}
	}
	if r.view.Manager == Systemd && s.Unit != "" {
		r.out.Units = append(r.out.Units, Made{Name: made.Name, Text: r.template(s.Unit)})
		r.out.Enable[made.Name] = s.Enable
	}
	r.out.Installation.Services = append(r.out.Installation.Services, made)
}

func (r *realising) health(h *Health) *Health {
	if h == nil {
		return nil
	}
	made := *h
	made.HTTP, made.TCP, made.CABundle = r.text("health", h.HTTP), r.text("health", h.TCP), r.text("health", h.CABundle)
	made.Command = r.texts("health", h.Command)
	return &made
}
