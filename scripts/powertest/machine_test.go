//go:build power && linux

// Package powertest spoils changes of a real installation at random moments: it
// kills the installer and the backend, and takes a machine's power. It runs on the
// host: scripts/power builds what it needs and runs it.
package powertest_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"
)

// patience bounds one command in a machine, and a wait for what should come soon.
const patience = 2 * time.Minute

// machine is a throw-away machine with a real systemd and a disk of its own. What
// is in its root folder can be read and written from here.
type machine struct {
	name string
	root string
}

// newMachine boots one, with the programs under test in /srv/bin.
func newMachine(t *testing.T, name string) *machine {
	t.Helper()
	if os.Getenv("EMPOWER_POWER_BOX") == "" {
		t.Skip("EMPOWER_POWER_BOX is not set: run make power")
	}
	m := &machine{name: name, root: filepath.Join(os.Getenv("BOX_STATE"), name, "root")}
	t.Cleanup(func() {
		if out, err := m.command(context.Background(), "remove").CombinedOutput(); err != nil {
			t.Errorf("remove the machine: %v\n%s", err, out)
		}
	})
	m.box(t, "up")
	for _, program := range []string{"installer", "reference-backend"} {
		m.copyIn(t, filepath.Join(os.Getenv("EMPOWER_POWER_BIN"), program), "/srv/bin/"+program)
	}
	return m
}

// command is a call of scripts/box for this machine.
func (m *machine) command(ctx context.Context, verb string, args ...string) *exec.Cmd {
	return exec.CommandContext(ctx, os.Getenv("EMPOWER_POWER_BOX"), append([]string{verb, m.name}, args...)...)
}

func (m *machine) box(t *testing.T, verb string, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	out, err := m.command(ctx, verb, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("box %s %s: %v\n%s", verb, strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(string(out))
}

// sh runs a command in the machine and wants it to succeed.
func (m *machine) sh(t *testing.T, argv ...string) string {
	t.Helper()
	return m.box(t, "enter", argv...)
}

// says runs a command in the machine and returns what it printed, whatever its
// exit status.
func (m *machine) says(t *testing.T, argv ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	out, err := m.command(ctx, "enter", argv...).CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}

// path is where a file of the machine is on this host.
func (m *machine) path(inside string) string { return filepath.Join(m.root, inside) }

func (m *machine) write(t *testing.T, inside, text string, mode os.FileMode) {
	t.Helper()
	path := m.path(inside)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
}

func (m *machine) read(t *testing.T, inside string) string {
	t.Helper()
	text, err := os.ReadFile(m.path(inside))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func (m *machine) copyIn(t *testing.T, from, inside string) {
	t.Helper()
	text, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	m.write(t, inside, string(text), 0o755)
}

// The kernel's EXT4_IOC_SHUTDOWN, and its flag that flushes nothing.
const (
	ioctlShutdown = 0x8004587d
	goingNoFlush  = 2
)

// cut takes the power, at once: box cut, which clears away, takes its time to
// start. What was not flushed is gone.
func (m *machine) cut(t *testing.T) {
	t.Helper()
	disk := filepath.Dir(m.root)
	supervisor, err := os.ReadFile(filepath.Join(disk, "pid"))
	if err != nil {
		t.Fatal(err)
	}
	pid, _ := strconv.Atoi(strings.TrimSpace(string(supervisor))) // box writes a number
	store, err := os.Open(filepath.Join(disk, "store"))
	if err != nil {
		t.Fatal(err)
	}
	flag := uint32(goingNoFlush)
	_, _, failed := syscall.Syscall(syscall.SYS_IOCTL, store.Fd(), ioctlShutdown, uintptr(unsafe.Pointer(&flag)))
	if first := childOf(pid); first != 0 {
		_ = syscall.Kill(first, syscall.SIGKILL) // box does it again
	}
	if err := store.Close(); err != nil || failed != 0 {
		t.Fatalf("take the disk's power: %v, %v", failed, err)
	}
	m.box(t, "cut")
}

// boot starts it again, and waits until everything that starts with it has.
func (m *machine) boot(t *testing.T) {
	t.Helper()
	m.box(t, "up")
}

// mainPID is the process of a service as this host sees it; 0 for none.
func (m *machine) mainPID(unit string) int {
	groups, err := filepath.Glob(filepath.Join(filepath.Dir(m.root), "cgroup", "box-"+m.name+"-*", "system.slice", unit, "cgroup.procs"))
	if err != nil || len(groups) != 1 {
		return 0
	}
	text, err := os.ReadFile(groups[0])
	if err != nil {
		return 0
	}
	first, _, _ := strings.Cut(string(text), "\n")
	pid, _ := strconv.Atoi(first) // 0 where there is none
	return pid
}

// childOf is the only child of a process of ours; 0 for none.
func childOf(pid int) int {
	id := strconv.Itoa(pid)
	text, err := os.ReadFile(filepath.Join("/proc", id, "task", id, "children"))
	if err != nil {
		return 0
	}
	child, _ := strconv.Atoi(strings.TrimSpace(string(text))) // 0 where there is none
	return child
}

// await asks until something holds, or fails after a time.
func await(t *testing.T, what string, within time.Duration, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(within); !holds(); {
		if time.Now().After(deadline) {
			t.Fatalf("waited %s in vain: %s", within, what)
		}
		<-time.After(20 * time.Millisecond)
	}
}
