//go:build system && linux

package svc_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/svc"
	"github.com/empowersuite/backend-installer/installer/svc/svctest"
)

func TestSystemdWaitsForTheWordOfANotifyingService(t *testing.T) {
	m := openSystemd(t)
	name := place(t, m, "notifying", unit("", "Type=notify\nNotifyAccess=all\n"+
		"ExecStart=/bin/sh -c 'sleep 0.4; systemd-notify --ready; exec sleep infinity'"))
	began := time.Now()
	if err := m.Start(t.Context(), name); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(began); took < 400*time.Millisecond {
		t.Errorf("got an answer after %v, want it to wait for the service", took)
	}
	if state := inspect(t, m, name); state.Activity != svc.Running || state.PID == 0 || state.Started.Before(began.Add(-2*time.Second)) {
		t.Errorf("got %+v, want a process that runs since just now", state)
	}
}

// The trap of systemctl restart: it succeeds, and the backend is down.
func TestSystemdStartsASimpleServiceThatDiesLater(t *testing.T) {
	m := openSystemd(t)
	name := place(t, m, "dying", unit("", "Type=simple\nExecStart=/bin/sh -c 'sleep 1.5; exit 7'"))
	if err := m.Start(t.Context(), name); err != nil {
		t.Fatal(err)
	}
	if got := inspect(t, m, name).Activity; got != svc.Running {
		t.Errorf("got %q, want %q", got, svc.Running)
	}
	state := await(t, m, name, func(s svc.State) bool { return s.Activity != svc.Running })
	if state.Activity != svc.Failed || state.PID != 0 || !strings.Contains(state.Detail, "exit-code 7") {
		t.Errorf("got %+v, want a failure with the exit status and no process", state)
	}
}

func TestSystemdCountsTheRestartsOfACrashLoop(t *testing.T) {
	m := openSystemd(t)
	name := place(t, m, "looping", unit("StartLimitIntervalSec=0", "ExecStart=/bin/sh -c 'sleep 0.1; exit 1'\nRestart=always\nRestartSec=300ms"))
	if err := m.Start(t.Context(), name); err != nil {
		t.Fatal(err)
	}
	await(t, m, name, func(s svc.State) bool { return s.Activity == svc.Restarting })
	before := await(t, m, name, func(s svc.State) bool { return s.Activity == svc.Running && s.Restarts > 0 })
	await(t, m, name, func(s svc.State) bool { return s.Restarts > before.Restarts && s.Process() != before.Process() })
	if err := m.Stop(t.Context(), name); err != nil {
		t.Fatal(err)
	}
	if state := inspect(t, m, name); state.Activity != svc.Stopped && state.Activity != svc.Failed || state.PID != 0 {
		t.Errorf("got %+v, want the loop to end", state)
	}
}

func TestSystemdStartsADisabledServiceAndLeavesItDisabled(t *testing.T) {
	m := openSystemd(t)
	name := place(t, m, "disabled", unitOf(svctest.Steady))
	if err := m.Start(t.Context(), name); err != nil {
		t.Fatal(err)
	}
	if state := inspect(t, m, name); state.Activity != svc.Running || state.Enablement != svc.Disabled {
		t.Errorf("got %+v, want a disabled service that runs", state)
	}
}

// A restart by hand, or by a package's script, is nothing that Register may
// lose: the new text counts at the next start only.
func TestSystemdRegistersANewTextWithoutTouchingWhatRuns(t *testing.T) {
	m := openSystemd(t)
	name := place(t, m, "rewritten", unitOf(svctest.Steady))
	if err := m.Start(t.Context(), name); err != nil {
		t.Fatal(err)
	}
	before := inspect(t, m, name).Process()
	text := unit("", "ExecStart=/bin/sleep 4242\nEnvironment=NEW=1")
	if err := m.Register(t.Context(), svc.Definition{Name: name, Unit: text}); err != nil {
		t.Fatal(err)
	}
	state := inspect(t, m, name)
	if state.Process() != before {
		t.Errorf("got process %+v, want %+v", state.Process(), before)
	}
	want(t, "Env", state.Env, "NEW")
}

func await(t *testing.T, m svc.Manager, name string, wanted func(svc.State) bool) svc.State {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		switch state := inspect(t, m, name); {
		case wanted(state):
			return state
		case time.Now().After(end):
			t.Fatalf("got %+v for too long", state)
		}
	}
}

