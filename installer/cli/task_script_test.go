package cli_test

import (
	"os"
	"path/filepath"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/empowersuite/backend-installer/installer/cli"
	"github.com/empowersuite/backend-installer/installer/host"
	"github.com/empowersuite/backend-installer/installer/rollout"
	"github.com/empowersuite/backend-installer/installer/schedule"
	"github.com/empowersuite/backend-installer/installer/svc"
	"github.com/empowersuite/backend-installer/installer/svc/svctest"
)

// administrator has every right.
type administrator struct{ host.Host }

func (administrator) Elevated() bool { return true }

// withTasks is the installer on a host that has a Task Scheduler, that of the
// folder in $TASKS.
func withTasks() int {
	world, folder := cli.Real(), os.Getenv("TASKS")
	tasks := svc.Tasks(svc.TaskOptions{Program: svctest.SchtasksIn(folder), Folder: folder})
	others := world.Deps.Crew.Manager
	world.Deps.Crew.Manager = func(s rollout.Service) (svc.Manager, error) {
		if s.Manager == schedule.TaskScheduler {
			return tasks, nil
		}
		return others(s)
	}
	world.Deps.Scheduler = schedule.Tasks{}
	world.Deps.Host = administrator{world.Deps.Host}
	return cli.Main(world, os.Args[1:])
}

// tasks: a Task Scheduler for the program installer-with-tasks.
func tasks(ts *testscript.TestScript, _ bool, _ []string) {
	folder := filepath.Join(ts.Getenv("WORK"), "scheduler")
	ts.Check(os.MkdirAll(folder, 0o700))
	ts.Check(svctest.PlaceSchtasks(folder))
	ts.Setenv("TASKS", folder)
}
