//go:build system && linux

package systemtest_test

import (
	"context"
	"encoding/json"
	"os/exec"
	"reflect"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/prompt/prompttest"
	"github.com/empowersuite/backend-installer/scripts/kit"
)

// terminal runs the program at a terminal, with an administrator in front.
type terminal struct {
	*prompttest.Person

	t   *testing.T
	cmd *exec.Cmd
}

func (c call) atTerminal(ctx context.Context, t *testing.T) *terminal {
	t.Helper()
	person, tty := prompttest.Sit(t)
	cmd := c.command(ctx, t)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = tty, tty, tty
	cmd.Env = append(cmd.Env, "TERM=xterm")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if err := tty.Close(); err != nil { // the program has it
		t.Fatal(err)
	}
	return &terminal{Person: person, t: t, cmd: cmd}
}

// answer waits for a question, then types.
func (w *terminal) answer(question, keys string) {
	w.t.Helper()
	if !w.Await(20*time.Second, question, "> ") {
		w.t.Fatalf("%q was not asked; the screen:\n%s", question, w.Screen())
	}
	if err := w.Press(keys); err != nil {
		w.t.Fatal(err)
	}
}

func (w *terminal) end() int {
	_ = w.cmd.Wait() // its status is looked at
	return w.cmd.ProcessState.ExitCode()
}

func TestTheWizardReplacesTheSecret(t *testing.T) {
	b := install(t, "ONE")
	old := kit.WantReady(t, b.listen)
	fresh := b.entra.AddSecret(t)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	w := call{args: []string{"configure"}}.atTerminal(ctx, t)
	w.answer("What is to be done?", "\r")
	w.answer("Client secret", fresh+"\r")
	w.answer("Last day of the client secret", "2031-12-31\r")
	w.answer("Secret ID of the client secret", "6f1b2c3d-0000-4000-8000-00000000abcd\r")
	w.answer("Go ahead?", "\r")
	if got := w.end(); got != 0 {
		t.Fatalf("exit status %d; the screen:\n%s", got, w.Screen())
	}
	if now := kit.WantReady(t, b.listen); now.PID == old.PID || now.Credential == old.Credential {
		t.Error("the backend does not use the new secret")
	}
	if strings.Contains(w.Screen(), fresh) {
		t.Error("the secret was shown")
	}
	if got := installer(t, 0, "status"); !strings.Contains(got.Stdout, "expires 2031-12-31") {
		t.Errorf("the last day was not recorded:\n%s", got.Stdout)
	} else if !strings.Contains(got.Stdout, "Secret ID: 6f1b2c3d-0000-4000-8000-00000000abcd") {
		t.Errorf("the Secret ID was not recorded:\n%s", got.Stdout)
	}
}

func TestATerminalThatIsClosedInTheMiddleOfTheWizardChangesNothing(t *testing.T) {
	b := install(t, "ONE")
	old, before := kit.WantReady(t, b.listen), snapshot(t, b.config)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	w := call{args: []string{"configure"}}.atTerminal(ctx, t)
	w.answer("What is to be done?", "\r")
	w.answer("Client secret", "half a sec")
	if err := w.HangUp(); err != nil {
		t.Fatal(err)
	}
	if got := w.end(); got != 130 {
		t.Errorf("exit status %d, want 130", got)
	}
	if snapshot(t, b.config) != before || kit.WantReady(t, b.listen).PID != old.PID {
		t.Error("something changed")
	}
}

// The wizard only produces the answers: its plan is that of the file.
func TestTheWizardsPlanIsThatOfTheAnswersFile(t *testing.T) {
	b := planInstallation(t, "ONE")
	args := []string{"install", "--payload", b.payload, "--service-manager", "systemd", "--dry-run", "--output", "json"}
	want := plan(t, installer(t, 0, append(args, "--answers", b.answers)...).Stdout)
	secret := strings.TrimSpace(kit.Read(t, strings.TrimSpace(kit.Between(kit.Read(t, b.answers), "file: ", "\n"))))

	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	w := call{args: args, env: []string{
		"EMPOWER_ENTRA_AUTHORITY=" + b.entra.URL, "EMPOWER_ENTRA_CA_BUNDLE=" + b.entra.CAFile, "EMPOWER_ENTRA_CONFIRMATIONS=1",
	}}.atTerminal(ctx, t)
	const others = "Look at the other settings"
	w.answer("Environment", "ONE\r")
	w.answer(others, "\r")
	w.answer(others, "\r")
	w.answer(others, "y\r")
	w.answer("Listen address", b.listen+"\r")
	w.answer("Public URL", "\r")
	w.answer("Service account", "\r")
	w.answer("Proxy", "\r")
	w.answer("Tenant", b.entra.Tenant+"\r")
	w.answer("Application (client) ID", b.entra.Client+"\r")
	w.answer("Client secret", secret+"\r")
	w.answer(others, "\r")
	w.answer(others, "\r")
	w.answer("Is it right?", "\r")
	w.answer("Go ahead?", "\r")
	if got := w.end(); got != 0 {
		t.Fatalf("exit status %d; the screen:\n%s", got, w.Screen())
	}
	text := w.Screen()
	got := plan(t, strings.ReplaceAll(text[strings.LastIndex(text, "\r\n{\r\n")+2:], "\r\n", "\n"))
	if len(want) == 0 || !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func plan(t *testing.T, text string) []string {
	t.Helper()
	var r struct{ Plan []string }
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		t.Fatalf("%v in:\n%s", err, text)
	}
	return r.Plan
}
