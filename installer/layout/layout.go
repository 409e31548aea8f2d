// Package layout is where things are on a host, per operating system.
//
// The folders are those of the product: on Windows below %ProgramFiles% and
// %ProgramData%, though state has a folder beside the configuration's, so that a
// service need not be able to write what configures it; on Linux as the Filesystem
// Hierarchy Standard 3.0 says. Paths
// are absolute and use the separator of the system that they are for, so that
// both are worked out and tested everywhere.
package layout

import (
	"cmp"
	"path"
	"path/filepath"
	"regexp"
	"strings"
)

// Paths are the folders of one environment and one release.
type Paths struct {
	Program string // of all environments
	Release string // the program files of this version
	Current string // link to the release that the environment uses, or the release itself
	Config  string // configuration, which administrators edit
	Data    string // state of the backend; must not be deleted
	Logs    string
	Temp    string
	State   string // of the installer, for this environment
}

// Host is where a host keeps programs and data. Linux knows by itself.
type Host struct {
	GOOS     string // as package runtime names it
	Programs string // on Windows %ProgramFiles%, "" for where it usually is
	Data     string // on Windows %ProgramData%, "" for where it usually is
}

func (h Host) windows() bool { return h.GOOS == "windows" }

func (h Host) programs() string { return cmp.Or(h.Programs, `C:\Program Files`) }

func (h Host) data() string { return cmp.Or(h.Data, `C:\ProgramData`) }

// StateRoot is where the installer keeps its own state.
func (h Host) StateRoot() string {
	if h.windows() {
		return h.data() + `\empower\installer`
	}
	return "/var/lib/empower/installer"
}

// For is the layout of an environment. On Windows, where links need a right of
// their own, services are told the release itself, and Current is that.
func (h Host) For(environment, version string) Paths {
	if h.windows() {
		program, data := h.programs()+`\empower\backend`, h.data()+`\empower\backend\`+environment
		release := program + `\releases\` + version
		return Paths{
			Program: program, Release: release, Current: release,
			Config: data + `\root`, Data: data + `\data`, Logs: data + `\temp\logs`, Temp: data + `\temp`,
			State: h.StateRoot() + `\` + environment,
		}
	}
	const program = "/opt/empower/backend"
	return Paths{
		Program: program, Release: path.Join(program, "releases", version),
		Current: path.Join(program, environment, "current"), Config: path.Join("/etc/empower/backend", environment),
		Data: path.Join("/var/lib/empower/backend", environment), Logs: path.Join("/var/log/empower/backend", environment),
		Temp: path.Join("/var/cache/empower/backend", environment), State: path.Join(h.StateRoot(), environment),
	}
}

// Under relocates every path below a prefix; "" leaves them.
func (p Paths) Under(prefix string) Paths {
	if prefix == "" {
		return p
	}
	return Paths{
		Program: Beneath(prefix, p.Program), Release: Beneath(prefix, p.Release), Current: Beneath(prefix, p.Current),
		Config: Beneath(prefix, p.Config), Data: Beneath(prefix, p.Data), Logs: Beneath(prefix, p.Logs),
		Temp: Beneath(prefix, p.Temp), State: Beneath(prefix, p.State),
	}
}

// Beneath is an absolute path relocated below a prefix, without its drive. What
// separates folders in it is that of the system that it is for.
func Beneath(prefix, absolute string) string {
	if len(absolute) > 1 && absolute[1] == ':' {
		absolute = strings.ReplaceAll(absolute[2:], `\`, "/")
	}
	return filepath.Join(prefix, absolute)
}

// ValidEnvironment reports whether a text can name an environment: it becomes
// part of folders and service names, so Windows' device names are no names. It
// agrees with what package settings says of the setting environment.
func ValidEnvironment(name string) bool {
	device := regexp.MustCompile(`^(?i:con|prn|aux|nul|(com|lpt)[0-9])$`)
	return regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]{0,31}$`).MatchString(name) && !device.MatchString(name)
}
