//go:build wine && linux

// Package windowstest drives the finished programs for Windows, under Wine:
// scripts/system-windows builds them and makes the prefix.
package windowstest_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/scripts/kit"
)

// patience bounds one run of a program; it is far above what any should take.
const patience = 4 * time.Minute

// waitDelay is how long the streams of a program that ended are read: what it started
// may have them.
const waitDelay = 5 * time.Second

// machine is a Windows of its own, with a service control manager that remembers
// its services until the test ends.
type machine struct {
	t      *testing.T
	prefix string
}

// variable is one that scripts/system-windows sets.
func variable(t *testing.T, name string) string {
	t.Helper()
	value := os.Getenv(name)
	if value == "" {
		t.Skip(name + " is not set: run make system-windows")
	}
	return value
}

// newMachine lays a folder over the template where it may, else copies it.
func newMachine(t *testing.T) *machine {
	t.Helper()
	template, folder := variable(t, "EMPOWER_WINE_TEMPLATE"), t.TempDir()
	m := &machine{t: t, prefix: filepath.Join(folder, "prefix")}
	for _, name := range []string{"prefix", "upper", "work"} {
		if err := os.Mkdir(filepath.Join(folder, name), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	layers := "lowerdir=" + template + ",upperdir=" + folder + "/upper,workdir=" + folder + "/work"
	mounted := m.unix("mount", "-t", "overlay", "overlay", "-o", layers, m.prefix) == nil
	if !mounted {
		if err := m.unix("cp", "-a", template+"/.", m.prefix); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() {
		_ = m.unix("wineserver", "-k", "-w")
		if mounted {
			if err := m.unix("umount", m.prefix); err != nil {
				t.Error(err)
			}
		}
	})
	m.keepAlive()
	return m
}

// keepAlive boots, and starts a program that lasts: without one, Wine ends its service
// control manager and forgets which services run.
func (m *machine) keepAlive() {
	m.t.Helper()
	const boots = 3 // Wine fails one in hundreds, and says nothing
	for n := 1; ; n++ {
		err := errors.Join(m.unix("wineserver", "-p"), m.unix("wine", "hostname"))
		if err == nil {
			break
		}
		if n == boots {
			m.t.Fatal(err)
		}
		m.t.Logf("Wine did not boot, and is booted again: %v", err)
		_ = m.unix("wineserver", "-k", "-w")
	}
	cmd := exec.CommandContext(context.Background(), "wine", "ping", "-t", "127.0.0.1")
	cmd.Env = m.environ()
	if err := cmd.Start(); err != nil {
		m.t.Fatal(err)
	}
	m.t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // it was killed
	})
}

// unix runs a program of the host, after the test's context, too. What it prints is
// dropped: a server that stays would hold a pipe open.
func (m *machine) unix(argv ...string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Env = m.environ()
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w", strings.Join(argv, " "), err)
	}
	return nil
}

// environ is what every program gets and nothing else.
func (m *machine) environ(more ...string) []string {
	return append([]string{
		"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LANG=C.UTF-8", "TERM=xterm",
		"WINEPREFIX=" + m.prefix, "WINEARCH=win64", "WINEDEBUG=-all", "WINEDLLOVERRIDES=mscoree,mshtml=", "DISPLAY=",
	}, more...)
}

// program is the path of a program under test.
func program(t *testing.T, name string) string {
	t.Helper()
	path := filepath.Join(variable(t, "EMPOWER_WINDOWS_BIN"), name)
	if _, err := os.Stat(path); err != nil {
		t.Fatal(err)
	}
	return path
}

// at is where a path of Windows lies on the host.
func (m *machine) at(path string) string {
	drive, rest, _ := strings.Cut(path, ":")
	return filepath.Join(m.prefix, "drive_"+strings.ToLower(drive), strings.ReplaceAll(rest, `\`, "/"))
}

// seen is how a Windows program sees a path of the host.
func seen(path string) string { return "Z:" + strings.ReplaceAll(path, "/", `\`) }

// call is one run of the installer.
type call struct {
	args  []string
	stdin string
	env   []string
}

func (c call) command(ctx context.Context, m *machine) *exec.Cmd {
	m.t.Helper()
	cmd := exec.CommandContext(ctx, "wine", append([]string{program(m.t, "installer.exe")}, c.args...)...)
	cmd.Env, cmd.Stdin = m.environ(c.env...), strings.NewReader(c.stdin)
	cmd.WaitDelay = waitDelay
	return cmd
}

func (c call) run(m *machine) kit.Outcome {
	m.t.Helper()
	ctx, cancel := context.WithTimeout(m.t.Context(), patience)
	defer cancel()
	cmd := c.command(ctx, m)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		m.t.Fatalf("installer %q: %v\n%s", c.args, err, stderr.String())
	}
	return kit.Outcome{Exit: cmd.ProcessState.ExitCode(), Stdout: stdout.String(), Stderr: stderr.String()}
}

func (c call) wants(m *machine, want int) kit.Outcome {
	m.t.Helper()
	got := c.run(m)
	if got.Exit != want {
		m.t.Fatalf("installer %s: exit status %d, want %d\nstdout:\n%s\nstderr:\n%s",
			strings.Join(c.args, " "), got.Exit, want, got.Stdout, got.Stderr)
	}
	return got
}

// installer runs the program and wants an exit status.
func (m *machine) installer(want int, args ...string) kit.Outcome {
	m.t.Helper()
	return call{args: args}.wants(m, want)
}

// windows runs a program of Windows itself and returns what it printed.
func (m *machine) windows(argv ...string) string {
	m.t.Helper()
	ctx, cancel := context.WithTimeout(m.t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "wine", argv...)
	cmd.Env, cmd.WaitDelay = m.environ(), waitDelay
	out, err := cmd.Output()
	if err != nil {
		m.t.Fatalf("%s: %v\n%s", strings.Join(argv, " "), err, out)
	}
	return strings.ReplaceAll(string(out), "\r\n", "\n")
}
