// Package release reads what a backend consists of: a release manifest
// (release.yaml) and the description of an installation.
package release

// APIVersion is the version of both forms.
const APIVersion = "backend-installer/v1"

// Slot binds a setting to a place in a file.
type Slot struct {
	Setting string `yaml:"setting"`
	At      string `yaml:"at,omitempty"`
}

// File is a configuration file of an installation.
type File struct {
	Path         string `yaml:"path"`             // absolute
	Format       string `yaml:"format,omitempty"` // jsonc | yaml | raw; by extension when left out
	FinalNewline bool   `yaml:"finalNewline,omitempty"`
	Slots        []Slot `yaml:"slots"`
}

// Command is a service's argument vectors.
type Command struct {
	Start  []string `yaml:"start"`
	Stop   []string `yaml:"stop"`
	Status []string `yaml:"status"`
	PID    string   `yaml:"pid,omitempty"`
}

// Health is how a service proves itself. Within and StableFor are durations
// such as 60s.
type Health struct {
	HTTP       string   `yaml:"http,omitempty"`
	Status     int      `yaml:"status,omitempty"`
	Pointer    string   `yaml:"pointer,omitempty"`
	Equals     string   `yaml:"equals,omitempty"`
	Credential string   `yaml:"credential,omitempty"`
	CABundle   string   `yaml:"caBundle,omitempty"`
	TCP        string   `yaml:"tcp,omitempty"`
	Command    []string `yaml:"command,omitempty"`
	Within     Duration `yaml:"within,omitempty"`    // default 60s
	StableFor  Duration `yaml:"stableFor,omitempty"` // default 0
}

// Service is a service of an installation.
type Service struct {
	Name    string   `yaml:"name"`
	Manager string   `yaml:"manager,omitempty"` // systemd | command; default systemd
	After   []string `yaml:"after,omitempty"`   // other services of this installation
	Reads   []string `yaml:"reads,omitempty"`   // absolute paths of files above
	Command *Command `yaml:"command,omitempty"`
	Health  *Health  `yaml:"health,omitempty"`
}

// Installation is what configure works on, wherever it came from.
type Installation struct {
	APIVersion  string            `yaml:"apiVersion"`
	Kind        string            `yaml:"kind"` // Installation
	Environment string            `yaml:"environment"`
	Product     string            `yaml:"product"`
	Version     string            `yaml:"version"`
	Managed     bool              `yaml:"managed,omitempty"`   // this program installed it
	Installer   string            `yaml:"installer,omitempty"` // version of the installer that did
	Files       []File            `yaml:"files"`
	Services    []Service         `yaml:"services"`
	Settings    map[string]string `yaml:"settings,omitempty"` // what no file holds; keys of package settings, never a secret
	Created     Created           `yaml:"created,omitempty"`  // what install made, for uninstall
}

// Created is what install made besides files.
type Created struct {
	Folders []string `yaml:"folders,omitempty"`
	User    string   `yaml:"user,omitempty"`
}

// Duration is a time.Duration that YAML writes as 60s.
type Duration struct{ D int64 }

// Manifest (release.yaml): owner of the package writes it. Fields as in
// DESIGN.md: product, version, user, folders, files (template, target, format,
// mode, slots), services (name, unit template, command vectors, after, reads,
// health, enable). All strings may hold {{ }} of package render.
type Manifest struct{}
