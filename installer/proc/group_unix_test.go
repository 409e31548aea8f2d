//go:build unix

package proc_test

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/proc"
)

func TestWhatTheProgramStartedEndsWithIt(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	r, err := proc.Run(ctx, proc.Command{Argv: []string{"/bin/sh", "-c", "sleep 60 & echo $!; wait"}})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("got %v", err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(r.Output)))
	if err != nil {
		t.Fatalf("got %q", r.Output)
	}
	for range 100 {
		if err := syscall.Kill(pid, 0); errors.Is(err, syscall.ESRCH) || zombie(pid) {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Errorf("process %d is still there", pid)
}

func TestADaemonThatKeepsTheOutputOpenDelaysNothingAndLivesOn(t *testing.T) {
	began := time.Now()
	r, err := proc.Run(t.Context(), proc.Command{Argv: []string{"/bin/sh", "-c", "sleep 60 & echo $!"}})
	if err != nil || r.ExitCode != 0 {
		t.Fatalf("got %+v, %v", r, err)
	}
	if took := time.Since(began); took > proc.WaitAfterExit+2*time.Second {
		t.Errorf("took %s", took)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(r.Output)))
	if err != nil {
		t.Fatalf("got %q", r.Output)
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Errorf("the daemon is gone: %v", err)
	}
}

func TestASignalIsNoExitStatus(t *testing.T) {
	if r := run(t, proc.Command{Argv: []string{"/bin/sh", "-c", "kill -TERM $$"}}); r.ExitCode != -1 {
		t.Errorf("got %d", r.ExitCode)
	}
}

func TestTheProgramHasAGroupOfItsOwn(t *testing.T) {
	r := run(t, proc.Command{Argv: []string{"/bin/sh", "-c", "echo $$; ps -o pgid= -p $$ || cut -d' ' -f5 /proc/$$/stat"}})
	parts := strings.Fields(string(r.Output))
	if len(parts) != 2 || parts[0] != parts[1] || parts[1] == strconv.Itoa(syscall.Getpgrp()) {
		t.Errorf("got %q", parts)
	}
}
