package cli_test

import (
	"errors"
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

// installer is the program on this host. On Windows it has a Task Scheduler of the
// script's own: there is one per host, and scripts would meet in it.
func installer() int {
	world := quiet()
	if folder := os.Getenv("TASKS"); svc.HasTasks() && folder != "" {
		schedules(&world, folder)
	}
	return cli.Main(world, os.Args[1:])
}

// withTasks is the installer on a host that has a Task Scheduler, whatever the
// host has.
func withTasks() int {
	world := quiet()
	schedules(&world, os.Getenv("TASKS"))
	world.Deps.Host = administrator{world.Deps.Host}
	return cli.Main(world, os.Args[1:])
}

// schedules gives the world the Task Scheduler of a folder.
func schedules(world *cli.World, folder string) {
	tasks := svc.Tasks(svc.TaskOptions{Program: svctest.SchtasksIn(folder), Folder: folder})
	others := world.Deps.Crew.Manager
	world.Deps.Crew.Manager = func(s rollout.Service) (svc.Manager, error) {
		if s.Manager == schedule.TaskScheduler {
			return tasks, nil
		}
		return others(s)
	}
	world.Deps.Scheduler = schedule.Tasks{}
}

// tasks: a Task Scheduler, in the folder scheduler, for the program
// installer-with-tasks.
func tasks(ts *testscript.TestScript, _ bool, _ []string) {
	folder := filepath.Join(ts.Getenv("WORK"), "scheduler")
	ts.Check(placeTasks(folder))
	ts.Setenv("TASKS", folder)
}

func placeTasks(folder string) error {
	return errors.Join(os.MkdirAll(folder, 0o700), svctest.PlaceSchtasks(folder))
}
