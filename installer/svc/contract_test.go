package svc_test

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/svc"
	"github.com/empowersuite/backend-installer/installer/svc/svctest"
)

func TestFakeKeepsTheContract(t *testing.T) {
	svctest.Run(t, func(*testing.T) svctest.Bench {
		fake := svctest.New(nil)
		return svctest.Bench{
			Manager: fake, Restarts: true, Enables: true,
			Define: func(t *testing.T, name string, b svctest.Behaviour) svc.Definition {
				t.Helper()
				fake.Plan(name, scriptOf(b))
				return svc.Definition{Name: name}
			},
			Mask: func(t *testing.T, name string) func() {
				t.Helper()
				fake.Add(name, svctest.Script{Enablement: svc.Masked})
				return func() {}
			},
		}
	})
}

func scriptOf(b svctest.Behaviour) svctest.Script {
	return map[svctest.Behaviour]svctest.Script{
		svctest.FailsAtStart: {FailsAtStart: true},
		svctest.Crashes:      {CrashAfter: 50 * time.Millisecond, RestartDelay: 20 * time.Millisecond},
		svctest.HangsAtStop:  {HangsAtStop: true},
	}[b]
}

func TestCommandsKeepTheContract(t *testing.T) {
	needShell(t)
	svctest.Run(t, func(t *testing.T) svctest.Bench {
		t.Helper()
		folder := t.TempDir()
		return svctest.Bench{
			Manager: svc.Commands(nil, svc.CommandOptions{Settle: 10 * time.Second, Poll: 5 * time.Millisecond}),
			Define: func(_ *testing.T, name string, b svctest.Behaviour) svc.Definition {
				pid := filepath.Join(folder, name+".pid")
				killAfterwards(t, pid)
				return svc.Definition{Name: name, Command: commandOf(b, pid)}
			},
		}
	})
}

// commandOf is a service made of the shell and sleep. Where nobody collects
// orphans, a killed process stays as a zombie that kill -0 still finds: the
// status looks for a command line, which a zombie has none of.
func commandOf(b svctest.Behaviour, pid string) svc.Command {
	shell := func(script string) []string { return []string{"/bin/sh", "-c", script, "sh", pid} }
	begin := func(seconds string) []string {
		return shell(fmt.Sprintf(`sleep %s </dev/null >/dev/null 2>&1 & echo $! >"$1"`, seconds))
	}
	c := svc.Command{
		Start: begin("600"), PID: pid,
		Stop:   shell(`kill "$(cat "$1")"`),
		Status: shell(`test -s "$1" && grep -q . "/proc/$(cat "$1")/cmdline" 2>/dev/null`),
	}
	switch b {
	case svctest.FailsAtStart:
		c.Start = []string{"/bin/sh", "-c", "exit 3"}
	case svctest.Crashes:
		c.Start = begin("0.2")
	case svctest.HangsAtStop:
		c.Stop = []string{"/bin/sh", "-c", "exit 0"}
	case svctest.Steady:
	}
	return c
}

func needShell(t *testing.T) {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("the processes of this test need /bin/sh and /proc")
	}
}

// killAfterwards ends what a service left, if it is ours still.
func killAfterwards(t *testing.T, pidFile string) {
	t.Helper()
	t.Cleanup(func() {
		text, err := os.ReadFile(pidFile)
		if err != nil {
			return // it never ran
		}
		pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
		if err != nil {
			return
		}
		line, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
		if err != nil || !strings.HasPrefix(string(line), "sleep\x00600") {
			return
		}
		if process, err := os.FindProcess(pid); err == nil {
			_ = process.Kill()
		}
	})
}
