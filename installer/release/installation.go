package release

import (
	"maps"
	"net/url"
	"path"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/empowersuite/backend-installer/installer/document"
	"github.com/empowersuite/backend-installer/installer/winpath"
	"github.com/empowersuite/backend-installer/installer/yamltree"
)

// Known tells whether there is a setting of that key, and whether it is a
// secret.
type Known = func(key string) (isSecret, ok bool)

// defaultWithin holds for a health check that says nothing of it.
const defaultWithin = 60 * time.Second

// ParseInstallation reads a description and fills in what may be left out. The
// error is an *InvalidError.
func ParseInstallation(data []byte, known Known) (Installation, error) {
	return parse(data, func(v *validation, at place, in *Installation) {
		spell(runtime.GOOS, in)
		fill(in)
		v.installation(at, *in, known)
	})
}

// Encode is the text of a description.
func Encode(in Installation) ([]byte, error) { return yamltree.Encode(in) }

// fill puts in what may be left out.
func fill(in *Installation) {
	for i, f := range in.Files {
		if f.Format == "" {
			in.Files[i].Format, _ = document.FormatOf(f.Path)
		}
	}
	for i, s := range in.Services {
		if s.Manager == "" {
			in.Services[i].Manager = Systemd
		}
		if s.Health != nil && s.Health.Within.IsZero() {
			s.Health.Within.D = defaultWithin
		}
	}
}

func (v *validation) installation(at place, in Installation, known Known) {
	v.require(in.APIVersion == APIVersion, at.key("apiVersion"), "apiVersion: %s is wanted", APIVersion)
	v.require(in.Kind == Kind, at.key("kind"), "kind: %s is wanted", Kind)
	v.require(in.Environment != "", at, "environment is missing")
	v.require(in.Environment == "" || isName(in.Environment), at.key("environment"),
		"environment: up to 32 letters, digits, - and _ are wanted, a letter first")
	v.require(in.Product != "", at, "product is missing")
	v.require(len(in.Files) > 0, at.key("files"), "files: at least one file is wanted")
	for i, f := range in.Files {
		v.file(at.key("files").item(i), f, known)
	}
	v.unique(at.key("files"), "files", paths(in.Files))
	for i, s := range in.Services {
		v.service(at.key("services").item(i), s, in)
	}
	v.unique(at.key("services"), "services", names(in.Services))
	v.order(at.key("services"), in.Services)
	for _, key := range slices.Sorted(maps.Keys(in.Settings)) {
		isSecret, ok := known(key)
		v.require(ok, at.key("settings").name(key), "settings: there is no setting %s", key)
		v.require(!isSecret, at.key("settings").name(key),
			"settings: %s is a secret, which a description never holds: give it a slot in a file", key)
	}
}

// order leaves it to others to tell of services that are not there.
func (v *validation) order(at place, services []Service) {
	there := slices.Clone(services)
	for i, s := range there {
		there[i].After = slices.DeleteFunc(slices.Clone(s.After), func(name string) bool {
			return !slices.Contains(names(services), name)
		})
	}
	_, err := Order(there)
	v.require(err == nil, at, "%v", err)
}

func paths(files []File) []string {
	var all []string
	for _, f := range files {
		all = append(all, f.Path)
	}
	return all
}

func names(services []Service) []string {
	var all []string
	for _, s := range services {
		all = append(all, s.Name)
	}
	return all
}

func (v *validation) file(at place, f File, known Known) {
	v.require(isAbsolute(f.Path), at.key("path"), "files: %q is no absolute path", f.Path)
	v.require(!winpath.OnShare(runtime.GOOS, f.Path), at.key("path"),
		"files: %s is on a network share, where a backup of it would be open to whoever the server lets in: configure it on the server itself", f.Path)
	v.require(len(f.Slots) > 0, at.key("slots"), "files: %s: at least one slot is wanted", f.Path)
	var pointers []string
	for i, s := range f.Slots {
		_, ok := known(s.Setting)
		v.require(ok, at.key("slots").item(i).key("setting"), "files: %s: there is no setting %q", f.Path, s.Setting)
		pointers = append(pointers, s.At)
	}
	if !v.format(at, f.Path, f.Format) {
		return
	}
	v.require(f.Format == document.Raw || !f.FinalNewline, at.key("finalNewline"), "files: %s: finalNewline is for raw files", f.Path)
	if f.Format == document.Raw {
		v.require(len(f.Slots) <= 1, at.key("slots"), "files: %s: a raw file is one value and has one slot", f.Path)
	} else {
		v.unique(at.key("slots"), "files: "+f.Path, pointers)
	}
	for i, pointer := range pointers {
		err := document.CheckAt(f.Format, pointer)
		v.require(err == nil, at.key("slots").item(i).key("at"), "files: %s: %s: at: %v", f.Path, f.Slots[i].Setting, err)
	}
}

func (v *validation) format(at place, path string, f document.Format) bool {
	known := slices.Contains(document.Formats(), f)
	v.require(known, at.key("format"), "files: %s: a format is wanted, one of %v", path, document.Formats())
	return known
}

