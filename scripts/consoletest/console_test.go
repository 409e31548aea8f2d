//go:build wine && linux

// Package consoletest drives the program for Windows at a console, which Wine makes
// of a terminal: "scripts/wine --run go test -tags wine ./scripts/consoletest".
package consoletest_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/prompt/prompttest"
)

const (
	patience = 20 * time.Second
	secret   = "TST8Q~not-a-real-secret-0000000000000001"
)

// build makes the program for Windows.
func build(t *testing.T) string {
	t.Helper()
	exe := filepath.Join(t.TempDir(), "installer.exe")
	cmd := exec.CommandContext(t.Context(), "go", "build", "-o", exe, "../../cmd/installer")
	cmd.Env = append(os.Environ(), "GOOS=windows", "GOARCH=amd64", "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return exe
}

// console is a program at a console of its own.
type console struct {
	*prompttest.Person

	t     *testing.T
	ended chan int
}

// open starts a program of Windows at a console that is new for it, or, behind
// cmd, at one that it shares.
func open(t *testing.T, line ...string) console {
	t.Helper()
	person, tty := prompttest.Sit(t)
	ctx, cancel := context.WithTimeout(context.Background(), 2*patience)
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, "wine", line...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = tty, tty, tty
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	cmd.Env = append(os.Environ(), "TERM=xterm")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	c := console{person, t, make(chan int, 1)}
	go func() {
		err := cmd.Wait()
		var failed *exec.ExitError
		if err != nil && !errors.As(err, &failed) {
			t.Error(err)
		}
		c.ended <- cmd.ProcessState.ExitCode()
	}()
	return c
}

// shown is the text of the screen: without what moves the cursor, and without blanks,
// for which Wine's console moves it, too.
func (c console) shown() string {
	text := regexp.MustCompile(`\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\a]*\a`).ReplaceAllString(c.Screen(), "")
	return regexp.MustCompile(`\s+`).ReplaceAllString(text, "")
}

func (c console) await(text string) {
	c.t.Helper()
	wanted := strings.ReplaceAll(text, " ", "")
	for end := time.Now().Add(patience); !strings.Contains(c.shown(), wanted); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			c.t.Fatalf("no %q on the screen:\n%q", text, c.Screen())
		}
	}
	time.Sleep(200 * time.Millisecond) // the program listens a moment after it has drawn
}

func (c console) press(keys string) {
	c.t.Helper()
	if err := c.Press(keys); err != nil {
		c.t.Fatal(err)
	}
}

func (c console) ends(want int) {
	c.t.Helper()
	select {
	case got := <-c.ended:
		if got != want {
			c.t.Errorf("exit status %d, want %d; the screen:\n%q", got, want, c.Screen())
		}
	case <-time.After(patience):
		c.t.Fatalf("it does not end; the screen:\n%q", c.Screen())
	}
}

func TestADoubleClickIsExplainedAndWaitsForEnter(t *testing.T) {
	c := open(t, build(t))
	c.await("Press Enter to close this window")
	select {
	case status := <-c.ended:
		t.Fatalf("the window closed with %d", status)
	case <-time.After(time.Second):
	}
	c.press("\r")
	c.ends(0)
}

func TestFromAShellTheProgramHelpsAndEnds(t *testing.T) {
	c := open(t, "cmd", "/c", build(t))
	c.ends(0)
	if shown := c.shown(); strings.Contains(shown, "PressEnter") || !strings.Contains(shown, "Availablecommands:") && !strings.Contains(shown, "AvailableCommands:") {
		t.Errorf("got %q", c.Screen())
	}
}

func TestASecretIsTypedAtAConsoleAndNotShown(t *testing.T) {
	exe := build(t)
	c := open(t, exe, "keyring", "set", "console-test")
	c.await("Secret for the entry console-test")
	c.press(secret + "\r")
	c.await("changed")
	c.ends(0)
	if strings.Contains(c.shown(), secret[:12]) {
		t.Errorf("the secret was shown: %q", c.Screen())
	}
	if out, err := exec.CommandContext(t.Context(), "wine", exe, "keyring", "delete", "console-test").CombinedOutput(); err != nil || !strings.Contains(string(out), "changed") {
		t.Errorf("it was not kept: %v, %s", err, out)
	}
}

func TestTheWizardAsksAtAConsoleAndCtrlCEndsIt(t *testing.T) {
	payload := t.TempDir()
	c := open(t, build(t), "install", "--payload", payload, "--prefix", filepath.Join(payload, "host"))
	c.await("Environment")
	c.press("PROD\r")
	c.await("Look at the other settings of this section?")
	c.press("y\r")
	c.await("Enter chooses")
	c.press("\r") // Wine's console does not tell of arrow keys as sequences, as ENABLE_VIRTUAL_TERMINAL_INPUT asks
	c.await("== Database")
	c.press("\x03")
	c.ends(130)
	if entries, err := os.ReadDir(filepath.Join(payload, "host")); err == nil && len(entries) > 0 {
		t.Errorf("a wizard that was left wrote something: %v", entries)
	}
}

func TestNoColourGoesIntoAFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "out")
	c := open(t, "cmd", "/c", build(t)+" status --state C:\\none 2>"+strings.ReplaceAll("Z:"+file, "/", "\\"))
	c.ends(4)
	text, err := os.ReadFile(file)
	if err != nil || !strings.Contains(string(text), "installer: error: ") || strings.Contains(string(text), "\x1b") {
		t.Errorf("got %q, %v", text, err)
	}
}
