package session

import (
	"context"

	"github.com/empowersuite/backend-installer/installer/explain"
	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/release"
	"github.com/empowersuite/backend-installer/installer/rollout"
	"github.com/empowersuite/backend-installer/installer/step"
	"github.com/empowersuite/backend-installer/installer/units"
)

// BootRecovery is the step that has systemd recover an installation at boot, before
// its services start. The error, a *fault.Error, says why this host cannot.
func (d Deps) BootRecovery(in release.Installation) (*step.Units, error) {
	var names []string
	for _, s := range in.Services {
		if s.Manager == "systemd" {
			names = append(names, s.Name)
		}
	}
	if !d.CallsItself() || len(names) == 0 {
		return nil, fault.New(fault.Usage, "--boot-recovery needs services under systemd, and the right to register units",
			"leave it out, or run it as root on a host with systemd; without it, the next run recovers")
	}
	all := units.Boot(d.Call(in.Environment), names)
	return &step.Units{All: all, Start: all[0].Name, Crew: d.Crew}, nil
}

// RegisterBootRecovery does that step for the installation, which stands, and reports
// whether it was new. The unit that puts files right is started, too: it finds the
// lock held and does nothing, and no restart of a service runs it while others of
// them run, which it would not look after. The error is a *fault.Error.
func (s *Session) RegisterBootRecovery(ctx context.Context) (added bool, err error) {
	boot, err := s.deps.BootRecovery(s.Installation)
	if err != nil {
		return false, err
	}
	m, err := s.deps.Crew.Manager(rollout.Service{Name: boot.All[0].Name, Manager: "systemd"})
	if err != nil {
		return false, explain.Services(err)
	}
	state, err := m.Inspect(ctx, boot.All[0].Name)
	if err != nil {
		return false, explain.Services(err)
	}
	if err := boot.Do(ctx); err != nil {
		return false, explain.Write(err, "the units that recover at boot were not registered")
	}
	return !state.Exists, nil
}
