package rollout

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/empowersuite/backend-installer/installer/health"
	"github.com/empowersuite/backend-installer/installer/progress"
	"github.com/empowersuite/backend-installer/installer/release"
	"github.com/empowersuite/backend-installer/installer/svc"
)

// Causes of a *ServiceError besides those of package svc.
var (
	ErrUnhealthy   = errors.New("not healthy in time")
	ErrUnstable    = errors.New("did not stay up")
	ErrSameProcess = errors.New("the old process still runs")
	ErrCredential  = errors.New("signed in with another credential")
)

// ServiceError is a service that did not do what was wanted.
type ServiceError struct {
	Service string
	Wanted  string // "stop", "start", "restart", "wait for", "watch", "inspect"
	Cause   error
}

// Error names the service, what was wanted and the cause, once where the cause
// does so itself.
func (e *ServiceError) Error() string {
	attempt, cause := fmt.Sprintf("%s %q: ", e.Wanted, e.Service), e.Cause.Error()
	return attempt + strings.TrimPrefix(cause, attempt)
}

// Unwrap returns the cause.
func (e *ServiceError) Unwrap() error { return e.Cause }

// Service is what a rollout needs to know of a service. It is plain data that
// a journal keeps.
type Service struct {
	Name      string        `json:"name"`
	Manager   string        `json:"manager"`
	Command   svc.Command   `json:"command"`
	After     []string      `json:"after,omitempty"`
	Reads     []string      `json:"reads,omitempty"`
	Check     *health.Check `json:"check,omitempty"`
	Within    time.Duration `json:"within"`
	StableFor time.Duration `json:"stableFor"`
}

// Found is a service as the survey found it.
type Found struct {
	Service
	Before  svc.Process `json:"before"`
	Running bool        `json:"running"` // or being restarted by its manager
	Healthy bool        `json:"healthy"`
	State   svc.State   `json:"-"`
}

// Limits bounds the waits that no description sets.
type Limits struct {
	Stop  time.Duration
	Start time.Duration
	Poll  time.Duration
}

// DefaultLimits is 120 s for a stop, so that systemd, which kills after 90 s,
// ends it first, and for a restart in one; 90 s for a start; and a look every
// 50 ms.
func DefaultLimits() Limits {
	return Limits{Stop: 120 * time.Second, Start: 90 * time.Second, Poll: 50 * time.Millisecond}
}

// Crew drives the services of one installation.
type Crew struct {
	Manager  func(Service) (svc.Manager, error)
	Prober   health.Prober
	Progress progress.Func
	Limits   Limits
	Now      func() time.Time
}

// Survey looks at every service once, healthy or not, and at the running
// services besides that a stop of one of them would stop too; those follow at
// the end. A service that its manager does not know has State.Exists false.
func (c Crew) Survey(ctx context.Context, services []Service) ([]Found, error) {
	found := make([]Found, 0, len(services))
	for _, s := range services {
		f, err := c.find(ctx, s)
		if err != nil {
			return nil, err
		}
		found = append(found, f)
	}
	for i := 0; i < len(found); i++ { // grows: dependants have dependants
		more, err := c.dependants(ctx, found, i)
		if err != nil {
			return nil, err
		}
		found = append(found, more...)
	}
	return found, nil
}

func (c Crew) find(ctx context.Context, s Service) (Found, error) {
	state, err := c.inspect(ctx, s)
	if err != nil {
		return Found{}, err
	}
	f := Found{Service: s, State: state, Before: state.Process()}
	f.Running = slices.Contains([]svc.Activity{svc.Running, svc.Starting, svc.Restarting}, state.Activity)
	f.Healthy = state.Activity == svc.Running && c.healthy(ctx, s)
	if f.Healthy && startsOnDemand(s) && f.Before.PID == 0 { // the probe was the request that started a worker
		if f.State, err = c.inspect(ctx, s); err != nil {
			return Found{}, err
		}
		f.Before = f.State.Process()
	}
	return f, nil
}

// dependants are the running services that need found[i] and that nobody
// named. Their unit, not the installation, says that they depend.
func (c Crew) dependants(ctx context.Context, found []Found, i int) ([]Found, error) {
	var more []Found
	for _, name := range found[i].State.NeededBy {
		named := func(f Found) bool { return same(found[i].Manager, f.Name, name) }
		if slices.ContainsFunc(found, named) {
			continue
		}
		f, err := c.find(ctx, Service{
			Name: name, Manager: found[i].Manager, After: []string{found[i].Name}, Within: found[i].Within,
		})
		if err != nil {
			return nil, err
		}
		if f.Running {
			more = append(more, f)
		}
	}
	return more, nil
}

