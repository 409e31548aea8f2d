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

// Order sorts services so that each comes behind those that it is after, and
// otherwise as they were.
func Order(services []Service) ([]Service, error) {
	var ordered []Service
	placed := map[string]bool{}
	waits := func(s Service) bool {
		return slices.ContainsFunc(s.After, func(name string) bool { return !placed[name] })
	}
	for rest := slices.Clone(services); len(rest) > 0; {
		next := slices.IndexFunc(rest, func(s Service) bool { return !waits(s) })
		if next < 0 {
			e := &OrderError{}
			for _, s := range rest {
				e.Services = append(e.Services, s.Name)
			}
			return nil, e
		}
		ordered = append(ordered, rest[next])
		placed[rest[next].Name] = true
		rest = slices.Delete(rest, next, next+1)
	}
	return ordered, nil
}
