package step

import (
	"context"
	"errors"

	"github.com/empowersuite/backend-installer/installer/rollout"
	"github.com/empowersuite/backend-installer/installer/svc"
	"github.com/empowersuite/backend-installer/installer/units"
)

// Units registers units of this program's own with systemd.
type Units struct {
	All     []units.Unit `json:"all"`
	Start   string       `json:"start,omitempty"`   // the one to start; "" for none
	Passing bool         `json:"passing,omitempty"` // they go when the change is closed

	Crew rollout.Crew `json:"-"`
}

func (u *Units) manager() (svc.Manager, error) {
	return u.Crew.Manager(rollout.Service{Name: u.All[0].Name, Manager: "systemd"})
}

// Do registers them.
func (u *Units) Do(ctx context.Context) error {
	m, err := u.manager()
	if err != nil {
		return err
	}
	for _, unit := range u.All {
		if err := m.Register(ctx, svc.Definition{Name: unit.Name, Unit: []byte(unit.Text), Enable: unit.Enable}); err != nil {
			return err
		}
	}
	if u.Start == "" {
		return nil
	}
	return m.Start(ctx, u.Start)
}

// Undo unregisters them.
func (u *Units) Undo(ctx context.Context) error {
	m, err := u.manager()
	if err != nil {
		return err
	}
	if u.Start != "" {
		if err := m.Stop(ctx, u.Start); err != nil && !errors.Is(err, svc.ErrNotFound) {
			return err
		}
	}
	var all error
	for _, unit := range u.All {
		all = errors.Join(all, m.Unregister(ctx, unit.Name))
	}
	return all
}

// Finish unregisters those that go with the change.
func (u *Units) Finish(ctx context.Context) error {
	if !u.Passing {
		return nil
	}
	return u.Undo(ctx)
}