// same tells whether two names are of one service: Windows does not look at
// case.
func same(manager, a, b string) bool {
	if manager == release.Windows {
		return strings.EqualFold(a, b)
	}
	return unit(a) == unit(b)
}

// unit is a service's full name: descriptions may leave the suffix out.
func unit(name string) string { return strings.TrimSuffix(name, ".service") + ".service" }

func (c Crew) healthy(ctx context.Context, s Service) bool {
	if s.Check == nil {
		return true
	}
	result, err := c.Prober.Probe(ctx, *s.Check)
	return err == nil && result.Healthy
}

func (c Crew) inspect(ctx context.Context, s Service) (svc.State, error) {
	m, err := c.Manager(s)
	if err != nil {
		return svc.State{}, &ServiceError{s.Name, "inspect", err}
	}
	state, err := m.Inspect(ctx, s.Name)
	if err != nil {
		return svc.State{}, &ServiceError{s.Name, "inspect", err}
	}
	return state, nil
}

// Affected picks, in order, the services that read a changed file and those
// that depend on one of them, of those that ran.
func Affected(found []Found, changed []string) []Found {
	hit := map[string]bool{}
	for range found { // dependants of dependants: at most one round each
		for _, f := range found {
			reads := slices.ContainsFunc(f.Reads, func(p string) bool { return slices.Contains(changed, p) })
			after := slices.ContainsFunc(f.After, func(n string) bool { return hit[n] })
			hit[f.Name] = hit[f.Name] || reads || after
		}
	}
	var picked []Found
	for _, f := range found {
		if hit[f.Name] && f.Running {
			picked = append(picked, f)
		}
	}
	return picked
}

// Restart stops the services in reverse order and starts them in order. A
// service that others of the list come after is healthy before they start. One
// that none comes after, and that has a command for it, is restarted in one
// instead, so that there is always a process that answers.
func (c Crew) Restart(ctx context.Context, services []Found) error {
	stopped := slices.DeleteFunc(slices.Clone(services), func(s Found) bool { return inOne(s, services) })
	if err := c.Stop(ctx, stopped); err != nil {
		return err
	}
	for i, s := range services {
		bring := c.start
		if inOne(s, services) {
			bring = c.restart
		}
		if err := bring(ctx, s); err != nil {
			return err
		}
		if comesAfter(services[i+1:], s.Name) {
			if err := c.becomeHealthy(ctx, s, ""); err != nil {
				return err
			}
		}
	}
	return nil
}

// inOne reports whether a service is restarted without a stop between.
func inOne(s Found, services []Found) bool {
	return len(s.Command.Restart) > 0 && !comesAfter(services, s.Name)
}

// startsOnDemand is a service whose processes are told by a command: it may
// run, and have none until somebody asks something of it.
func startsOnDemand(s Service) bool { return len(s.Command.Process) > 0 }

// Stop stops the services in reverse order.
func (c Crew) Stop(ctx context.Context, services []Found) error {
	for _, s := range slices.Backward(services) {
		if err := c.stop(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

func comesAfter(later []Found, name string) bool {
	return slices.ContainsFunc(later, func(s Found) bool { return slices.Contains(s.After, name) })
}

func (c Crew) stop(ctx context.Context, s Found) error {
	if s.Running { // a service that did not run before is stopped all the same
		c.Progress.Say(progress.Step, fmt.Sprintf("stop %s", s.Name))
	}
	return c.act(ctx, s, "stop", svc.Manager.Stop)
}

func (c Crew) start(ctx context.Context, s Found) error {
	c.Progress.Say(progress.Step, fmt.Sprintf("start %s", s.Name))
	return c.act(ctx, s, "start", svc.Manager.Start)
}

func (c Crew) restart(ctx context.Context, s Found) error {
	c.Progress.Say(progress.Step, fmt.Sprintf("restart %s", s.Name))
	return c.act(ctx, s, "restart", func(m svc.Manager, ctx context.Context, name string) error {
		restarter, ok := m.(svc.Restarter)
		if !ok {
			return svc.ErrUnsupported
		}
		return restarter.Restart(ctx, name)
	})
}

func (c Crew) act(ctx context.Context, s Found, wanted string,
	do func(svc.Manager, context.Context, string) error,
) error {
	limit := c.Limits.Stop
	if wanted == "start" {
		limit = c.Limits.Start
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	m, err := c.Manager(s.Service)
	if err == nil {
		err = do(m, ctx, s.Name)
	}
	if err != nil {
		return &ServiceError{s.Name, wanted, err}
	}
	return nil
}
