package schedule_test

import (
	"encoding/xml"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/schedule"
)

func windowsCall() schedule.Call {
	return schedule.Call{Program: `C:\Program Files\empower & co\installer.exe`, Environment: "PROD", State: `D:\state of ours\`}
}

// task is what these tests read of a task.
type task struct {
	Time struct {
		StartBoundary string
	} `xml:"Triggers>TimeTrigger"`
	Boot struct {
		StartBoundary, Delay string
	} `xml:"Triggers>BootTrigger"`
	Calendar struct {
		StartBoundary, RandomDelay string
		DaysInterval               int `xml:"ScheduleByDay>DaysInterval"`
	} `xml:"Triggers>CalendarTrigger"`
	Principal struct {
		UserID    string `xml:"UserId"`
		LogonType string
		RunLevel  string
	} `xml:"Principals>Principal"`
	Settings struct {
		StartWhenAvailable, DisallowStartIfOnBatteries, StopIfGoingOnBatteries bool
		ExecutionTimeLimit                                                     string
	}
	Exec struct {
		Command, Arguments string
	} `xml:"Actions>Exec"`
}

func only(t *testing.T, j schedule.Job) task {
	t.Helper()
	if len(j.All) != 1 || j.Start != "" || j.Manager != "task-scheduler" {
		t.Fatalf("got %+v, want one task that its trigger starts", j)
	}
	text, declared := strings.CutPrefix(j.All[0].Text, `<?xml version="1.0" encoding="UTF-16"?>`)
	var read task
	if err := xml.Unmarshal([]byte(text), &read); err != nil || !declared {
		t.Fatalf("got %v of\n%s", err, j.All[0].Text)
	}
	return read
}

func TestATaskRunsThisProgramAsTheSystem(t *testing.T) {
	for name, job := range map[string]schedule.Job{
		`\empower\boot-recovery-PROD`: schedule.Tasks{}.Boot(windowsCall(), []string{"backend"}),
		`\empower\confirm-PROD`:       schedule.Tasks{}.Confirm(windowsCall(), time.Now()),
	} {
		read := only(t, job)
		if got := job.All[0].Name; got != name {
			t.Errorf("got the name %q, want %q", got, name)
		}
		if got, want := read.Exec.Command, `"C:\Program Files\empower & co\installer.exe"`; got != want {
			t.Errorf("%s: got the program %q, want %q", name, got, want)
		}
		if got, want := read.Exec.Arguments, `recover --environment "PROD" --state "D:\state of ours\\"`; got != want {
			t.Errorf("%s: got the arguments %q, want %q", name, got, want)
		}
		if p := read.Principal; p.UserID != "S-1-5-18" || p.RunLevel != "HighestAvailable" || p.LogonType != "" {
			t.Errorf("%s: got %+v, want the system, which has no logon type", name, p)
		}
		if s := read.Settings; !s.StartWhenAvailable || s.DisallowStartIfOnBatteries || s.StopIfGoingOnBatteries || s.ExecutionTimeLimit != "PT1H" {
			t.Errorf("%s: got %+v", name, s)
		}
	}
}

func TestATaskNamesItsMomentInUTCAndComesAfterABootThatMissedIt(t *testing.T) {
	until := time.Date(2026, 11, 26, 13, 0, 5, 0, time.FixedZone("CET", 3600))
	read := only(t, schedule.Tasks{}.Confirm(windowsCall(), until))
	const want = "2026-11-26T12:00:05Z"
	if read.Time.StartBoundary != want || read.Boot.StartBoundary != want {
		t.Errorf("got %+v and %+v, want both from %s on", read.Time, read.Boot, want)
	}
}

func TestTheDailyTaskSpreadsHostsAndCatchesUp(t *testing.T) {
	job := schedule.Tasks{}.Watch(windowsCall())
	read := only(t, job)
	if c := read.Calendar; c.DaysInterval != 1 || c.RandomDelay != "PT2H" || c.StartBoundary != "2026-01-01T06:00:00" || !read.Settings.StartWhenAvailable {
		t.Errorf("got %+v and %+v", c, read.Settings)
	}
	if got, want := read.Exec.Arguments, `watch --environment "PROD" --state "D:\state of ours\\"`; got != want || job.All[0].Name != `\empower\watch-PROD` {
		t.Errorf("got the arguments %q of %q, want %q", got, job.All[0].Name, want)
	}
	if read.Principal.UserID != "S-1-5-18" {
		t.Errorf("got %+v, want the system", read.Principal)
	}
}

func TestTheTaskAtBootLeavesTheServicesTimeToStart(t *testing.T) {
	job := schedule.Tasks{}.Boot(windowsCall(), []string{"backend"})
	read := only(t, job)
	if read.Boot.Delay != "PT30S" || read.Boot.StartBoundary != "" || read.Time.StartBoundary != "" {
		t.Errorf("got %+v and %+v", read.Boot, read.Time)
	}
	if !strings.Contains(job.Promise, "restarts services") || strings.Contains(job.Promise, "before the services start") {
		t.Errorf("got the promise %q, want what Windows can keep", job.Promise)
	}
}

func TestEachSchedulerLooksAfterTheServicesThatItCan(t *testing.T) {
	for manager, want := range map[string]bool{"systemd": true, "command": false} {
		if got := (schedule.Systemd{}).LooksAfter(manager); got != want {
			t.Errorf("systemd, %s: got %v, want %v", manager, got, want)
		}
		if !(schedule.Tasks{}).LooksAfter(manager) {
			t.Errorf("tasks, %s: got false", manager)
		}
	}
}

func TestAWordIsQuotedAsWindowsTakesItApart(t *testing.T) {
	for word, want := range map[string]string{
		``:           `""`,
		`a b`:        `"a b"`,
		`C:\a\`:      `"C:\a\\"`,
		`a"b`:        `"a\"b"`,
		`a\"b`:       `"a\\\"b"`,
		`\\host\a b`: `"\\host\a b"`,
	} {
		c := windowsCall()
		c.State = word
		read := only(t, schedule.Tasks{}.Boot(c, nil))
		if _, got, _ := strings.Cut(read.Exec.Arguments, "--state "); got != want {
			t.Errorf("%q: got %s, want %s", word, got, want)
		}
	}
}

func TestATaskRemovesWhatIsOwedAtItsMomentAndTriesAgainDaily(t *testing.T) {
	read := only(t, schedule.Tasks{}.Retire(windowsCall(), time.Date(2026, 11, 26, 12, 0, 5, 0, time.UTC)))
	if read.Time.StartBoundary != "2026-11-26T12:00:05Z" || read.Calendar.DaysInterval != 1 ||
		!strings.HasPrefix(read.Exec.Arguments, "secrets retire --owed --sign-in application --environment ") {
		t.Errorf("got %+v", read)
	}
}
