package cli_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/entra/entratest"
)

// approvedMeanwhile has the administrator sign in at the page while the program waits.
func (d *seat) approvedMeanwhile(entra *entratest.Server) {
	d.world.Deps.Proof.Wait = func(ctx context.Context, _ time.Duration) error {
		for _, code := range entra.DeviceCodes() {
			if err := entra.Approve(code.UserCode, ""); err != nil {
				return err
			}
		}
		return ctx.Err()
	}
}

// rotateAtTerminal has a person in front sign in by device code, and answer whether to
// go ahead and whether the secret before is to be removed.
func rotateAtTerminal(t *testing.T, answers [2]string, last string) (status int, screen string, left []string) {
	t.Helper()
	entra, spare, fresh := twoSecrets(t)
	d := newSeat(t, entra, spare.Value.Reveal())
	if status := d.run("configure", "--client-secret-file", d.write(t, "fresh", fresh), "--non-interactive"); status != 0 {
		t.Fatalf("configure: exit status %d; the screen:\n%s", status, d.Screen())
	}
	d.approvedMeanwhile(entra)
	ended := make(chan int)
	go func() { ended <- d.run("configure", "--rotate", "--lifetime", "90d") }()
	for i, question := range []string{"Go ahead?", "is it to be removed?"} {
		if answers[i] == "" {
			break
		}
		if !d.Await(20*time.Second, question, "> ") {
			t.Fatalf("%q was not asked; the screen:\n%s", question, d.Screen())
		}
		if err := d.Press(answers[i] + "\r"); err != nil {
			t.Fatal(err)
		}
	}
	select {
	case status = <-ended:
	case <-time.After(20 * time.Second):
		t.Fatalf("it did not end; the screen:\n%s", d.Screen())
	}
	if !d.Await(20*time.Second, last, "\n") {
		t.Errorf("%q does not show; the screen:\n%s", last, d.Screen())
	}
	for _, p := range entra.Apps()[0].Passwords {
		name, _, _ := strings.Cut(p.Name, " ")
		left = append(left, name)
	}
	return status, d.Screen(), left
}

func TestAtATerminalASecretIsMadeAfterASignInByDeviceCode(t *testing.T) {
	for name, c := range map[string]struct {
		answers [2]string
		last    string
		status  int
		left    string
	}{
		"removed":        {[2]string{"y", "y"}, "removed client secret ", 0, "spare backend-installer"},
		"left":           {[2]string{"y", "n"}, "run installer configure --rotate as well", 0, "spare fresh backend-installer"},
		"nothing wanted": {[2]string{"n", ""}, "code cancelled", 130, "spare fresh"},
	} {
		t.Run(name, func(t *testing.T) {
			status, screen, left := rotateAtTerminal(t, c.answers, c.last)
			if got := strings.Join(left, " "); status != c.status || got != c.left {
				t.Errorf("exit status %d, left %q; want %d, %q; the screen:\n%s", status, got, c.status, c.left, screen)
			}
			for _, want := range []string{"https://microsoft.com/devicelogin", "make a client secret of the application \"Portal\"", "(90 days)"} {
				if !strings.Contains(screen, want) {
					t.Errorf("%q does not show; the screen:\n%s", want, screen)
				}
			}
			if strings.Contains(screen, "TST8Q~") {
				t.Error("the secret shows")
			}
		})
	}
}
