// Package recovery finishes or reverts what runs that were cut off left behind, and
// ends the wait for the confirmation of a change. Every command that changes an
// installation does the first before anything else; here it is all that is done.
package recovery

import (
	"context"
	"errors"

	"github.com/empowersuite/backend-installer/installer/explain"
	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/progress"
	"github.com/empowersuite/backend-installer/installer/report"
	"github.com/empowersuite/backend-installer/installer/run"
	"github.com/empowersuite/backend-installer/installer/session"
	"github.com/empowersuite/backend-installer/installer/settings"
)

// Request says what to recover.
type Request struct {
	Environment string
	DryRun      bool
	Boot        bool // the host's services have not started yet
}

// Run recovers. The result is Unchanged where nothing was left, Changed where
// everything new stands now, and RolledBack where everything old does.
func Run(ctx context.Context, deps session.Deps, req Request) (report.Report, error) {
	r := report.Report{RunID: deps.RunID, Environment: req.Environment, Result: report.Failed}
	if req.DryRun {
		return r, look(deps, &r)
	}
	s, err := session.BeginRecovery(ctx, deps, req.Environment, req.Boot)
	if req.Boot && err != nil && fault.Of(err).Code == fault.Busy {
		// A run that holds the lock lives, and sees to its own change: services that
		// it starts must not wait for the end of it.
		r.Result = report.Unchanged
		deps.Progress.Say(progress.Warning, err.Error())
		return r, nil
	}
	if err != nil {
		return r, err
	}
	r.Result = tell(deps, &r, s.Recovered)
	return r, end(s)
}

// end leaves no trace of an environment in which nothing is installed.
func end(s *session.Session) error {
	if !s.Installed {
		return s.Discard()
	}
	return s.Close()
}

// look tells what would be done, and takes no lock.
func look(deps session.Deps, r *report.Report) error {
	left, err := session.Look(deps, deps.Store.Folder(r.Environment))
	if err != nil {
		return err
	}
	r.Result = report.Unchanged
	for _, l := range left {
		r.Recovered = append(r.Recovered, described(l))
		r.Plan = append(r.Plan, explain.Outlook(l)...)
		if l.Way != run.Wait {
			r.Result = report.Planned
		}
	}
	return nil
}

// tell is what came of it.
func tell(deps session.Deps, r *report.Report, recovered []run.Left) report.Result {
	result := report.Unchanged
	for _, l := range recovered {
		r.Recovered = append(r.Recovered, described(l))
		if said := explain.Left(l); said != "" {
			r.Plan = append(r.Plan, said)
		}
		switch l.Way {
		case run.Wait:
			confirm := deps.Hint("confirm", r.Environment)
			r.Next = append(r.Next, confirm+" keeps the change, "+confirm+" --undo puts it back")
		case run.Later:
			r.Next = append(r.Next, deps.Hint("recover", r.Environment)+", once the services have started")
		case run.Forward, run.Finish, run.Revert:
			result = report.RolledBack
			if l.Stands {
				result, r.Changed = report.Changed, true
			}
		case run.Discard, run.Hands:
		}
	}
	return result
}

func described(l run.Left) report.Recovered {
	d := report.Recovered{Run: l.Run, Command: l.Command, Way: string(l.Way), Stands: l.Stands, Unconfirmed: l.Unconfirmed}
	if !l.Until.IsZero() {
		d.Until = &l.Until
	}
	for _, f := range l.Files {
		d.Files = append(d.Files, report.File{Path: f.Path, Holds: string(f.State)})
	}
	return d
}

// Confirmation says what becomes of a change that waits for it.
type Confirmation struct {
	Environment string
	Undo        bool // put it back at once
}

// Confirm keeps a change that waits for its confirmation, or puts it back. A change
// whose time is over was put back, and the error says so.
func Confirm(ctx context.Context, deps session.Deps, req Confirmation) (report.Report, error) {
	r := report.Report{RunID: deps.RunID, Environment: req.Environment, Result: report.Failed}
	s, err := session.BeginRecovery(ctx, deps, req.Environment, false)
	if err != nil {
		return r, err
	}
	err = confirm(ctx, deps, s, req, &r)
	return r, errors.Join(err, end(s))
}

func confirm(ctx context.Context, deps session.Deps, s *session.Session, req Confirmation, r *report.Report) error {
	for _, l := range s.Recovered {
		if l.Unconfirmed {
			tell(deps, r, s.Recovered)
			r.Result = report.RolledBack
			return fault.New(fault.RolledBack, "the time to confirm was over: "+explain.Left(l),
				"make the change again with "+deps.Hint("configure", req.Environment)+", and confirm it in time")
		}
	}
	deps.Progress.Say(progress.Change, "confirm begins to change things")
	settled, err := s.Engine().Settle(ctx, !req.Undo)
	if err != nil {
		return explain.Recovery(err)
	}
	if len(settled) == 0 {
		return fault.New(fault.Usage, "no change waits for its confirmation", deps.Hint("status", req.Environment)+" tells what stands")
	}
	for _, l := range settled {
		deps.Progress.Say(progress.Done, explain.Settled(l))
	}
	r.Result = tell(deps, r, settled)
	if files, err := s.ReadFiles(); err == nil && !req.Undo {
		value, _ := s.Value(files, settings.ClientSecret)
		s.Forget(value)
	}
	return nil
}
