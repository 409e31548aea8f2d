package release

import (
	"errors"
	"fmt"
	"net/url"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/empowersuite/backend-installer/installer/yamltree"
)

// Known tells whether there is a setting of that key, and whether it is a
// secret.
type Known = func(key string) (isSecret, ok bool)

// InvalidError lists every mistake of a text.
type InvalidError struct{ Problems []error }

// Error is a line per mistake.
func (e *InvalidError) Error() string { return errors.Join(e.Problems...).Error() }

// Unwrap returns the mistakes.
func (e *InvalidError) Unwrap() []error { return e.Problems }

// ParseInstallation reads a description and fills in what may be left out. The
// error is an *InvalidError.
func ParseInstallation(data []byte, known Known) (Installation, error) {
	var in Installation
	if err := yamltree.Decode(data, &in); err != nil {
		return in, &InvalidError{unjoin(err)}
	}
	v := &validation{}
	v.require(in.APIVersion == APIVersion, "apiVersion: %s is wanted", APIVersion)
	v.require(in.Kind == Kind, "kind: %s is wanted", Kind)
	v.require(in.Environment != "", "environment is missing")
	v.require(in.Product != "", "product is missing")
	v.require(len(in.Files) > 0, "files: at least one file is wanted")
	for i := range in.Files {
		v.file(&in.Files[i], known)
	}
	v.unique("files", paths(in.Files))
	var names []string
	for _, s := range in.Services {
		names = append(names, s.Name)
	}
	v.unique("services", names)
	for i := range in.Services {
		v.service(&in.Services[i], names, paths(in.Files))
	}
	for key := range in.Settings {
		isSecret, ok := known(key)
		v.require(ok, "settings: there is no setting %s", key)
		v.require(!isSecret, "settings: %s is a secret, which a description never holds: give it a slot in a file", key)
	}
	if len(v.problems) > 0 {
		return in, &InvalidError{v.problems}
	}
	if _, err := Order(in.Services); err != nil {
		return in, &InvalidError{[]error{err}}
	}
	return in, nil
}

func unjoin(err error) []error {
	var joined interface{ Unwrap() []error }
	if errors.As(err, &joined) {
		return joined.Unwrap()
	}
	return []error{err}
}

func paths(files []File) []string {
	var all []string
	for _, f := range files {
		all = append(all, f.Path)
	}
	return all
}

// validation gathers mistakes.
type validation struct{ problems []error }

func (v *validation) require(ok bool, format string, args ...any) {
	if !ok {
		v.problems = append(v.problems, fmt.Errorf(format, args...))
	}
}

func (v *validation) unique(what string, names []string) {
	sorted := slices.Sorted(slices.Values(names))
	for i := 1; i < len(sorted); i++ {
		v.require(sorted[i] != sorted[i-1], "%s: %s is there twice", what, sorted[i])
	}
}

func isAbsolute(p string) bool { return filepath.IsAbs(p) || path.IsAbs(p) }

func (v *validation) file(f *File, known Known) {
	v.require(isAbsolute(f.Path), "files: %q is no absolute path", f.Path)
	if f.Format == "" {
		f.Format = formatOf(f.Path)
	}
	v.require(slices.Contains([]string{JSONC, YAML, Raw}, f.Format),
		"files: %s: format jsonc, yaml or raw is wanted", f.Path)
	v.require(len(f.Slots) > 0, "files: %s: at least one slot is wanted", f.Path)
	v.require(f.Format == Raw || !f.FinalNewline, "files: %s: finalNewline is for raw files", f.Path)
	v.require(f.Format != Raw || len(f.Slots) <= 1, "files: %s: a raw file is one value and has one slot", f.Path)
	for _, s := range f.Slots {
		_, ok := known(s.Setting)
		v.require(ok, "files: %s: there is no setting %q", f.Path, s.Setting)
		v.require(f.Format == Raw || strings.HasPrefix(s.At, "/"), "files: %s: %s: at: a pointer such as /AzureAd/ClientSecret is wanted", f.Path, s.Setting)
		v.require(f.Format != Raw || s.At == "", "files: %s: a raw file has no places: leave at out", f.Path)
	}
}

// formatOf goes by the extension; "" where it tells nothing.
func formatOf(name string) string {
	switch strings.ToLower(path.Ext(name)) {
	case ".json", ".jsonc":
		return JSONC
	case ".yaml", ".yml":
		return YAML
	}
	return ""
}

func (v *validation) service(s *Service, names, files []string) {
	v.require(s.Name != "", "services: a name is missing")
	if s.Manager == "" {
		s.Manager = Systemd
	}
	v.require(s.Manager == Systemd || s.Manager == ByHand, "services: %s: manager systemd or command is wanted", s.Name)
	v.require(s.Manager != ByHand || s.Command.whole(), "services: %s: command wants start, stop and status, each a list of arguments", s.Name)
	v.require(s.Manager != ByHand || s.Command == nil || s.Command.PID == "" || isAbsolute(s.Command.PID), "services: %s: command: pid is no absolute path", s.Name)
	for _, other := range s.After {
		v.require(slices.Contains(names, other), "services: %s: after: there is no service %s", s.Name, other)
	}
	for _, file := range s.Reads {
		v.require(slices.Contains(files, file), "services: %s: reads: %s is no file of this installation", s.Name, file)
	}
	v.health(s.Name, s.Health)
}

func (c *Command) whole() bool {
	return c != nil && len(c.Start) > 0 && len(c.Stop) > 0 && len(c.Status) > 0
}

func (v *validation) health(name string, h *Health) {
	if h == nil {
		return
	}
	ways := 0
	for _, given := range []bool{h.HTTP != "", h.TCP != "", len(h.Command) > 0} {
		if given {
			ways++
		}
	}
	v.require(ways == 1, "services: %s: health: exactly one of http, tcp and command is wanted", name)
	v.require(h.HTTP == "" || isWebAddress(h.HTTP), "services: %s: health: http: an address such as http://127.0.0.1:5080/health/ready is wanted", name)
	v.require(h.HTTP != "" || h.Pointer == "" && h.Credential == "" && h.Status == 0, "services: %s: health: status, pointer and credential are for http", name)
	v.require((h.Pointer == "") == (h.Equals == ""), "services: %s: health: pointer and equals belong together", name)
	v.require(h.Status == 0 || h.Status >= 100 && h.Status < 600, "services: %s: health: status is an HTTP status", name)
	for _, pointer := range []string{h.Pointer, h.Credential} {
		v.require(pointer == "" || strings.HasPrefix(pointer, "/"), "services: %s: health: a pointer begins with /", name)
	}
}

func isWebAddress(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && u.User == nil
}

// Encode is the text of a description.
func Encode(in Installation) ([]byte, error) { return yamltree.Encode(in) }
