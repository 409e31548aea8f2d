package svc

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
)

var _ Lister = (*SystemdManager)(nil)

// maxListed bounds a listing; a host has some hundred services.
const maxListed = 5000

// List tells the services that systemd has loaded and those that have a unit file.
// Looking at them loads them for a moment.
func (m *SystemdManager) List(ctx context.Context) ([]Listed, error) {
	all, err := m.list(ctx)
	if err != nil {
		return nil, fmt.Errorf("list the services: %w", err)
	}
	return all, nil
}

func (m *SystemdManager) list(ctx context.Context) ([]Listed, error) {
	names, err := m.unitNames(ctx)
	if err != nil {
		return nil, err
	}
	var all []Listed
	seen := map[string]bool{} // a unit has several names where it has an alias
	for _, name := range names {
		p, err := m.properties(ctx, name)
		switch {
		case errors.Is(err, ErrNotFound), errors.Is(err, ErrName):
			continue
		case err != nil:
			return nil, err
		}
		id := property[string](p, "Id")
		if id == "" || seen[id] || !p.exists() || p.masked() {
			continue
		}
		seen[id] = true
		all = append(all, p.listed(id))
	}
	return all, nil
}

// unitNames are those of services, but for templates.
func (m *SystemdManager) unitNames(ctx context.Context) ([]string, error) {
	conn, err := m.bus(ctx)
	if err != nil {
		return nil, err
	}
	services := []string{"*.service"}
	loaded, err := conn.ListUnitsByPatternsContext(ctx, nil, services)
	if err != nil {
		return nil, translate(err)
	}
	files, err := conn.ListUnitFilesByPatternsContext(ctx, nil, services)
	if err != nil {
		return nil, translate(err)
	}
	var names []string
	for _, u := range loaded {
		names = append(names, u.Name)
	}
	for _, f := range files {
		names = append(names, path.Base(f.Path))
	}
	names = slices.DeleteFunc(names, func(name string) bool { return strings.HasSuffix(name, "@.service") })
	slices.Sort(names)
	names = slices.Compact(names)
	return names[:min(len(names), maxListed)], nil
}

func (p properties) listed(name string) Listed {
	return Listed{
		Name: name, Manager: ManagerSystemd, Exec: p.programs(), After: p.services("After"),
		Env: variableNames(p.assignments()), Files: p.files(), EnvFiles: p.variableFiles(),
	}
}

// programs reads ExecStart, a list of structs that begin with the program's path
// and its arguments, the first of which is its name.
func (p properties) programs() [][]string {
	var all [][]string
	for _, command := range property[[][]any](p, "ExecStart") {
		if len(command) < 2 {
			continue
		}
		program, ok := command[0].(string)
		argv, fine := command[1].([]string)
		if !ok || !fine {
			continue
		}
		all = append(all, append([]string{program}, argv[min(1, len(argv)):]...))
	}
	return all
}
