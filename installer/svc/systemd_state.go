package svc

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// properties are a unit's D-Bus properties of every interface, by their short
// names.
type properties map[string]any

// property is the value of that type; its zero value where there is none.
func property[T any](p properties, name string) T {
	value, _ := p[name].(T)
	return value
}

// exists: a unit whose file was removed while it runs is still there.
func (p properties) exists() bool {
	return property[string](p, "LoadState") != "not-found" || p.activity() != Stopped
}

func (p properties) masked() bool { return property[string](p, "LoadState") == "masked" }

func (p properties) conditionsHold() bool { return property[bool](p, "ConditionResult") }

// hasJob reports a job that waits or runs. The property is a pair of the job's
// ID, 0 for none, and its path.
func (p properties) hasJob() bool {
	job := property[[]any](p, "Job")
	if len(job) == 0 {
		return false
	}
	id, _ := job[0].(uint32)
	return id != 0
}

func (p properties) state(name string) State {
	s := State{Name: name, Exists: p.exists(), Activity: p.activity()}
	if !s.Exists {
		return s
	}
	s.Enablement = p.enablement()
	s.PID = int(property[uint32](p, "MainPID"))
	if micros := property[uint64](p, "ExecMainStartTimestamp"); s.PID != 0 && micros != 0 {
		s.Started = time.UnixMicro(int64(micros)).UTC() //nolint:gosec // microseconds since 1970 fit until the year 294246
	}
	s.Restarts = int(property[uint32](p, "NRestarts"))
	s.Detail = p.detail()
	s.Account = property[string](p, "User")
	s.After = p.services("After")
	s.Needs = p.services("Requires", "Requisite", "BindsTo", "PartOf")
	s.NeededBy = p.services("RequiredBy", "RequisiteOf", "BoundBy", "ConsistsOf")
	assignments := p.assignments()
	s.Env, s.Environments = variableNames(assignments), netEnvironments(assignments)
	s.EnvFiles = p.variableFiles()
	return s
}

func (p properties) activity() Activity {
	switch property[string](p, "ActiveState") {
	case "active", "reloading", "refreshing":
		return Running
	case "failed":
		return Failed
	case "deactivating":
		return Stopping
	case "activating":
		if strings.HasPrefix(property[string](p, "SubState"), "auto-restart") {
			return Restarting
		}
		return Starting
	}
	return Stopped
}

func (p properties) enablement() Enablement {
	if p.masked() {
		return Masked
	}
	switch property[string](p, "UnitFileState") {
	case "enabled", "enabled-runtime", "alias":
		return Enabled
	case "disabled", "linked", "linked-runtime":
		return Disabled
	case "masked", "masked-runtime":
		return Masked
	}
	return Static // static, indirect, generated, transient, or no file
}

// detail is like systemctl's "active (running)", with what went wrong.
func (p properties) detail() string {
	said := fmt.Sprintf("%s (%s", property[string](p, "ActiveState"), property[string](p, "SubState"))
	if load := property[string](p, "LoadState"); load != "loaded" {
		said += ", unit " + load
	}
	if result := property[string](p, "Result"); result != "" && result != "success" {
		said += ", " + result
		if status := property[int32](p, "ExecMainStatus"); status != 0 {
			said += fmt.Sprintf(" %d", status)
		}
	}
	return said + ")"
}

// services joins lists of units and keeps the services among them.
func (p properties) services(names ...string) []string {
	var units []string
	for _, name := range names {
		for _, unit := range property[[]string](p, name) {
			if strings.HasSuffix(unit, ".service") {
				units = append(units, unit)
			}
		}
	}
	slices.Sort(units)
	return slices.Compact(units)
}

// assignments are NAME=value, and the names alone of those that are passed on.
func (p properties) assignments() []string {
	unset := property[[]string](p, "UnsetEnvironment")
	var all []string
	for _, list := range []string{"Environment", "PassEnvironment"} {
		for _, assignment := range property[[]string](p, list) {
			name, _, _ := strings.Cut(assignment, "=")
			if !slices.Contains(unset, name) && !slices.Contains(unset, assignment) {
				all = append(all, assignment)
			}
		}
	}
	return all
}

// variableFiles reads a list of pairs: path, and whether it may be missing.
func (p properties) variableFiles() []string {
	var paths []string
	for _, pair := range property[[][]any](p, "EnvironmentFiles") {
		if len(pair) == 0 {
			continue
		}
		if path, ok := pair[0].(string); ok {
			paths = append(paths, path)
		}
	}
	return paths
}
