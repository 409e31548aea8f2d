package preflight

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/empowersuite/backend-installer/installer/document"
	"github.com/empowersuite/backend-installer/installer/plan"
	"github.com/empowersuite/backend-installer/installer/release"
	"github.com/empowersuite/backend-installer/installer/rollout"
	"github.com/empowersuite/backend-installer/installer/site"
)

// production is the .NET environment of a service that names none.
const production = "Production"

// Shadows looks for what overrides the values that a plan changes, in the order
// of ASP.NET Core's default builder: appsettings.json, then
// appsettings.<environment>.json, then variables. Those with a prefix, DOTNET_ and
// ASPNETCORE_, are read before all files and override none of them.
// https://learn.microsoft.com/aspnet/core/fundamentals/configuration/ (2026).
func Shadows(p plan.Plan, services []rollout.Found) Findings {
	var f Findings
	for _, file := range p.Files {
		if file.Format != document.JSONC {
			continue
		}
		all := f.setters(file, services)
		f.checkShadowFiles(file, environments(all))
		for _, s := range all {
			f.checkShadowVariables(file, s)
		}
	}
	return f
}

// Overridden is what overrides the values that files hold, as if each were to
// change.
func Overridden(files []site.File, services []rollout.Found) Findings {
	var p plan.Plan
	for _, f := range files {
		file := plan.File{File: f}
		for _, slot := range f.Slots {
			file.Changes = append(file.Changes, plan.Change{Setting: slot.Setting})
		}
		p.Files = append(p.Files, file)
	}
	return Shadows(p, services)
}

// setter is what gives variables to the process that reads a file.
type setter struct {
	sets         string   // "the unit of web sets"
	remedy       string   // how to take one away
	variables    []string // their names
	environments []string // the .NET environments that they name
}

// setters are the services that read a file, and IIS by a web.config beside it.
func (f *Findings) setters(file plan.File, services []rollout.Found) []setter {
	var all []setter
	for _, s := range services {
		if slices.Contains(s.Reads, file.Path) {
			all = append(all, ofService(s))
		}
	}
	path := filepath.Join(filepath.Dir(file.Path), "web.config")
	web, err := readWebConfig(path)
	switch {
	case os.IsNotExist(err):
	case err != nil:
		f.warn(fmt.Sprintf("%s cannot be read: whether its variables override %s is not known (%v)", path, file.Path, err))
	default:
		all = append(all, web)
	}
	return all
}

// ofService tells what a service's manager gives it, in that manager's words.
func ofService(s rollout.Found) setter {
	given := setter{variables: s.State.Env, environments: s.State.Environments}
	switch s.Manager {
	case release.Windows:
		given.sets = fmt.Sprintf("the registry of the host or of %s sets", s.Name)
		given.remedy = `remove the variable from HKLM\SYSTEM\CurrentControlSet\Services\` + s.Name + ` (value Environment) ` +
			`or from the system's variables (sysdm.cpl), then run it again`
	case release.Systemd:
		given.sets = fmt.Sprintf("the unit of %s sets", s.Name)
		given.remedy = "remove the variable from the unit (systemctl edit " + s.Name + "), then run it again"
	default:
		given.sets = fmt.Sprintf("what starts %s sets", s.Name)
		given.remedy = "remove the variable from what starts " + s.Name + ", then run it again"
	}
	return given
}

// environments are the .NET environments that a file is read in.
func environments(all []setter) []string {
	var named []string
	for _, s := range all {
		named = append(named, s.environments...)
	}
	if len(named) == 0 {
		return []string{production}
	}
	return named
}

// checkShadowFiles looks for files that .NET reads after appsettings.json and
// that set the same key: the backend would not see the change.
func (f *Findings) checkShadowFiles(file plan.File, environments []string) {
	if !strings.EqualFold(filepath.Base(file.Path), "appsettings.json") {
		return
	}
	others, err := filepath.Glob(filepath.Join(filepath.Dir(file.Path), "appsettings.*.json"))
	if err != nil {
		return // the only error is a bad pattern
	}
	for _, other := range others {
		name := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(other), "appsettings."), ".json")
		reads := slices.ContainsFunc(environments, func(e string) bool { return strings.EqualFold(e, name) })
		f.checkShadowFile(file, other, reads)
	}
}

func (f *Findings) checkShadowFile(file plan.File, other string, reads bool) {
	text, err := os.ReadFile(other)
	if err != nil || len(text) > site.MaxFileBytes {
		f.warn(fmt.Sprintf("%s cannot be read: whether it overrides %s is not known", other, file.Path))
		return
	}
	for _, slot := range changed(file) {
		match, err := document.Find(text, document.JSONC, slot.Place)
		if err != nil {
			continue
		}
		said := fmt.Sprintf("%s sets %s too (line %d)", other, slot.Place.At, match.Line)
		if reads {
			f.problem(said+" and overrides the file that is changed",
				"remove the key there, or make that file the one that the installation's description names")
			continue
		}
		f.warn(said + "; where the backend runs in that .NET environment it overrides the change")
	}
}

func (f *Findings) checkShadowVariables(file plan.File, s setter) {
	for _, slot := range changed(file) {
		for _, name := range s.variables {
			if strings.EqualFold(keyOfVariable(name), keyOfPointer(slot.Place.At)) {
				f.problem(fmt.Sprintf("%s the environment variable %s, which overrides %s", s.sets, name, file.Path), s.remedy)
			}
		}
	}
}

// changed are the slots of a file that a plan changes.
func changed(file plan.File) []site.Slot {
	var slots []site.Slot
	for _, slot := range file.Slots {
		if slices.ContainsFunc(file.Changes, func(c plan.Change) bool { return c.Setting == slot.Setting }) {
			slots = append(slots, slot)
		}
	}
	return slots
}

// keyOfPointer is a place in JSON as a key of .NET: AzureAd:ClientSecret for
// /AzureAd/ClientSecret.
func keyOfPointer(at string) string {
	unescape := strings.NewReplacer("~1", "/", "~0", "~")
	parts := strings.Split(strings.TrimPrefix(at, "/"), "/")
	for i, part := range parts {
		parts[i] = unescape.Replace(part)
	}
	return strings.Join(parts, ":")
}

// keyOfVariable is the key of .NET that a variable sets. Prefixes of Azure stand
// for the section of connection strings.
func keyOfVariable(name string) string {
	for _, prefix := range []string{"CUSTOMCONNSTR_", "SQLCONNSTR_", "SQLAZURECONNSTR_", "MYSQLCONNSTR_", "POSTGRESQLCONNSTR_"} {
		if len(name) > len(prefix) && strings.EqualFold(name[:len(prefix)], prefix) {
			name = "ConnectionStrings:" + name[len(prefix):]
		}
	}
	return strings.ReplaceAll(name, "__", ":")
}
