package svc_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/svc"
)

func sh(script string, args ...string) []string {
	return append([]string{"/bin/sh", "-c", script, "sh"}, args...)
}

func commands(t *testing.T, c svc.Command, settle time.Duration) *svc.CommandManager {
	t.Helper()
	needShell(t)
	return svc.Commands(map[string]svc.Command{"web": c}, svc.CommandOptions{Settle: settle, Poll: 5 * time.Millisecond})
}

func TestCommandsWaitUntilTheStatusAgrees(t *testing.T) {
	up := filepath.Join(t.TempDir(), "up")
	m := commands(t, svc.Command{
		Start:  sh(`(sleep 0.2; : >"$1") </dev/null >/dev/null 2>&1 &`, up),
		Stop:   sh(`(sleep 0.2; rm "$1") </dev/null >/dev/null 2>&1 &`, up),
		Status: sh(`test -f "$1"`, up),
	}, 10*time.Second)
	if err := m.Start(t.Context(), "web"); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(up); err != nil {
		t.Errorf("got an answer before the service was up: %v", err)
	}
	if err := m.Stop(t.Context(), "web"); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(up); !os.IsNotExist(err) {
		t.Errorf("got an answer before the service was down: %v", err)
	}
}

func TestCommandsReportAStatusThatNeverAgrees(t *testing.T) {
	never := commands(t, svc.Command{Start: sh("exit 0"), Stop: sh("exit 0"), Status: sh("exit 3")}, 100*time.Millisecond)
	if err := never.Start(t.Context(), "web"); !errors.Is(err, svc.ErrStart) || !strings.Contains(err.Error(), "did not agree within 100ms") {
		t.Errorf("got %v, want %v and why", err, svc.ErrStart)
	}
	always := commands(t, svc.Command{Start: sh("exit 0"), Stop: sh("exit 0"), Status: sh("exit 0")}, 100*time.Millisecond)
	if err := always.Stop(t.Context(), "web"); !errors.Is(err, svc.ErrStop) {
		t.Errorf("got %v, want %v", err, svc.ErrStop)
	}
}

func TestCommandsNeverShowWhatACommandPrinted(t *testing.T) {
	m := commands(t, svc.Command{
		Start:  sh("echo not-to-be-seen; echo not-to-be-seen >&2; exit 4"),
		Stop:   sh("exit 0"),
		Status: sh("echo not-to-be-seen; exit 3"),
	}, time.Second)
	err := m.Start(t.Context(), "web")
	state, inspectErr := m.Inspect(t.Context(), "web")
	text := fmt.Sprintf("%v %+v %v", err, state, inspectErr)
	if strings.Contains(text, "not-to-be-seen") || !strings.Contains(text, "status 4") || !strings.Contains(text, "status 3") {
		t.Errorf("got %s, want the statuses and no output", text)
	}
}

func TestCommandsBoundAStatusCommandThatHangs(t *testing.T) {
	m := commands(t, svc.Command{Start: sh("exit 0"), Stop: sh("exit 0"), Status: sh("exec sleep 60")}, 100*time.Millisecond)
	began := time.Now()
	if s, err := m.Inspect(t.Context(), "web"); err == nil || !strings.Contains(err.Error(), "did not end within 100ms") {
		t.Errorf("got %+v and %v, want the bound", s, err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := m.Start(ctx, "web"); !errors.Is(err, svc.ErrStart) || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want %v and %v", err, svc.ErrStart, context.DeadlineExceeded)
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("got an answer after %v", took)
	}
}

func TestCommandsReportAProgramThatCannotBeRun(t *testing.T) {
	folder := t.TempDir()
	locked := filepath.Join(folder, "locked")
	if err := os.WriteFile(locked, []byte("#!/bin/sh\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	m := commands(t, svc.Command{Start: []string{locked}, Stop: sh("exit 0"), Status: sh("exit 3")}, time.Second)
	if err := m.Start(t.Context(), "web"); !errors.Is(err, svc.ErrStart) || !errors.Is(err, svc.ErrPermission) {
		t.Errorf("got %v, want %v and %v", err, svc.ErrStart, svc.ErrPermission)
	}
	m = commands(t, svc.Command{Start: sh("exit 0"), Stop: sh("exit 0"), Status: []string{filepath.Join(folder, "none")}}, time.Second)
	if state, err := m.Inspect(t.Context(), "web"); err != nil || state.Exists || state.Activity != svc.Stopped {
		t.Errorf("without its status program: got %+v, %v, want a service that does not exist", state, err)
	}
}

func TestCommandsTakeOnlyWholeDefinitions(t *testing.T) {
	m := svc.Commands(nil, svc.CommandOptions{})
	one := []string{"x"}
	for _, d := range []svc.Definition{
		{Command: svc.Command{Start: one, Stop: one, Status: one}},
		{Name: "web"},
		{Name: "web", Command: svc.Command{Start: one, Stop: one}},
		{Name: "web", Command: svc.Command{Start: one, Status: one}},
		{Name: "web", Command: svc.Command{Stop: one, Status: one}},
	} {
		if err := m.Register(t.Context(), d); err == nil {
			t.Errorf("%+v: got no error", d)
		}
	}
}

func TestCommandsTakeNoProcessFromABadPIDFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "pid")
	m := commands(t, svc.Command{Start: sh("exit 0"), Stop: sh("exit 0"), Status: sh("exit 0"), PID: file}, time.Second)
	for _, text := range []string{"", "0", "-1", "none", "99999999999", "2147483646", "1 2"} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := m.Inspect(t.Context(), "web")
		if err != nil || s.Activity != svc.Running || s.Process() != (svc.Process{}) {
			t.Errorf("%q: got %+v and %v, want a running service and no process", text, s, err)
		}
	}
}

