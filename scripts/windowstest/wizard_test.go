//go:build wine && linux

package windowstest_test

import (
	"context"
	"os/exec"
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

func (c call) atTerminal(ctx context.Context, m *machine) *terminal {
	m.t.Helper()
	person, tty := prompttest.Sit(m.t)
	cmd := c.command(ctx, m)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = tty, tty, tty
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := cmd.Start(); err != nil {
		m.t.Fatal(err)
	}
	if err := tty.Close(); err != nil { // the program has it
		m.t.Fatal(err)
	}
	return &terminal{Person: person, t: m.t, cmd: cmd}
}

// answer waits for a question, then types.
func (w *terminal) answer(question, keys string) {
	w.t.Helper()
	if !w.Await(30*time.Second, question, ">") {
		w.t.Fatalf("%q was not asked; the screen:\n%q", question, w.Screen())
	}
	time.Sleep(500 * time.Millisecond) // Wine redraws its console some time later
	if err := w.Press(keys); err != nil {
		w.t.Fatal(err)
	}
}

func TestTheWizardReplacesTheSecret(t *testing.T) {
	t.Parallel()
	b := install(t, "ONE")
	old := kit.WantReady(t, b.listen)
	fresh := b.entra.AddSecret(t)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	w := call{args: []string{"configure"}}.atTerminal(ctx, b.machine)
	w.answer("What is to be done?", "\r")
	w.answer("Client secret", fresh+"\r")
	w.answer("Last day of the client secret", "2031-12-31\r")
	w.answer("Secret ID of the client secret", "6f1b2c3d-0000-4000-8000-00000000abcd\r")
	w.answer("Go ahead?", "\r")
	_ = w.cmd.Wait() // its status is looked at
	if got := w.cmd.ProcessState.ExitCode(); got != 0 {
		t.Fatalf("exit status %d; the screen:\n%q", got, w.Screen())
	}
	if now := kit.WantReady(t, b.listen); now.PID == old.PID || now.Credential == old.Credential {
		t.Error("the backend does not use the new secret")
	}
	if strings.Contains(w.Screen(), fresh) {
		t.Error("the secret was shown")
	}
	if got := b.installer(0, "status"); !strings.Contains(got.Stdout, "expires 2031-12-31") {
		t.Errorf("the last day was not recorded:\n%s", got.Stdout)
	} else if !strings.Contains(got.Stdout, "Secret ID: 6f1b2c3d-0000-4000-8000-00000000abcd") {
		t.Errorf("the Secret ID was not recorded:\n%s", got.Stdout)
	}
}
