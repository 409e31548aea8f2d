package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/cli"
	"github.com/empowersuite/backend-installer/installer/entra/entratest"
	"github.com/empowersuite/backend-installer/installer/onetime"
	"github.com/empowersuite/backend-installer/installer/onetime/onetimetest"
	"github.com/empowersuite/backend-installer/installer/prompt"
	"github.com/empowersuite/backend-installer/installer/prompt/prompttest"
	"github.com/empowersuite/backend-installer/installer/secret"
	"github.com/empowersuite/backend-installer/installer/term"
)

// said is what a person types where a question is on the screen.
type said struct{ question, keys string }

// handoffAtTerminal runs handoff create with a person in front. The settings of the
// emulator come by the command line, all others are asked for.
func handoffAtTerminal(t *testing.T, server *onetimetest.Server, value secret.Value, entra *entratest.Server, answers []said) (status int, screen string) {
	t.Helper()
	person, tty := prompttest.Sit(t)
	world := quiet()
	world.IO = term.IO{In: tty, Out: tty, Err: tty}
	world.Asker = func(bool, bool) prompt.Asker { return prompt.New(prompt.Options{IO: world.IO, Dumb: true}) }
	world.Getenv = func(string) string { return "" }
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, entra.CAPEM(), 0o600); err != nil {
		t.Fatal(err)
	}
	ended := make(chan int)
	go func() {
		ended <- cli.Main(world, []string{
			"handoff", "create", "--server", server.URL(), "--state", t.TempDir(), "--set", "identity.entra.authority=" + entra.URL(),
			"--set", "identity.entra.caBundle=" + ca, "--set", "identity.entra.confirmations=1",
		})
	}()
	for _, a := range answers {
		if !person.Await(20*time.Second, a.question, "> ") {
			t.Fatalf("%q was not asked; the screen:\n%s", a.question, person.Screen())
		}
		if err := person.Press(a.keys + "\r"); err != nil {
			t.Fatal(err)
		}
	}
	select {
	case status = <-ended:
	case <-time.After(20 * time.Second):
		t.Fatalf("it did not end; the screen:\n%s", person.Screen())
	}
	if links := server.Links(); len(links) > 0 && !person.Await(20*time.Second, links[0], "until it is confirmed") {
		t.Error("the link or what follows it is not on the screen")
	}
	screen = person.Screen()
	if strings.Contains(screen, value.Reveal()) {
		t.Error("the screen shows the secret")
	}
	return status, screen
}

func TestAtATerminalAnUploadIsExplainedAndAskedBefore(t *testing.T) {
	for answer, want := range map[string]struct{ status, links int }{"y": {0, 1}, "": {130, 0}} {
		entra, err := entratest.New(entratest.Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = entra.Close() })
		made, err := entra.AddPassword(entratest.ClientID, entratest.Password{Name: "new"})
		if err != nil {
			t.Fatal(err)
		}
		server := onetimetest.Start(onetimetest.OnetimeSecret, false)
		t.Cleanup(server.Close)
		status, screen := handoffAtTerminal(t, server, made.Value, entra, []said{
			{"Tenant", entratest.TenantID},
			{"Application (client) ID", entratest.ClientID},
			{"not shown while you type", made.Value.Reveal()},
			{"Send it there?", answer},
		})
		if status != want.status || len(server.Links()) != want.links {
			t.Errorf("%q: exit status %d and %d links, want %v; the screen:\n%s", answer, status, len(server.Links()), want, screen)
		}
		if !strings.Contains(screen, "its operator can read it until the link is opened") {
			t.Errorf("what the operator could see is not on the screen:\n%s", screen)
		}
		if want.links > 0 && strings.Count(screen, server.Links()[0]) != 1 {
			t.Errorf("the link is not on the screen once:\n%s", screen)
		}
	}
}

func TestAtATerminalALinkIsAskedForAndNotShown(t *testing.T) {
	server := onetimetest.Start(onetimetest.OnetimeSecret, false)
	t.Cleanup(server.Close)
	driver, err := onetime.Find(t.Context(), onetime.Options{Root: server.URL()})
	if err != nil {
		t.Fatal(err)
	}
	placed, err := driver.Put(t.Context(), onetime.Offer{Value: secret.New("the value itself"), TTL: time.Hour, Passphrase: secret.New("open-sesame")})
	if err != nil {
		t.Fatal(err)
	}
	state := t.TempDir()
	if err := os.Mkdir(filepath.Join(state, "PROD"), 0o711); err != nil {
		t.Fatal(err)
	}
	const description = "apiVersion: backend-installer/v1\nkind: Installation\nenvironment: PROD\nproduct: acme\nversion: \"1\"\n" +
		"files:\n  - path: /nowhere/app.json\n    slots:\n      - {setting: identity.entra.clientSecret, at: /Secret}\n"
	if err := os.WriteFile(filepath.Join(state, "PROD", "installation.yaml"), []byte(description), 0o600); err != nil {
		t.Fatal(err)
	}
	person, tty := prompttest.Sit(t)
	world := quiet()
	world.IO = term.IO{In: tty, Out: tty, Err: tty}
	world.Asker = func(bool, bool) prompt.Asker { return prompt.New(prompt.Options{IO: world.IO, Dumb: true}) }
	world.Getenv = func(string) string { return "" }
	ended := make(chan int)
	go func() { ended <- cli.Main(world, []string{"handoff", "open", "--state", state}) }()
	for _, a := range []said{
		{"One-time link", placed.Link.Reveal()[:40]}, // cut
		{"no link of SnapPass or Onetime Secret", placed.Link.Reveal()},
		{"Passphrase of the link", "open-sesame"},
	} {
		if !person.Await(20*time.Second, a.question, "> ") {
			t.Fatalf("%q was not asked; the screen:\n%s", a.question, person.Screen())
		}
		if err := person.Press(a.keys + "\r"); err != nil {
			t.Fatal(err)
		}
	}
	status, screen := <-ended, person.Screen()
	if status != 0 || server.Given() != 1 {
		t.Errorf("exit status %d, given %d times, want 0 and 1; the screen:\n%s", status, server.Given(), screen)
	}
	for _, hidden := range []string{"the value itself", "open-sesame", placed.Link.Reveal()[len(placed.Link.Reveal())-12:]} {
		if strings.Contains(screen, hidden) {
			t.Errorf("the screen shows a secret:\n%s", screen)
		}
	}
}
