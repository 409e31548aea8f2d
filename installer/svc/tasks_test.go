package svc_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/svc"
	"github.com/empowersuite/backend-installer/installer/svc/svctest"
)

const (
	taskName = `\empower\confirm-PROD`
	taskXML  = `<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <Triggers><TimeTrigger><Enabled>true</Enabled><StartBoundary>2026-11-26T12:00:00Z</StartBoundary></TimeTrigger></Triggers>
  <Principals><Principal id="System"><UserId>S-1-5-18</UserId></Principal></Principals>
  <Actions Context="System"><Exec><Command>"C:\Müller\installer.exe"</Command></Exec></Actions>
</Task>
`
)

// onSchtasks is a manager, and the folder of its program and tasks.
func onSchtasks(t *testing.T) (*svc.TaskManager, string) {
	t.Helper()
	folder := t.TempDir()
	if err := svctest.PlaceSchtasks(folder); err != nil {
		t.Fatal(err)
	}
	return svc.Tasks(svc.TaskOptions{Program: svctest.SchtasksIn(folder), Folder: folder, Within: 20 * time.Second}), folder
}

func wantTask(t *testing.T, m svc.Manager, want bool) {
	t.Helper()
	if s, err := m.Inspect(t.Context(), taskName); err != nil || s.Exists != want {
		t.Errorf("got %+v and %v, want a task: %v", s, err, want)
	}
}

func TestATaskIsThereUntilItIsTakenAway(t *testing.T) {
	m, folder := onSchtasks(t)
	wantTask(t, m, false)
	for range 2 { // the second replaces the first
		if err := m.Register(t.Context(), svc.Definition{Name: taskName, Unit: []byte(taskXML)}); err != nil {
			t.Fatal(err)
		}
	}
	wantTask(t, m, true)
	if got, err := svctest.TaskText(folder, taskName); err != nil || got != taskXML {
		t.Errorf("got %q and %v", got, err)
	}
	for range 2 {
		if err := m.Unregister(t.Context(), taskName); err != nil {
			t.Fatal(err)
		}
	}
	wantTask(t, m, false)
	if left, err := filepath.Glob(filepath.Join(folder, "empower-task-*")); err != nil || len(left) != 0 {
		t.Errorf("got %q left and %v", left, err)
	}
}

func TestATaskThatTheSchemaForbidsIsAnError(t *testing.T) {
	m, _ := onSchtasks(t)
	for was, is := range map[string]string{
		"<UserId>S-1-5-18</UserId>":    "<UserId>S-1-5-18</UserId><LogonType>ServiceAccount</LogonType>",
		"<Enabled>true</Enabled>":      "<EndBoundary>2026-11-26T13:00:00Z</EndBoundary><Enabled>true</Enabled>",
		"2026-11-26T12:00:00Z":         "26.11.2026 12:00",
		"<Command>":                    "<Program>",
		` encoding="UTF-16"`:           "",
		"windows/2004/02/mit/task":     "windows/other",
		"<Actions Context=\"System\">": "<Actions Context=\"System\"><Mail/>",
	} {
		text := strings.ReplaceAll(taskXML, was, is)
		if text == taskXML {
			t.Fatalf("%q is not in the task", was)
		}
		err := m.Register(t.Context(), svc.Definition{Name: taskName, Unit: []byte(text)})
		if err == nil || !strings.Contains(err.Error(), "schtasks ended with status 1") {
			t.Errorf("%q: got %v, want a refusal", is, err)
		}
	}
}

func TestTasksReportWhatTheyCannotDo(t *testing.T) {
	m, _ := onSchtasks(t)
	if err := m.Register(t.Context(), svc.Definition{}); !errors.Is(err, svc.ErrName) {
		t.Errorf("got %v, want %v", err, svc.ErrName)
	}
	for _, err := range []error{m.Start(t.Context(), taskName), m.Stop(t.Context(), taskName)} {
		if !errors.Is(err, svc.ErrUnsupported) {
			t.Errorf("got %v, want %v", err, svc.ErrUnsupported)
		}
	}
	none := svc.Tasks(svc.TaskOptions{Program: filepath.Join(t.TempDir(), "none"), Folder: t.TempDir()})
	if err := none.Register(t.Context(), svc.Definition{Name: taskName, Unit: []byte(taskXML)}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v, want %v", err, os.ErrNotExist)
	}
}
