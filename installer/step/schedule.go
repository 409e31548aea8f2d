package step

import (
	"cmp"
	"context"
	"errors"

	"github.com/empowersuite/backend-installer/installer/rollout"
	"github.com/empowersuite/backend-installer/installer/schedule"
	"github.com/empowersuite/backend-installer/installer/svc"
)

// Schedule has the host run this program.
type Schedule struct {
	Manager string           `json:"manager,omitempty"` // that of package schedule; systemd when left out, as journals of before do
	All     []schedule.Entry `json:"all"`
	Start   string           `json:"start,omitempty"`   // the one to start; "" for none
	Passing bool             `json:"passing,omitempty"` // they go when the change is closed

	Crew rollout.Crew `json:"-"`
}

// NewSchedule is the step for a job.
func NewSchedule(j schedule.Job, crew rollout.Crew) *Schedule {
	return &Schedule{Manager: j.Manager, All: j.All, Start: j.Start, Crew: crew}
}

func (s *Schedule) manager() (svc.Manager, error) {
	return s.Crew.Manager(rollout.Service{Name: s.All[0].Name, Manager: cmp.Or(s.Manager, "systemd")})
}

// Registered reports whether the host knows the first entry.
func (s *Schedule) Registered(ctx context.Context) (bool, error) {
	m, err := s.manager()
	if err != nil {
		return false, err
	}
	state, err := m.Inspect(ctx, s.All[0].Name)
	return state.Exists, err
}

// Do registers them.
func (s *Schedule) Do(ctx context.Context) error {
	m, err := s.manager()
	if err != nil {
		return err
	}
	for _, entry := range s.All {
		if err := m.Register(ctx, svc.Definition{Name: entry.Name, Unit: []byte(entry.Text), Enable: entry.Enable}); err != nil {
			return err
		}
	}
	if s.Start == "" {
		return nil
	}
	return m.Start(ctx, s.Start)
}

// Undo unregisters them.
func (s *Schedule) Undo(ctx context.Context) error {
	m, err := s.manager()
	if err != nil {
		return err
	}
	if s.Start != "" {
		if err := m.Stop(ctx, s.Start); err != nil && !errors.Is(err, svc.ErrNotFound) {
			return err
		}
	}
	var all error
	for _, entry := range s.All {
		all = errors.Join(all, m.Unregister(ctx, entry.Name))
	}
	return all
}

// Finish unregisters those that go with the change.
func (s *Schedule) Finish(ctx context.Context) error {
	if !s.Passing {
		return nil
	}
	return s.Undo(ctx)
}