func TestSystemdReportsABrokenUnit(t *testing.T) {
	m := openSystemd(t)
	name := place(t, m, "broken", []byte("[Service]\nType=simple\n"))
	state := inspect(t, m, name)
	if !state.Exists || !strings.Contains(state.Detail, "bad-setting") {
		t.Errorf("got %+v, want a unit with a bad setting", state)
	}
	if err := m.Start(t.Context(), name); !errors.Is(err, svc.ErrStart) {
		t.Errorf("got %v, want %v", err, svc.ErrStart)
	}
}

func TestSystemdTellsAMissingDependencyFromAMissingService(t *testing.T) {
	m := openSystemd(t)
	defer mask(t, prefix+"hidden")()
	for need, words := range map[string]string{"nowhere": "not found", "hidden": "masked"} {
		name := place(t, m, "needs-"+need, unit("Requires=svctest-"+need+".service", "ExecStart=/bin/sleep infinity"))
		err := m.Start(t.Context(), name)
		if !errors.Is(err, svc.ErrStart) || errors.Is(err, svc.ErrNotFound) || errors.Is(err, svc.ErrMasked) || !strings.Contains(err.Error(), words) {
			t.Errorf("%s: got %v, want %v and %q", need, err, svc.ErrStart, words)
		}
	}
}

func TestSystemdReportsADependencyThatDoesNotStart(t *testing.T) {
	m := openSystemd(t)
	place(t, m, "bad-base", unitOf(svctest.FailsAtStart))
	name := place(t, m, "on-bad-base", unit("Requires=svctest-bad-base.service\nAfter=svctest-bad-base.service", "ExecStart=/bin/sleep infinity"))
	if err := m.Start(t.Context(), name); !errors.Is(err, svc.ErrStart) || !strings.Contains(err.Error(), "dependency") {
		t.Errorf("got %v, want %v and the dependency", err, svc.ErrStart)
	}
}

func TestSystemdReportsAConditionThatDoesNotHold(t *testing.T) {
	m := openSystemd(t)
	name := place(t, m, "conditional", unit("ConditionPathExists=/nonexistent", "ExecStart=/bin/sleep infinity"))
	if err := m.Start(t.Context(), name); !errors.Is(err, svc.ErrStart) || !strings.Contains(err.Error(), "condition") {
		t.Errorf("got %v, want %v and the condition", err, svc.ErrStart)
	}
}

func TestSystemdEndsAStartWithTheContext(t *testing.T) {
	m := openSystemd(t)
	name := place(t, m, "silent", unit("", "Type=notify\nExecStart=/bin/sleep infinity"))
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	err := m.Start(ctx, name)
	if !errors.Is(err, svc.ErrStart) || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want %v and %v", err, svc.ErrStart, context.DeadlineExceeded)
	}
	if got := inspect(t, m, name).Activity; got != svc.Starting {
		t.Errorf("got %q, want %q", got, svc.Starting)
	}
	if err := m.Stop(t.Context(), name); err != nil { // cancels the start
		t.Error(err)
	}
}

func TestSystemdReportsAStartThatItGaveUp(t *testing.T) {
	m := openSystemd(t)
	name := place(t, m, "late", unit("", "Type=notify\nTimeoutStartSec=1\nExecStart=/bin/sleep infinity"))
	if err := m.Start(t.Context(), name); !errors.Is(err, svc.ErrStart) || !strings.Contains(err.Error(), "timeout") {
		t.Errorf("got %v, want %v and the time-out", err, svc.ErrStart)
	}
	if got := inspect(t, m, name).Activity; got != svc.Failed {
		t.Errorf("got %q, want %q", got, svc.Failed)
	}
}

func TestSystemdStartsWhatReachedItsStartLimit(t *testing.T) {
	m := openSystemd(t)
	name := place(t, m, "limited", unit("StartLimitIntervalSec=60\nStartLimitBurst=2", "ExecStart=/bin/sh -c 'exit 1'\nRestart=always\nRestartSec=10ms"))
	if err := m.Start(t.Context(), name); err != nil && !errors.Is(err, svc.ErrStart) {
		t.Fatal(err)
	}
	await(t, m, name, func(s svc.State) bool { return s.Activity == svc.Failed })
	steady := svc.Definition{Name: name, Unit: unitOf(svctest.Steady)}
	if err := m.Register(t.Context(), steady); err != nil {
		t.Fatal(err)
	}
	if err := m.Start(t.Context(), name); err != nil {
		t.Errorf("got %v, want a start in spite of the limit", err)
	}
}
