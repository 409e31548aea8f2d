package release

import (
	"fmt"
	"time"

	"github.com/empowersuite/backend-installer/installer/document"
	"github.com/empowersuite/backend-installer/installer/yamltree"
)

// APIVersion is the version of both forms.
const APIVersion = "backend-installer/v1"

// Kind is the kind of a description.
const Kind = "Installation"

// The managers of services.
const (
	Systemd = "systemd"
	Windows = "windows" // its service control manager
	ByHand  = "command"
)

// Slot binds a setting to a place in a file.
type Slot struct {
	Setting string `yaml:"setting"`
	At      string `yaml:"at,omitempty"` // as package document has it for the file's format
}

// File is a configuration file of an installation.
type File struct {
	Path         string          `yaml:"path"`             // absolute
	Format       document.Format `yaml:"format,omitempty"` // by the name when left out
	FinalNewline bool            `yaml:"finalNewline,omitempty"`
	Slots        []Slot          `yaml:"slots"`
}

// Command is a service's argument vectors.
type Command struct {
	Start   []string `yaml:"start,flow"`
	Stop    []string `yaml:"stop,flow"`
	Status  []string `yaml:"status,flow"`            // exit 0 = running
	Restart []string `yaml:"restart,omitempty,flow"` // new processes in the place of those that run
	PID     string   `yaml:"pid,omitempty"`
	Process []string `yaml:"process,omitempty,flow"` // prints the IDs of the processes
}

// Health is how a service proves itself.
type Health struct {
	HTTP       string   `yaml:"http,omitempty"`
	Status     int      `yaml:"status,omitempty"`
	Pointer    string   `yaml:"pointer,omitempty"`
	Equals     string   `yaml:"equals,omitempty"`
	Credential string   `yaml:"credential,omitempty"`
	CABundle   string   `yaml:"caBundle,omitempty"`
	TCP        string   `yaml:"tcp,omitempty"`
	Command    []string `yaml:"command,omitempty,flow"`
	Within     Duration `yaml:"within,omitempty"`
	StableFor  Duration `yaml:"stableFor,omitempty"`
}

// Service is a service of an installation.
type Service struct {
	Name    string   `yaml:"name"`
	Manager string   `yaml:"manager,omitempty"`    // systemd | windows | command; systemd when left out
	After   []string `yaml:"after,omitempty,flow"` // other services of this installation
	Reads   []string `yaml:"reads,omitempty,flow"` // absolute paths of files above
	Command *Command `yaml:"command,omitempty"`
	Health  *Health  `yaml:"health,omitempty"`
}

// Installation is what configure works on, wherever it came from.
type Installation struct {
	APIVersion  string            `yaml:"apiVersion"`
	Kind        string            `yaml:"kind"`
	Environment string            `yaml:"environment"`
	Product     string            `yaml:"product"`
	Version     string            `yaml:"version"`
	Managed     bool              `yaml:"managed,omitempty"`   // this program installed it
	Installer   string            `yaml:"installer,omitempty"` // version of the installer that did
	Files       []File            `yaml:"files"`
	Services    []Service         `yaml:"services,omitempty"`
	Settings    map[string]string `yaml:"settings,omitempty"` // what no file holds; keys of package settings, never a secret
	Created     Created           `yaml:"created,omitempty"`
}

// Created is what install made besides files.
type Created struct {
	Folders []string `yaml:"folders,omitempty"`
	User    string   `yaml:"user,omitempty"`
}

// IsZero leaves an empty Created out of the YAML.
func (c Created) IsZero() bool { return len(c.Folders) == 0 && c.User == "" }

// Duration is a time.Duration that YAML writes as 60s.
type Duration struct{ D time.Duration }

// IsZero leaves a duration that is not set out of the YAML.
func (d Duration) IsZero() bool { return d.D == 0 }

// MarshalYAML writes the shortest form: 60s, not 1m0s.
func (d Duration) MarshalYAML() (any, error) {
	if d.D%time.Second == 0 {
		return fmt.Sprintf("%ds", d.D/time.Second), nil
	}
	return d.D.String(), nil
}

// UnmarshalYAML reads forms such as 90s and 1m30s. What is none becomes
// negative, which the parsers of this package refuse with their other mistakes.
func (d *Duration) UnmarshalYAML(node *yamltree.Node) error {
	parsed, err := time.ParseDuration(node.Value)
	if err != nil || parsed < 0 {
		parsed = -1
	}
	d.D = parsed
	return nil
}
