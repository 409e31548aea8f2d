package release

import (
	"fmt"
	"slices"
	"strings"
)

// OrderError says that services wait for each other.
type OrderError struct{ Services []string }

// Error names them.
func (e *OrderError) Error() string {
	return fmt.Sprintf("services: %s come after each other in a circle", strings.Join(e.Services, ", "))
}

// UnknownError says that a service comes after one that is not there.
type UnknownError struct{ Service, After string }

// Error names both.
func (e *UnknownError) Error() string {
	return fmt.Sprintf("services: %s: after: there is no service %s", e.Service, e.After)
}

// Order sorts services so that each comes behind those that it is after, and
// otherwise as they were. The error is an *OrderError or an *UnknownError.
func Order(services []Service) ([]Service, error) {
	all := names(services)
	for _, s := range services {
		for _, name := range s.After {
			if !slices.Contains(all, name) {
				return nil, &UnknownError{Service: s.Name, After: name}
			}
		}
	}
	var ordered []Service
	placed := map[string]bool{}
	waits := func(s Service) bool {
		return slices.ContainsFunc(s.After, func(name string) bool { return !placed[name] })
	}
	for rest := slices.Clone(services); len(rest) > 0; {
		next := slices.IndexFunc(rest, func(s Service) bool { return !waits(s) })
		if next < 0 {
			return nil, &OrderError{circle(rest)}
		}
		ordered = append(ordered, rest[next])
		placed[rest[next].Name] = true
		rest = slices.Delete(rest, next, next+1)
	}
	return ordered, nil
}

// circle leaves out those that only wait for a circle and are no part of it.
func circle(stuck []Service) []string {
	for {
		awaited := slices.DeleteFunc(slices.Clone(stuck), func(s Service) bool {
			return !slices.ContainsFunc(stuck, func(other Service) bool { return slices.Contains(other.After, s.Name) })
		})
		if len(awaited) == len(stuck) {
			return names(stuck)
		}
		stuck = awaited
	}
}
