package release

import (
	"io/fs"
	"regexp"
	"slices"
	"strconv"

	"github.com/empowersuite/backend-installer/installer/document"
)

// Manifest is release.yaml. Its texts may hold templates of package render.
type Manifest struct {
	APIVersion string            `yaml:"apiVersion"`
	Product    string            `yaml:"product"`
	Version    string            `yaml:"version"`
	User       string            `yaml:"user,omitempty"` // the account that the services run as under systemd, where no setting names one
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
	Template     string          `yaml:"template"`
	Target       string          `yaml:"target"`
	Format       document.Format `yaml:"format,omitempty"`
	Mode         string          `yaml:"mode"`
	FinalNewline bool            `yaml:"finalNewline,omitempty"`
	Slots        []Slot          `yaml:"slots,omitempty"`
}

// ManifestService is a service: a unit's template for systemd, what Windows is
// told, and argument vectors for hosts that have neither.
type ManifestService struct {
	Name    string           `yaml:"name"`
	Unit    string           `yaml:"unit,omitempty"`
	Enable  bool             `yaml:"enable,omitempty"`
	Windows *ManifestWindows `yaml:"windows,omitempty"`
	Command *Command         `yaml:"command,omitempty"`
	After   []string         `yaml:"after,omitempty"`
	Reads   []string         `yaml:"reads,omitempty"` // targets of files, or their last names
	Health  *Health          `yaml:"health,omitempty"`
}

// ManifestWindows is what Windows' service control manager keeps of a service.
// The account is that of the setting services.account, else one of the service's
// own.
type ManifestWindows struct {
	Exec        []string `yaml:"exec"` // the program, absolute, and its arguments
	DisplayName string   `yaml:"displayName,omitempty"`
	Description string   `yaml:"description,omitempty"`
	Delayed     bool     `yaml:"delayed,omitempty"`  // starts some time after the host
	Requires    []string `yaml:"requires,omitempty"` // services of the host that are started first
}

// ParseManifest reads release.yaml. The error is an *InvalidError. What the
// texts become is checked by Realise.
func ParseManifest(data []byte) (Manifest, error) {
	return parse(data, func(v *validation, at place, m *Manifest) {
		v.require(m.APIVersion == APIVersion, at.key("apiVersion"), "apiVersion: %s is wanted", APIVersion)
		v.require(m.Product != "", at, "product is missing")
		v.require(m.Version != "", at, "version is missing")
		v.require(m.Version == "" || isVersion(m.Version), at.key("version"), "version: letters, digits, . + - and _ are wanted")
		v.require(len(m.Files) > 0, at.key("files"), "files: at least one file is wanted")
		v.manifestFolders(at.key("folders"), m.Folders)
		v.manifestFiles(at.key("files"), m.Files)
		v.manifestServices(at.key("services"), m.Services)
	})
}

// isVersion admits what can name a folder.
func isVersion(text string) bool {
	return regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9.+_-]{0,63}$`).MatchString(text)
}

func (v *validation) manifestFolders(at place, folders []ManifestFolder) {
	var paths []string
	for i, f := range folders {
		at := at.item(i)
		v.require(f.Path != "", at, "folders: a path is missing")
		v.mode(at, "folders: "+f.Path, f.Mode)
		v.require(slices.Contains([]string{"", "root", "service"}, f.Owner), at.key("owner"), "folders: %s: owner root or service is wanted", f.Path)
		paths = append(paths, f.Path)
	}
	v.unique(at, "folders", paths)
}

func (v *validation) manifestFiles(at place, files []ManifestFile) {
	var targets []string
	for i, f := range files {
		at := at.item(i)
		v.require(f.Target != "", at, "files: a target is missing")
		v.mode(at, "files: "+f.Target, f.Mode)
		v.require(fs.ValidPath(f.Template) && f.Template != ".", at.key("template"), "files: %s: template is no path inside the release", f.Target)
		if f.Format != "" {
			v.format(at, f.Target, f.Format)
		}
		targets = append(targets, f.Target)
	}
	v.unique(at, "files", targets)
}

func (v *validation) manifestServices(at place, services []ManifestService) {
	var names []string
	for i, s := range services {
		at := at.item(i)
		v.require(s.Name != "", at, "services: a name is missing")
		v.require(s.Unit == "" || fs.ValidPath(s.Unit) && s.Unit != ".", at.key("unit"), "services: %s: unit is no path inside the release", s.Name)
		v.require(s.Unit != "" || s.Windows != nil || s.Command != nil, at, "services: %s: a unit, windows, a command or several are wanted", s.Name)
		v.require(s.Windows == nil || len(s.Windows.Exec) > 0, at.key("windows"), "services: %s: windows wants exec, a list of arguments", s.Name)
		v.command(at.key("command"), s.Name, s.Command)
		if s.Health != nil {
			v.health(at.key("health"), s.Name, *s.Health)
		}
		names = append(names, s.Name)
	}
	v.unique(at, "services", names)
}

func (v *validation) mode(at place, what, text string) {
	mode, err := strconv.ParseUint(text, 8, 32)
	v.require(err == nil && mode > 0 && mode <= 0o777, at.key("mode"), `%s: mode: an octal number in quotes such as "0640" is wanted`, what)
}

// Mode is the number of a mode that ParseManifest accepted.
func Mode(text string) fs.FileMode {
	mode, _ := strconv.ParseUint(text, 8, 32) // checked when it was parsed
	return fs.FileMode(mode)
}
