//go:build system && linux

// Package systemtest drives the finished programs on a machine with a real
// systemd, as root: scripts/system makes the machine and runs it there.
package systemtest_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/scripts/kit"
)

// stateRoot is where the program keeps its own state on Linux.
const stateRoot = "/var/lib/empower/installer"

// patience bounds one run of the program; it is far above what any should take.
const patience = 4 * time.Minute

// program is the path of a program under test.
func program(t *testing.T, name string) string {
	t.Helper()
	folder := os.Getenv("EMPOWER_SYSTEM_BIN")
	if folder == "" {
		t.Skip("EMPOWER_SYSTEM_BIN is not set: run make system")
	}
	path := filepath.Join(folder, name)
	if _, err := os.Stat(path); err != nil {
		t.Fatal(err)
	}
	return path
}

// call is one run of the installer.
type call struct {
	args  []string
	stdin string
	env   []string
	trace string // a file for what is executed, see traced
}

// traced is a command under strace, which writes down every process that it starts,
// with arguments and environment.
func traced(file string, argv ...string) []string {
	return append([]string{"strace", "-qq", "-f", "-v", "-s", "65536", "-o", file, "-e", "trace=execve,execveat"}, argv...)
}

// environ is what every child gets and nothing else.
func environ(more ...string) []string {
	return append([]string{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LANG=C.UTF-8"}, more...)
}

func (c call) command(ctx context.Context, t *testing.T) *exec.Cmd {
	t.Helper()
	argv := append([]string{program(t, "installer")}, c.args...)
	if c.trace != "" {
		argv = traced(c.trace, argv...)
	}
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Env = environ(c.env...)
	cmd.Stdin = strings.NewReader(c.stdin)
	return cmd
}

func (c call) run(t *testing.T) kit.Outcome {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := c.command(ctx, t)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatalf("installer %q: %v", c.args, err)
	}
	return kit.Outcome{Exit: cmd.ProcessState.ExitCode(), Stdout: stdout.String(), Stderr: stderr.String()}
}

// installer runs the program and wants an exit status.
func installer(t *testing.T, want int, args ...string) kit.Outcome {
	t.Helper()
	return call{args: args}.wants(t, want)
}

func (c call) wants(t *testing.T, want int) kit.Outcome {
	t.Helper()
	got := c.run(t)
	if got.Exit != want {
		t.Fatalf("installer %s: exit status %d, want %d\nstdout:\n%s\nstderr:\n%s",
			strings.Join(c.args, " "), got.Exit, want, got.Stdout, got.Stderr)
	}
	return got
}

// sh runs a command of the machine and returns what it printed.
func sh(t *testing.T, argv ...string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), argv[0], argv[1:]...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(argv, " "), err, out)
	}
	return strings.TrimSpace(string(out))
}

// quietly is sh for cleaning up: after the test's context, and whatever comes.
func quietly(argv ...string) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	_ = exec.CommandContext(ctx, argv[0], argv[1:]...).Run()
}

func property(t *testing.T, unit, name string) string {
	t.Helper()
	return sh(t, "systemctl", "show", "--value", "--property", name, unit)
}

func mainPID(t *testing.T, unit string) int {
	t.Helper()
	pid, err := strconv.Atoi(property(t, unit, "MainPID"))
	if err != nil {
		t.Fatal(err)
	}
	return pid
}

// newAuthority is a local Entra ID whose certificate authority a service under any
// account can read: not in the folder of a test, which is closed to services.
func newAuthority(t *testing.T) *kit.Authority {
	t.Helper()
	const folder = "/etc/authority"
	t.Cleanup(func() { _ = os.RemoveAll(folder) }) // NewAuthority makes it
	return kit.NewAuthority(t, filepath.Join(folder, "ca.pem"))
}
