package session

import (
	"context"

	"github.com/empowersuite/backend-installer/installer/explain"
	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/release"
	"github.com/empowersuite/backend-installer/installer/step"
)

// BootRecovery is the step that has the host recover an installation at boot, and
// what it promises. The error, a *fault.Error, says why this host cannot.
func (d Deps) BootRecovery(in release.Installation) (*step.Schedule, string, error) {
	var names []string
	if d.CallsItself() {
		for _, s := range in.Services {
			if d.Scheduler.LooksAfter(s.Manager) {
				names = append(names, s.Name)
			}
		}
	}
	if len(names) == 0 {
		return nil, "", fault.New(fault.Usage,
			"--boot-recovery needs services under systemd and the right to register units, or Windows and an administrator",
			"leave it out, or run it as root on a host with systemd; without it, the next run recovers")
	}
	job := d.Scheduler.Boot(d.Call(in.Environment), names)
	return step.NewSchedule(job, d.Crew), job.Promise, nil
}

// RegisterBootRecovery does that step for the installation, which stands, and reports
// whether it was new. The unit that puts files right is started, too: it finds the
// lock held and does nothing, and no restart of a service runs it while others of
// them run, which it would not look after. The error is a *fault.Error.
func (s *Session) RegisterBootRecovery(ctx context.Context) (added bool, err error) {
	boot, _, err := s.deps.BootRecovery(s.Installation)
	if err != nil {
		return false, err
	}
	there, err := boot.Registered(ctx)
	if err != nil {
		return false, explain.Services(err)
	}
	if err := boot.Do(ctx); err != nil {
		return false, explain.Write(err, "what recovers at boot was not registered")
	}
	return !there, nil
}