func TestAProcessIsTheSameAfterAJournalKeptIt(t *testing.T) {
	file := filepath.Join(t.TempDir(), "pid")
	m := commands(t, svc.Command{Start: sh("exit 0"), Stop: sh("exit 0"), Status: sh("exit 0"), PID: file}, time.Second)
	if err := os.WriteFile(file, fmt.Appendln(nil, os.Getpid()), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := m.Inspect(t.Context(), "web")
	if err != nil || s.PID != os.Getpid() || s.Started.IsZero() {
		t.Fatalf("got %+v and %v, want this process", s, err)
	}
	text, err := json.Marshal(s.Process())
	if err != nil {
		t.Fatal(err)
	}
	var kept svc.Process
	if err := json.Unmarshal(text, &kept); err != nil {
		t.Fatal(err)
	}
	if kept != s.Process() {
		t.Errorf("got %+v, want %+v", kept, s.Process())
	}
}

func TestTheStartOfAProcessIsReadFromItsStat(t *testing.T) {
	const before, after = "4711 (", ") S 1 1 1 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 12345 999 88 18446744073709551615"
	for _, name := range []string{"web", "two words", "a) S 1 (b", ""} {
		got, ok := svc.SinceBoot([]byte(before + name + after))
		if want := 123450 * time.Millisecond; !ok || got != want {
			t.Errorf("%q: got %v and %v, want %v", name, got, ok, want)
		}
	}
	for _, text := range []string{
		"", "4711 (web)", "4711 (web) S 1 1", strings.Replace(before+"web"+after, " S ", " Z ", 1),
		strings.Replace(before+"web"+after, "12345", "-1", 1), strings.Replace(before+"web"+after, "12345", "x", 1),
	} {
		if got, ok := svc.SinceBoot([]byte(text)); ok {
			t.Errorf("%q: got %v, want none", text, got)
		}
	}
}

func TestTheBootTimeIsReadFromTheHostsStat(t *testing.T) {
	got := svc.BootTimeIn([]byte("cpu  1 2 3\nbtime 1763899200\nprocesses 7\n"))
	if want := time.Date(2025, 11, 23, 12, 0, 0, 0, time.UTC); !got.Equal(want) || got.Location() != time.UTC {
		t.Errorf("got %v, want %v", got, want)
	}
	for _, text := range []string{"", "btime", "btime x\n", "cpu 1 2\n"} {
		if got := svc.BootTimeIn([]byte(text)); !got.IsZero() {
			t.Errorf("%q: got %v, want none", text, got)
		}
	}
}

func TestCommandsTakeNothingButIDsFromAProcessCommand(t *testing.T) {
	for printed, want := range map[string]bool{
		"":                         true,
		"%d\n":                     true,
		"%d\r\n2147483646\r\n":     true, // that one is not there
		"WP \"%d\"":                false,
		"-%d":                      false,
		"%d 0":                     false,
		"not-to-be-seen":           false,
		strings.Repeat("9 ", 4096): false, // more than a host has
	} {
		text := strings.ReplaceAll(printed, "%d", fmt.Sprint(os.Getpid()))
		m := commands(t, svc.Command{
			Start: sh("exit 0"), Stop: sh("exit 0"), Status: sh("exit 0"), Process: sh(`printf %s "$1"; exit 1`, text),
		}, 5*time.Second)
		s, err := m.Inspect(t.Context(), "web")
		switch {
		case (err == nil) != want:
			t.Errorf("%.20q: got %v, want good %v", printed, err, want)
		case err != nil && strings.Contains(err.Error(), "not-to-be-seen"):
			t.Errorf("the error shows what was printed: %v", err)
		case err == nil && (s.PID == os.Getpid()) != strings.Contains(printed, "%d"):
			t.Errorf("%.20q: got %+v", printed, s)
		}
	}
}

func TestCommandsReportTheOldestOfSeveralProcesses(t *testing.T) {
	m := commands(t, svc.Command{
		Start: sh("exit 0"), Stop: sh("exit 0"), Status: sh("exit 0"), Process: sh(`echo $$; echo "$1"; echo $$`, fmt.Sprint(os.Getpid())),
	}, 5*time.Second)
	s, err := m.Inspect(t.Context(), "web")
	if err != nil || s.PID != os.Getpid() {
		t.Errorf("got %+v and %v, want this process", s, err)
	}
}
