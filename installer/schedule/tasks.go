package schedule

import (
	"encoding/xml"
	"time"

	"github.com/empowersuite/backend-installer/installer/winpath"
)

// Tasks words jobs in tasks of Windows's Task Scheduler. They run as the system,
// which has every right that the program needs and no password.
type Tasks struct{}

var _ Scheduler = Tasks{}

// TaskScheduler is the manager of tasks.
const TaskScheduler = "task-scheduler"

const (
	taskFolder = `\empower\`

	// systemAccount is the SID of the system. Its logon type is never written.
	systemAccount = "S-1-5-18"

	// settling is left to the services to come up by themselves first.
	settling = "PT30S"

	// taskLimit bounds a run. A recovery bounds itself below that.
	taskLimit = "PT1H"
)

// LooksAfter is true for every service: what started is restarted.
func (Tasks) LooksAfter(string) bool { return true }

// Boot is a task that puts files right some time after the boot, and restarts the
// services that started on others.
func (Tasks) Boot(c Call, _ []string) Job {
	t := newTask("Put right what a change of the backend's configuration left, environment "+c.Environment, c)
	t.Triggers.Boot = &bootTrigger{Enabled: true, Delay: settling}
	return t.job("boot-recovery-"+c.Environment,
		"which recovers after a boot and restarts services that started before it: nothing on Windows can hold them back")
}

// Confirm is a task for that moment, and for the next boot where the host was down
// then.
func (Tasks) Confirm(c Call, until time.Time) Job {
	at := until.UTC().Format(boundary)
	t := newTask("Put a change of the backend's configuration back that was not confirmed, environment "+c.Environment, c)
	t.Triggers.Time = &timeTrigger{Enabled: true, StartBoundary: at}
	t.Triggers.Boot = &bootTrigger{Enabled: true, StartBoundary: at, Delay: settling}
	return t.job("confirm-"+c.Environment, "which recovers when the time is over")
}

// Watch is a task for every day, and for later where the host was down then.
func (Tasks) Watch(c Call) Job {
	t := newTask("Warn of a client secret that ends, environment "+c.Environment, c)
	t.Actions.Arguments = c.arguments("watch")
	t.Triggers.Calendar = &calendarTrigger{
		Enabled: true, StartBoundary: firstDay, RandomDelay: "PT2H", Days: scheduleByDay{DaysInterval: 1},
	}
	name := "watch-" + c.Environment
	return t.job(name, "the Task Scheduler checks once a day: "+taskFolder+name)
}

// Retire is a task for that moment, and for every day after it.
func (Tasks) Retire(c Call, at time.Time) Job {
	t := newTask("Remove client secrets that are owed, environment "+c.Environment, c)
	t.Actions.Arguments = c.arguments(RetireCommand)
	t.Triggers.Time = &timeTrigger{Enabled: true, StartBoundary: at.UTC().Format(boundary)}
	t.Triggers.Calendar = &calendarTrigger{
		Enabled: true, StartBoundary: firstDay, RandomDelay: "PT2H", Days: scheduleByDay{DaysInterval: 1},
	}
	name := "retire-" + c.Environment
	return t.job(name, "the Task Scheduler removes them then: "+taskFolder+name)
}

// boundary is how a trigger names a moment, in UTC.
const boundary = "2006-01-02T15:04:05Z"

// firstDay is long over, and says the hour, by the clock of the host.
const firstDay = "2026-01-01T06:00:00"

// task is the XML form, in the order of the schema.
type task struct {
	XMLName     xml.Name  `xml:"http://schemas.microsoft.com/windows/2004/02/mit/task Task"`
	Version     string    `xml:"version,attr"`
	Description string    `xml:"RegistrationInfo>Description"`
	Triggers    triggers  `xml:"Triggers"`
	Principal   principal `xml:"Principals>Principal"`
	Settings    settings  `xml:"Settings"`
	Actions     actions   `xml:"Actions"`
}

type triggers struct {
	Time *timeTrigger `xml:"TimeTrigger"`
	Boot *bootTrigger `xml:"BootTrigger"`

	Calendar *calendarTrigger `xml:"CalendarTrigger"`
}

type calendarTrigger struct {
	Enabled       bool          `xml:"Enabled"`
	StartBoundary string        `xml:"StartBoundary"`
	RandomDelay   string        `xml:"RandomDelay"`
	Days          scheduleByDay `xml:"ScheduleByDay"`
}

type scheduleByDay struct {
	DaysInterval int `xml:"DaysInterval"`
}

type timeTrigger struct {
	Enabled       bool   `xml:"Enabled"`
	StartBoundary string `xml:"StartBoundary"`
}

type bootTrigger struct {
	Enabled       bool   `xml:"Enabled"`
	StartBoundary string `xml:"StartBoundary,omitempty"`
	Delay         string `xml:"Delay"`
}

type principal struct {
	ID       string `xml:"id,attr"`
	UserID   string `xml:"UserId"`
	RunLevel string `xml:"RunLevel"`
}

type settings struct {
	MultipleInstancesPolicy    string `xml:"MultipleInstancesPolicy"`
	DisallowStartIfOnBatteries bool   `xml:"DisallowStartIfOnBatteries"`
	StopIfGoingOnBatteries     bool   `xml:"StopIfGoingOnBatteries"`
	StartWhenAvailable         bool   `xml:"StartWhenAvailable"`
	ExecutionTimeLimit         string `xml:"ExecutionTimeLimit"`
	Priority                   int    `xml:"Priority"`
}

type actions struct {
	Context   string `xml:"Context,attr"`
	Command   string `xml:"Exec>Command"`
	Arguments string `xml:"Exec>Arguments"`
}

func newTask(description string, c Call) task {
	return task{
		Version: "1.2", Description: description,
		Principal: principal{ID: "System", UserID: systemAccount, RunLevel: "HighestAvailable"},
		Settings: settings{
			MultipleInstancesPolicy: "IgnoreNew", StartWhenAvailable: true, ExecutionTimeLimit: taskLimit,
			Priority: 5, // of a program that somebody starts; 7, the default, is below that
		},
		Actions: actions{
			Context: "System", Command: winpath.Argument(c.Program),
			Arguments: c.arguments("recover"),
		},
	}
}

// arguments are those of a command of this program.
func (c Call) arguments(command string) string {
	return command + " --environment " + winpath.Argument(c.Environment) + " --state " + winpath.Argument(c.State)
}

// job is the task alone. Its text says UTF-16, as which it is stored.
func (t task) job(name, promise string) Job {
	text, _ := xml.MarshalIndent(t, "", "  ") // structs of texts and truth values
	return Job{Manager: TaskScheduler, Promise: promise, All: []Entry{{
		Name: taskFolder + name, Enable: true,
		Text: "<?xml version=\"1.0\" encoding=\"UTF-16\"?>\n" + string(text) + "\n",
	}}}
}
