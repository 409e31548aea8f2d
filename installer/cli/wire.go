package cli

import (
	"context"
	"crypto/rand"
	"fmt"
	mathrand "math/rand/v2"
	"os"
	"runtime"
	"time"

	"github.com/empowersuite/backend-installer/installer/entra"
	"github.com/empowersuite/backend-installer/installer/eventlog"
	"github.com/empowersuite/backend-installer/installer/graph"
	"github.com/empowersuite/backend-installer/installer/health"
	"github.com/empowersuite/backend-installer/installer/host"
	"github.com/empowersuite/backend-installer/installer/keystore"
	"github.com/empowersuite/backend-installer/installer/layout"
	"github.com/empowersuite/backend-installer/installer/onetime"
	"github.com/empowersuite/backend-installer/installer/prompt"
	"github.com/empowersuite/backend-installer/installer/proof"
	"github.com/empowersuite/backend-installer/installer/release"
	"github.com/empowersuite/backend-installer/installer/rollout"
	"github.com/empowersuite/backend-installer/installer/schedule"
	"github.com/empowersuite/backend-installer/installer/session"
	"github.com/empowersuite/backend-installer/installer/signin"
	"github.com/empowersuite/backend-installer/installer/svc"
	"github.com/empowersuite/backend-installer/installer/term"
	"github.com/empowersuite/backend-installer/templates"
)

// Version is that of the embedded release, which the installer is made for.
const Version = "9.7.0"

// stdinWithin is how long a secret on stdin is waited for: long enough for a
// password manager that asks a person, short enough for a script.
const stdinWithin = 2 * time.Minute

// Real is the world as it is.
func Real() World {
	streams := term.Standard()
	return World{
		IO:          streams,
		Getenv:      os.Getenv,
		Processes:   term.Processes,
		StdinWithin: stdinWithin,
		Asker: func(dumb, color bool) prompt.Asker {
			return prompt.New(prompt.Options{IO: streams, Dumb: dumb, Color: color})
		},
		Browse:   signin.OpenBrowser,
		Keystore: keystore.OS{},
		Machine:  func(folder string) keystore.Store { return keystore.Machine{Folder: folder} },
		Events:   eventlog.OS{},
		Release:  templates.Files(),
		Deps: session.Deps{
			Crew: rollout.Crew{
				Manager: managers(), Prober: health.Net{}, Limits: rollout.DefaultLimits(), Now: time.Now,
			},
			Authority: func(o entra.Options) (entra.Authority, error) { return entra.New(o) },
			Graph:     func(o graph.Options) (graph.Directory, error) { return graph.New(o) },
			OneTime:   onetime.Find,
			Proof:     proof.Deps{Now: time.Now, Wait: wait, Jitter: mathrand.Float64},
			Host:      host.OS{Getenv: os.Getenv},
			Layout:    folders(),
			Now:       time.Now,
			Random:    rand.Reader,
			Version:   Version,
			Program:   program(),
			Native:    native,
			Scheduler: scheduler(),
			Services:  svc.OfHost(),
		},
	}
}

// folders are where this host keeps programs and data.
func folders() layout.Host {
	programs, data := host.KnownFolders()
	return layout.Host{GOOS: runtime.GOOS, Programs: programs, Data: data}
}

// native is the service manager of this host.
func native() string {
	switch {
	case runtime.GOOS == "windows":
		return release.Windows
	case svc.Booted():
		return release.Systemd
	}
	return ""
}

// scheduler is what can run this program later on this host.
func scheduler() schedule.Scheduler {
	switch {
	case svc.Booted():
		return schedule.Systemd{}
	case svc.HasTasks():
		return schedule.Tasks{}
	}
	return nil
}

// program is the path of this program, "" where the system does not tell it.
func program() string {
	path, err := os.Executable()
	if err != nil {
		return ""
	}
	return path
}

// managers picks the manager that a service's description names.
func managers() func(rollout.Service) (svc.Manager, error) {
	systemd, windows := svc.Systemd(svc.SystemdOptions{}), svc.SCM(svc.SCMOptions{})
	tasks := svc.Tasks(svc.TaskOptions{})
	return func(s rollout.Service) (svc.Manager, error) {
		switch s.Manager {
		case release.Systemd:
			return systemd, nil
		case release.Windows:
			return windows, nil
		case schedule.TaskScheduler:
			return tasks, nil
		case release.ByHand:
			return svc.Commands(map[string]svc.Command{s.Name: s.Command}, svc.CommandOptions{}), nil
		}
		return nil, fmt.Errorf("the manager %q: %w", s.Manager, svc.ErrUnsupported)
	}
}

// wait ends early, with the cause, when the context ends.
func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-timer.C:
		return nil
	}
}
