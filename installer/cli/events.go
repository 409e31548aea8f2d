package cli

import (
	"errors"

	"github.com/empowersuite/backend-installer/installer/eventlog"
	"github.com/empowersuite/backend-installer/installer/progress"
	"github.com/empowersuite/backend-installer/installer/report"
	"github.com/empowersuite/backend-installer/installer/session"
)

// announce has the operating system's log told what becomes of a run that may
// change an installation. A run without rights changes none, and may not fill
// the log of the host.
func (a *app) announce(d session.Deps, command, environment string) {
	if !d.Host.Elevated() {
		return
	}
	a.told = report.Run{Command: command, Environment: environment, ID: d.RunID, Log: a.log.path}
	a.events = a.world.Events
	if err := a.events.Register(); err != nil {
		a.log.warn("the event source was not registered", err)
	}
}

// observe reports what happens while a run is under way.
func (a *app) observe(e progress.Event) {
	switch e.Kind {
	case progress.Change:
		a.told.Begun = true
		a.report(report.Began(a.told))
	case progress.Recovered:
		a.report(report.Recovering(a.told, e.Text))
	case progress.Step, progress.Done, progress.Waiting, progress.Warning, progress.Detail:
	}
}

// report writes events. A log that takes none is no reason to fail; the
// installer's own says so, but where the system has no such log.
func (a *app) report(events ...eventlog.Event) {
	if a.events == nil {
		return
	}
	for _, e := range events {
		e.Text = a.hide(e.Text)
		if err := a.events.Report(e); err != nil && !errors.Is(err, eventlog.ErrNone) {
			a.log.warn("the event was not reported", err)
		}
	}
}
