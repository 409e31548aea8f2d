package backend_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// program runs the test binary as the program and returns its exit status and
// what it said on both streams.
func program(t *testing.T, args ...string) (int, string) {
	t.Helper()
	c := exec.CommandContext(context.WithoutCancel(t.Context()), os.Args[0], args...) // runs in clean-ups, too
	c.Env = append(os.Environ(), "BACKEND_TEST_PROGRAM=1")
	out, err := c.CombinedOutput()
	if c.ProcessState == nil {
		t.Fatal(err)
	}
	return c.ProcessState.ExitCode(), string(out)
}

type place struct{ pid, log string }

func newPlace(t *testing.T) place {
	t.Helper()
	dir := t.TempDir()
	p := place{filepath.Join(dir, "backend.pid"), filepath.Join(dir, "backend.log")}
	t.Cleanup(func() { _, _ = program(t, "--stop", "--pid-file", p.pid) })
	return p
}

func (p place) daemon(t *testing.T, config string) (int, string) {
	t.Helper()
	return program(t, "--config", config, "--daemon", "--pid-file", p.pid, "--log-file", p.log)
}

func (p place) status(t *testing.T) int {
	t.Helper()
	code, _ := program(t, "--status", "--pid-file", p.pid)
	return code
}

func (p place) read(t *testing.T) int {
	t.Helper()
	text, err := os.ReadFile(p.pid)
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	return pid
}

func TestDaemonReturnsWhenItListensAndStops(t *testing.T) {
	p, config := newPlace(t), startTokenEndpoint(t).writeConfig(t, goodSecret, "")
	if got := p.status(t); got != 3 {
		t.Errorf("before: got status %d, want 3", got)
	}
	if code, out := p.daemon(t, config); code != 0 || out != "" {
		t.Fatalf("got %d %q", code, out)
	}
	log, err := os.ReadFile(p.log)
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(log), "address=")
	address, _, _ := strings.Cut(rest, "\n")
	body, text := await(t, address, 200)
	if got, want := body.PID, p.read(t); got != want {
		t.Errorf("%s: got pid %d, want %d as in the file", text, got, want)
	}
	if got := p.status(t); got != 0 {
		t.Errorf("while it runs: got status %d, want 0", got)
	}
	if code, out := p.daemon(t, config); code != 1 || !strings.Contains(out, "already running") {
		t.Errorf("a second one: got %d %q", code, out)
	}
	for range 2 {
		if code, out := program(t, "--stop", "--pid-file", p.pid); code != 0 {
			t.Errorf("stop: got %d %q", code, out)
		}
	}
	if got := p.status(t); got != 3 {
		t.Errorf("after: got status %d, want 3", got)
	}
}

func TestDaemonTellsWhyItDidNotStart(t *testing.T) {
	p, entra := newPlace(t), startTokenEndpoint(t)
	code, out := p.daemon(t, entra.writeConfig(t, goodSecret, `"Fault": "exit-at-start"`))
	if code != 1 || !strings.Contains(out, "injected fault: exit-at-start") {
		t.Errorf("got %d %q", code, out)
	}
	broken := write(t, filepath.Join(t.TempDir(), "appsettings.json"), `{"AzureAd": {"ClientSecret": "`+goodSecret+`}}`)
	code, out = p.daemon(t, broken)
	if code != 1 || !strings.Contains(out, "not valid JSON at line 1") || strings.Contains(out, "not-a-real-secret") {
		t.Errorf("got %d %q", code, out)
	}
}

func TestAPIDFileLeftBehindMeansNotRunning(t *testing.T) {
	p := newPlace(t)
	write(t, p.pid, strconv.Itoa(os.Getpid())+"\n") // of a process that is not the backend
	if got := p.status(t); got != 3 {
		t.Errorf("got status %d, want 3", got)
	}
	if code, out := program(t, "--stop", "--pid-file", p.pid); code != 0 {
		t.Errorf("stop: got %d %q", code, out)
	}
	if code, out := p.daemon(t, startTokenEndpoint(t).writeConfig(t, goodSecret, "")); code != 0 {
		t.Errorf("start: got %d %q", code, out)
	}
}

func TestWrongFlagsAreRefused(t *testing.T) {
	for _, args := range [][]string{
		{"--daemon"},
		{"--stop"},
		{"--status"},
		{"--daemon", "--pid-file", "x"},
		{"start"},
		{"--absent"},
		{"--service", "x", "--config", "relative.json"},
		{"--service", "x", "--daemon"},
		{"--service", "x", "--pid-file", "y"},
	} {
		if code, out := program(t, args...); code != 2 || out == "" {
			t.Errorf("%q: got %d %q, want 2 and a reason", args, code, out)
		}
	}
	if code, out := program(t, "--help"); code != 0 || !strings.Contains(out, "-config") {
		t.Errorf("--help: got %d %q", code, out)
	}
}

func TestOnlyWindowsHasItsServices(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("here they are")
	}
	if code, out := program(t, "--service", "x", "--config", "/x/appsettings.json"); code != 2 || !strings.Contains(out, "--service is for Windows") {
		t.Errorf("got %d %q, want 2 and the reason", code, out)
	}
}

func TestOnlyTheFaultMakesItIgnoreSIGTERM(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no SIGTERM")
	}
	entra := startTokenEndpoint(t)
	if ended, err := endsOnSIGTERM(t, entra.writeConfig(t, goodSecret, ""), 10*time.Second); !ended || err != nil {
		t.Errorf("got ended %v, %v, want a clean end", ended, err)
	}
	if ended, err := endsOnSIGTERM(t, entra.writeConfig(t, goodSecret, `"Fault": "hang-at-stop"`), time.Second); ended {
		t.Errorf("got an end with %v, want it to hang", err)
	}
}

// endsOnSIGTERM starts the program, lets it sign in, and asks it to end.
func endsOnSIGTERM(t *testing.T, config string, within time.Duration) (bool, error) {
	t.Helper()
	c := exec.CommandContext(t.Context(), os.Args[0], "--config", config)
	c.Env = append(os.Environ(), "BACKEND_TEST_PROGRAM=1")
	log := &buffer{}
	c.Stderr = log
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	for range 500 {
		if strings.Contains(log.String(), "signed in") {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if err := c.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- c.Wait() }()
	select {
	case err := <-ended:
		return true, err
	case <-time.After(within):
		return false, errors.Join(c.Process.Kill(), <-ended)
	}
}
