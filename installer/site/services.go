package site

import (
	"time"

	"github.com/empowersuite/backend-installer/installer/health"
	"github.com/empowersuite/backend-installer/installer/release"
	"github.com/empowersuite/backend-installer/installer/rollout"
	"github.com/empowersuite/backend-installer/installer/svc"
)

// What holds for a service whose description says nothing.
const (
	defaultWithin    = 60 * time.Second
	defaultStableFor = 2 * time.Second // a simple unit that fails at start does so after its start was reported
)

// Services are the services of a description in dependency order, as a rollout
// needs them.
func Services(in release.Installation) ([]rollout.Service, error) {
	ordered, err := release.Order(in.Services)
	if err != nil {
		return nil, err
	}
	services := make([]rollout.Service, 0, len(ordered))
	for _, s := range ordered {
		services = append(services, service(s))
	}
	return services, nil
}

func service(s release.Service) rollout.Service {
	out := rollout.Service{
		Name: s.Name, Manager: s.Manager, After: s.After, Reads: s.Reads,
		Within: defaultWithin, StableFor: defaultStableFor,
	}
	if s.Command != nil {
		out.Command = svc.Command{
			Start: s.Command.Start, Stop: s.Command.Stop, Status: s.Command.Status, Restart: s.Command.Restart,
			PID: s.Command.PID, Process: s.Command.Process,
		}
	}
	h := s.Health
	if h == nil {
		return out
	}
	if h.Within.D > 0 {
		out.Within = h.Within.D
	}
	if h.StableFor.D > 0 {
		out.StableFor = h.StableFor.D
	}
	if h.HTTP != "" || h.TCP != "" || len(h.Command) > 0 {
		out.Check = &health.Check{
			HTTP: h.HTTP, Status: h.Status, Pointer: h.Pointer, Equals: h.Equals,
			Credential: h.Credential, CABundle: h.CABundle, TCP: h.TCP, Command: h.Command,
		}
	}
	return out
}
