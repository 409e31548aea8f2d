// Package schedule has the host run this program: at boot, when the time to confirm
// a change is over, when a client secret is to be removed, and once a day.
//
// # What it is
//
// A Scheduler words that for what the host has: Systemd in units, Tasks in tasks
// of Windows's Task Scheduler.
//
// # Invariants
//
//   - The unit that recovers at boot is required by the backend's services and
//     ordered before them: they never start on files of which some are old and some
//     new. It stays active, so that later starts do not run it again.
//   - No task can hold services of Windows back, which start side by side with it.
//     The one that recovers at boot puts the files right and restarts what started
//     on others, some time after the boot.
//   - A program that was moved away holds the services back only where there is
//     something to recover.
//   - What runs once a day runs at another moment on each host, so that hosts do not
//     ask Entra ID in step, and runs later where the host was down then.
//   - What runs when a time is over also runs after a reboot, at once where that
//     time has passed.
//
// # Sources
//
// systemd.unit(5), systemd.service(5), systemd.timer(5), systemd.syntax(7) of
// systemd 252. Microsoft, [MS-TSCH] 2.5 XML Task Definition Format and 2.5.3.1
// Common Trigger Elements; Microsoft Learn, Task Scheduler Schema (taskType,
// triggerBaseType, logonType: a service account has no logon type, and schtasks
// refuses ServiceAccount) and CommandLineToArgvW; all read in November 2026.
package schedule

import "time"

// Entry is a unit file, or a task.
type Entry struct {
	Name   string // a unit's with its type, a task's with its folder
	Text   string
	Enable bool // starts with the host
}

// Job is what makes the host run this program.
type Job struct {
	Manager string  // the service manager that takes the entries
	All     []Entry // in the order in which they are registered
	Start   string  // the entry to start; "" where registering is all
	Promise string  // when it runs and what it does, for people
}

// Scheduler words jobs for what a host has.
type Scheduler interface {
	// LooksAfter reports whether the recovery at boot is of use to a service
	// of that manager.
	LooksAfter(manager string) bool
	// Boot recovers at boot an environment whose services these are.
	Boot(c Call, services []string) Job
	// Confirm recovers when the time to confirm is over.
	Confirm(c Call, until time.Time) Job
	// Watch checks once a day how long the client secret lasts.
	Watch(c Call) Job
	// Retire removes client secrets that are owed, as the application itself, at a
	// moment and once a day from then on.
	Retire(c Call, at time.Time) Job
}

// RetireCommand removes what is owed with rights that need no person.
const RetireCommand = "secrets retire --owed --sign-in application"

// Call is how the host calls this program.
type Call struct {
	Program     string // absolute path
	Environment string
	State       string // the state folder
}
