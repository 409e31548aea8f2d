package cli_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/cli"
	"github.com/empowersuite/backend-installer/installer/entra/entratest"
	"github.com/empowersuite/backend-installer/installer/prompt"
	"github.com/empowersuite/backend-installer/installer/prompt/prompttest"
	"github.com/empowersuite/backend-installer/installer/secret"
	"github.com/empowersuite/backend-installer/installer/term"
)

// twoSecrets is an Entra ID whose application has a secret to retire and one to
// configure, told apart by their hints.
func twoSecrets(t *testing.T) (entra *entratest.Server, spare entratest.Password, fresh string) {
	t.Helper()
	entra = entratest.Start(t, entratest.State{Apps: []entratest.App{{
		ClientID: entratest.ClientID, Name: "Portal", Roles: []string{"Application.ReadWrite.All"},
	}}})
	fresh = "Xy7" + entratest.NewSecret().Reveal()[3:]
	spare, err := entra.AddPassword(entratest.ClientID, entratest.Password{Name: "spare"})
	if err == nil {
		_, err = entra.AddPassword(entratest.ClientID, entratest.Password{Name: "fresh", Value: secret.New(fresh)})
	}
	if err != nil {
		t.Fatal(err)
	}
	return entra, spare, fresh
}

// seat is a person at a terminal of a host with an installation.
type seat struct {
	*prompttest.Person
	world  cli.World
	folder string
}

// newSeat adopts an installation whose file holds a secret.
func newSeat(t *testing.T, entra *entratest.Server, held string) *seat {
	t.Helper()
	d := &seat{folder: t.TempDir(), world: quiet()}
	config := d.write(t, "secret", held)
	description := d.write(t, "site.yaml", "apiVersion: backend-installer/v1\nkind: Installation\nenvironment: PROD\nproduct: portal\nversion: \"1\"\n"+
		"files:\n  - {path: "+config+", format: raw, slots: [{setting: identity.entra.clientSecret}]}\n"+
		"settings:\n  identity.entra.tenantId: "+entratest.TenantID+"\n  identity.entra.clientId: "+entratest.ClientID+"\n"+
		"  identity.entra.authority: "+entra.URL()+"\n  identity.entra.caBundle: "+entra.CAFile()+"\n  identity.entra.confirmations: \"1\"\n")
	person, tty := prompttest.Sit(t)
	d.Person, d.world.IO = person, term.IO{In: tty, Out: tty, Err: tty}
	d.world.Asker = func(bool, bool) prompt.Asker { return prompt.New(prompt.Options{IO: d.world.IO, Dumb: true}) }
	d.world.Getenv = func(string) string { return "" }
	if status := d.run("adopt", description); status != 0 {
		t.Fatalf("adopt: exit status %d; the screen:\n%s", status, d.Screen())
	}
	return d
}

func (d *seat) write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(d.folder, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func (d *seat) run(args ...string) int {
	return cli.Main(d.world, append(args, "--state", filepath.Join(d.folder, "state")))
}

// retireAtTerminal configures the fresh secret, and has a person in front answer
// whether the spare one is to be removed; last is on the screen at the end.
func retireAtTerminal(t *testing.T, keys, last string) (status int, screen string, left int) {
	t.Helper()
	entra, spare, fresh := twoSecrets(t)
	d := newSeat(t, entra, spare.Value.Reveal())
	if status := d.run("configure", "--client-secret-file", d.write(t, "fresh", fresh), "--non-interactive"); status != 0 {
		t.Fatalf("configure: exit status %d; the screen:\n%s", status, d.Screen())
	}
	ended := make(chan int)
	go func() { ended <- d.run("secrets", "retire", "--sign-in", "application", "--key-id", spare.KeyID) }()
	if !d.Await(20*time.Second, "is it to be removed?", "> ") {
		t.Fatalf("nothing was asked; the screen:\n%s", d.Screen())
	}
	if err := d.Press(keys + "\r"); err != nil {
		t.Fatal(err)
	}
	select {
	case status = <-ended:
	case <-time.After(20 * time.Second):
		t.Fatalf("it did not end; the screen:\n%s", d.Screen())
	}
	if !d.Await(20*time.Second, last, "\n") { // what is written last comes a moment later
		t.Errorf("%q does not show", last)
	}
	return status, d.Screen(), len(entra.Apps()[0].Passwords)
}

func TestAtATerminalASecretIsRetiredOnceThatWasConfirmed(t *testing.T) {
	status, screen, left := retireAtTerminal(t, "y", "removed client secret ")
	if status != 0 || left != 1 || !strings.Contains(screen, "cannot be brought back") {
		t.Errorf("exit status %d, %d secrets left; the screen:\n%s", status, left, screen)
	}
}

func TestAtATerminalASecretStaysWhereEnterIsAllThatWasPressed(t *testing.T) {
	if status, screen, left := retireAtTerminal(t, "", "code cancelled"); status != 130 || left != 2 {
		t.Errorf("exit status %d, %d secrets left; the screen:\n%s", status, left, screen)
	}
}

func TestAtATerminalSecretsAreListedAfterASignInByDeviceCode(t *testing.T) {
	entra, spare, _ := twoSecrets(t)
	d := newSeat(t, entra, spare.Value.Reveal())
	d.world.Deps.Proof.Wait = func(context.Context, time.Duration) error { // the administrator signs in meanwhile
		for _, code := range entra.DeviceCodes() {
			if err := entra.Approve(code.UserCode, ""); err != nil {
				return err
			}
		}
		return nil
	}
	status := d.run("secrets", "list")
	if !d.Await(20*time.Second, `"fresh", expires `, "days left") || status != 0 {
		t.Errorf("exit status %d; the screen:\n%s", status, d.Screen())
	}
	for _, want := range []string{"client secret " + spare.KeyID + ": in use here, by hint", "unknown here, may be in use elsewhere, begins with Xy7"} {
		if !strings.Contains(d.Screen(), want) {
			t.Errorf("%q does not show; the screen:\n%s", want, d.Screen())
		}
	}
}