func (v *validation) service(at place, s Service, in Installation) {
	v.serviceName(at, s.Name, s.Manager)
	v.require(slices.Contains([]string{Systemd, Windows, ByHand}, s.Manager), at.key("manager"),
		"services: %s: manager systemd, windows or command is wanted", s.Name)
	v.require(s.Manager != ByHand || s.Command != nil, at, "services: %s: a command is wanted", s.Name)
	v.command(at.key("command"), s.Name, s.Command)
	v.require(s.Command == nil || s.Command.PID == "" || isAbsolute(s.Command.PID), at.key("command").key("pid"),
		"services: %s: command: pid is no absolute path", s.Name)
	for i, other := range s.After {
		v.require(slices.Contains(names(in.Services), other), at.key("after").item(i),
			"services: %s: after: there is no service %s", s.Name, other)
	}
	for i, file := range s.Reads {
		v.require(slices.Contains(paths(in.Files), file), at.key("reads").item(i),
			"services: %s: reads: %s is no file of this installation", s.Name, file)
	}
	if s.Health != nil {
		v.health(at.key("health"), s.Name, *s.Health)
		v.require(s.Health.HTTP == "" || isWebAddress(s.Health.HTTP), at.key("health").key("http"),
			"services: %s: health: http: an address such as http://127.0.0.1:5080/health/ready is wanted", s.Name)
	}
}

func (v *validation) serviceName(at place, name, manager string) {
	v.require(name != "", at, "services: a name is missing")
	what := "no slashes and no blanks"
	if manager == Windows {
		what = "no slashes"
	}
	v.require(name == "" || IsServiceName(name, manager), at.key("name"), "services: %q: a name has %s", name, what)
}

// IsServiceName reports whether a manager can have a service of that name. On
// Windows it may have blanks within.
func IsServiceName(name, manager string) bool {
	odd := func(r rune) bool {
		return r == '/' || r == '\\' || !unicode.IsPrint(r) || r == ' ' && manager != Windows
	}
	return name != "" && name == strings.TrimSpace(name) && utf8.ValidString(name) && !strings.ContainsFunc(name, odd)
}

func (v *validation) command(at place, name string, c *Command) {
	if c == nil {
		return
	}
	v.require(len(c.Start) > 0 && len(c.Stop) > 0 && len(c.Status) > 0, at,
		"services: %s: command wants start, stop and status, each a list of arguments", name)
	v.require(c.PID == "" || len(c.Process) == 0, at, "services: %s: command: one of pid and process is wanted, not both", name)
	v.require(len(c.Restart) == 0 || c.PID != "" || len(c.Process) > 0, at.key("restart"),
		"services: %s: command: restart wants process or pid, else nobody can tell the new process from the old", name)
}

func (v *validation) health(at place, name string, h Health) {
	ways := 0
	for _, given := range []bool{h.HTTP != "", h.TCP != "", len(h.Command) > 0} {
		if given {
			ways++
		}
	}
	v.require(ways == 1, at, "services: %s: health: exactly one of http, tcp and command is wanted", name)
	v.require(h.HTTP != "" || h.Pointer == "" && h.Credential == "" && h.Status == 0 && h.CABundle == "", at,
		"services: %s: health: status, pointer, credential and caBundle are for http", name)
	v.require((h.Pointer == "") == (h.Equals == ""), at, "services: %s: health: pointer and equals belong together", name)
	v.require(h.Status == 0 || h.Status >= 100 && h.Status < 600, at.key("status"), "services: %s: health: status is an HTTP status", name)
	v.require(h.Pointer == "" || isPointer(h.Pointer), at.key("pointer"), "services: %s: health: a pointer begins with /", name)
	v.require(h.Credential == "" || isPointer(h.Credential), at.key("credential"), "services: %s: health: a pointer begins with /", name)
	v.require(h.Within.D >= 0, at.key("within"), "services: %s: health: a time such as 60s is wanted", name)
	v.require(h.StableFor.D >= 0, at.key("stableFor"), "services: %s: health: a time such as 60s is wanted", name)
}

// isAbsolute admits paths of every system: a text is checked alike on all of them.
func isAbsolute(p string) bool { return filepath.IsAbs(p) || path.IsAbs(p) || isDrive(p) }

// isDrive recognises C:\folder and C:/folder.
func isDrive(p string) bool {
	return len(p) > 2 && p[1] == ':' && (p[2] == '\\' || p[2] == '/') && (p[0]|0x20 >= 'a' && p[0]|0x20 <= 'z')
}

// lastName is the last part of a path of any system.
func lastName(p string) string {
	if isDrive(p) {
		return p[strings.LastIndexAny(p, `\/`)+1:]
	}
	return path.Base(p)
}

func isPointer(text string) bool { return strings.HasPrefix(text, "/") }

// isName admits what can be part of a folder's name and of a service's.
func isName(text string) bool {
	return regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]{0,31}$`).MatchString(text)
}

func isWebAddress(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && u.User == nil
}
