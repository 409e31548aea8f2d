package install

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/empowersuite/backend-installer/installer/access"
	"github.com/empowersuite/backend-installer/installer/layout"
	"github.com/empowersuite/backend-installer/installer/preflight"
	"github.com/empowersuite/backend-installer/installer/release"
	"github.com/empowersuite/backend-installer/installer/rollout"
	"github.com/empowersuite/backend-installer/installer/secret"
	"github.com/empowersuite/backend-installer/installer/step"
	"github.com/empowersuite/backend-installer/installer/svc"
)

// made is everything that an installation makes, worked out from the release
// and the request.
type made struct {
	user         string             // of all services under systemd, made where it is missing
	accounts     map[string]account // by service, on Windows
	paths        layout.Paths
	folders      []folder
	files        []file
	units        map[string][]byte                  // by service
	windows      map[string]release.ManifestWindows // by service
	enable       map[string]bool                    // by service
	installation release.Installation
}

// account is what a service runs as on Windows.
type account struct {
	access.Account
	password secret.Value
}

type folder struct {
	path  string
	mode  fs.FileMode
	owner step.Owner
}

// file is a configuration file with its secrets in place.
type file struct {
	path    string
	mode    fs.FileMode
	owner   step.Owner
	content []byte
}

// reader owns what the service reads and must not write.
func (m *made) reader() step.Owner {
	names := m.names()
	if len(names) == 0 {
		return step.Owner{}
	}
	return step.Owner{User: names[0], Also: names[1:], Root: true}
}

// names are the accounts that the services run as, sorted; none where that is the
// account that installs.
func (m *made) names() []string {
	if m.user != "" {
		return []string{m.user}
	}
	var names []string
	for _, a := range m.accounts {
		if a.Kind != access.LocalSystem { // which may do everything
			names = append(names, a.Name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func (m *made) definition(s rollout.Service) svc.Definition {
	w, a := m.windows[s.Name], m.accounts[s.Name]
	return svc.Definition{
		Name: s.Name, Unit: m.units[s.Name], Command: s.Command, Enable: m.enable[s.Name],
		Windows: svc.Windows{
			Exec: w.Exec, DisplayName: w.DisplayName, Description: w.Description, Delayed: w.Delayed, After: w.Requires,
			Account: a.Name, Password: a.password,
		},
	}
}

// needs is what the host is checked for.
func (m *made) needs() preflight.First {
	var f preflight.First
	for _, file := range m.files {
		f.Files = append(f.Files, file.path)
	}
	for _, folder := range m.folders {
		f.Folders = append(f.Folders, folder.path)
	}
	return f
}

// lines tells what will be made.
func (m *made) lines() []string {
	var lines []string
	if m.user != "" {
		lines = append(lines, "use the account "+m.user+", made where it is missing")
	}
	for _, s := range m.installation.Services {
		if a, ok := m.accounts[s.Name]; ok {
			lines = append(lines, fmt.Sprintf("let the service %s run as %s", s.Name, a.Name))
		}
	}
	for _, f := range m.folders {
		lines = append(lines, fmt.Sprintf("folder %s, mode %04o", f.path, f.mode))
	}
	lines = append(lines, "program files "+m.paths.Release)
	if m.paths.Current != m.paths.Release {
		lines = append(lines, "link "+m.paths.Current)
	}
	for _, f := range m.files {
		lines = append(lines, fmt.Sprintf("file %s, mode %04o", f.path, f.mode))
	}
	for _, s := range m.installation.Services {
		lines = append(lines, fmt.Sprintf("register, start and prove the service %s (%s)", s.Name, s.Manager))
	}
	return lines
}

// listed names settings, sorted.
func listed(keys []string) error {
	slices.Sort(keys)
	return errors.New(strings.Join(keys, ", "))
}
