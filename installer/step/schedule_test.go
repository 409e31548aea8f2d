package step_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/rollout"
	"github.com/empowersuite/backend-installer/installer/schedule"
	"github.com/empowersuite/backend-installer/installer/step"
	"github.com/empowersuite/backend-installer/installer/svc"
	"github.com/empowersuite/backend-installer/installer/svc/svctest"
)

// onTasks is a crew whose Task Scheduler is that of a folder; of systemd it
// knows nothing.
func onTasks(t *testing.T) (rollout.Crew, string) {
	t.Helper()
	folder := t.TempDir()
	if err := svctest.PlaceSchtasks(folder); err != nil {
		t.Fatal(err)
	}
	m := svc.Tasks(svc.TaskOptions{Program: svctest.SchtasksIn(folder), Folder: folder})
	return rollout.Crew{Manager: func(s rollout.Service) (svc.Manager, error) {
		if s.Manager != "task-scheduler" {
			return nil, errors.New("the manager " + s.Manager)
		}
		return m, nil
	}}, folder
}

func TestAJobIsRegisteredAndGoesWithItsChange(t *testing.T) {
	crew, folder := onTasks(t)
	call := schedule.Call{Program: `C:\a "b"\ü\installer.exe`, Environment: "PROD", State: `C:\state & more\`}
	for _, job := range []schedule.Job{
		schedule.Tasks{}.Boot(call, []string{"backend"}), schedule.Tasks{}.Confirm(call, time.Now().Add(time.Hour)),
		schedule.Tasks{}.Watch(call),
	} {
		s := step.NewSchedule(job, crew)
		if err := s.Do(t.Context()); err != nil {
			t.Fatalf("the Task Scheduler refuses it: %v\n%s", err, job.All[0].Text)
		}
		if there, err := s.Registered(t.Context()); err != nil || !there {
			t.Errorf("got %v and %v, want it registered", there, err)
		}
		if err := s.Finish(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := svctest.TaskText(folder, job.All[0].Name); err != nil {
			t.Errorf("a job that is to stay went with the change: %v", err)
		}
		s.Passing = true
		if err := s.Finish(t.Context()); err != nil {
			t.Fatal(err)
		}
		if there, err := s.Registered(t.Context()); err != nil || there {
			t.Errorf("got %v and %v, want it gone", there, err)
		}
	}
}

func TestAJobComesBackFromAJournal(t *testing.T) {
	crew, _ := onTasks(t)
	job := schedule.Tasks{}.Confirm(schedule.Call{Program: `C:\installer.exe`, Environment: "PROD", State: `C:\state`}, time.Now())
	text, err := json.Marshal(step.NewSchedule(job, crew))
	if err != nil {
		t.Fatal(err)
	}
	read := step.Schedule{Crew: crew}
	if err := json.Unmarshal(text, &read); err != nil {
		t.Fatal(err)
	}
	if err := read.Do(t.Context()); err != nil {
		t.Error(err)
	}
	if err := read.Undo(t.Context()); err != nil {
		t.Error(err)
	}
	before := step.Schedule{Crew: crew}
	if err := json.Unmarshal([]byte(`{"all":[{"Name":"empower-confirm-PROD.timer","Text":"","Enable":true}],"passing":true}`), &before); err != nil {
		t.Fatal(err)
	}
	if _, err := before.Registered(t.Context()); err == nil || err.Error() != "the manager systemd" {
		t.Errorf("got %v, want systemd for a journal that names no manager", err)
	}
}
