package watch

import (
	"bytes"
	"context"
	"errors"

	"github.com/empowersuite/backend-installer/installer/atomicfile"
	"github.com/empowersuite/backend-installer/installer/expiry"
	"github.com/empowersuite/backend-installer/installer/explain"
	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/progress"
	"github.com/empowersuite/backend-installer/installer/report"
	"github.com/empowersuite/backend-installer/installer/session"
	"github.com/empowersuite/backend-installer/installer/site"
	"github.com/empowersuite/backend-installer/installer/step"
)

// Plan says what the host's scheduler is to do.
type Plan struct {
	Environment string
	Settings    expiry.Settings
}

// Install keeps the settings and has the host check daily. Once more with the same
// settings is unchanged.
func Install(ctx context.Context, deps session.Deps, p Plan) (report.Report, error) {
	r := report.Report{RunID: deps.RunID, Environment: p.Environment, Result: report.Failed}
	if err := p.runsAlone(); err != nil {
		return r, err
	}
	job, promise, err := timer(deps, p.Environment)
	if err != nil {
		return r, err
	}
	err = locked(ctx, deps, p.Environment, func(s *session.Session) error {
		there, err := job.Registered(ctx)
		if err != nil {
			return explain.Services(err)
		}
		deps.Progress.Say(progress.Change, "watch install begins to change things")
		kept, err := keep(s.Folder, p.Settings)
		if err != nil {
			return explain.Write(err, "the settings of watch were not kept, and no timer was registered")
		}
		if err := job.Do(ctx); err != nil {
			return explain.Write(err, "what checks daily was not registered")
		}
		r.Changed = !there || !kept
		r.Files = []report.File{{Path: s.Folder.WatchSettings()}}
		return nil
	})
	if err != nil {
		return r, err
	}
	r.Result = report.Unchanged
	if r.Changed {
		r.Result = report.Changed
	}
	r.Next = []string{promise, deps.Hint("watch test", p.Environment) + " sends a test message to every sink"}
	return r, nil
}

// Remove has the host check no more. Settings and what was warned of are kept.
func Remove(ctx context.Context, deps session.Deps, environment string) (report.Report, error) {
	r := report.Report{RunID: deps.RunID, Environment: environment, Result: report.Failed}
	job, _, err := timer(deps, environment)
	if err != nil {
		return r, err
	}
	err = locked(ctx, deps, environment, func(*session.Session) error {
		there, err := job.Registered(ctx)
		if err != nil {
			return explain.Services(err)
		}
		if !there {
			return nil
		}
		deps.Progress.Say(progress.Change, "watch remove begins to change things")
		if err := job.Undo(ctx); err != nil {
			return explain.Services(err)
		}
		r.Changed = true
		return nil
	})
	if err != nil {
		return r, err
	}
	r.Result = report.Unchanged
	if r.Changed {
		r.Result = report.Changed
	}
	return r, nil
}

func locked(ctx context.Context, deps session.Deps, environment string, do func(*session.Session) error) error {
	s, err := session.Begin(ctx, deps, environment)
	if err != nil {
		return err
	}
	return errors.Join(do(s), s.Close())
}

// timer is the step that has the host check, and what it promises.
func timer(deps session.Deps, environment string) (*step.Schedule, string, error) {
	if !deps.CallsItself() {
		return nil, "", fault.New(fault.Usage, "nothing on this host can be told to check daily: that needs systemd or the Task Scheduler, and an administrator",
			"run it as one, or have a scheduler of yours run "+deps.Hint("watch", environment)+" once a day")
	}
	job := deps.Scheduler.Watch(deps.Call(environment))
	return step.NewSchedule(job, deps.Crew), job.Promise, nil
}

// keep writes the settings, and reports whether they were there like that.
func keep(folder site.Folder, s expiry.Settings) (same bool, err error) {
	text, err := s.Encode()
	if err != nil {
		return false, err
	}
	path := folder.WatchSettings()
	if old, err := atomicfile.Read(path, site.MaxFileBytes); err == nil && bytes.Equal(old.Data, text) {
		return true, nil
	}
	return false, atomicfile.Create(path, text, atomicfile.Options{Mode: 0o600, UID: -1, GID: -1})
}

// runsAlone refuses references that a scheduler cannot follow.
func (p Plan) runsAlone() error {
	for _, r := range p.Settings.References() {
		if !r.RunsAlone() {
			return fault.New(fault.Usage, "the settings take a secret from your environment or your credential store, which a scheduler has not",
				"refer to it with {file: PATH}, a file that only administrators and the system can read; on Windows also {keyring: machine:NAME}")
		}
	}
	return nil
}
