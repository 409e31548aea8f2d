package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/cli"
	"github.com/empowersuite/backend-installer/installer/prompt"
	"github.com/empowersuite/backend-installer/installer/prompt/prompttest"
	"github.com/empowersuite/backend-installer/installer/term"
)

// adoptAtTerminal runs adopt --detect on a made-up host of the vendor, of which no
// services are known, with a person in front who answers.
func adoptAtTerminal(t *testing.T, answers map[string]string) (status int, screen, registered string) {
	t.Helper()
	host := t.TempDir()
	config := filepath.Join(host, "ProgramData/empower/backend/PROD/root")
	if err := os.MkdirAll(config, 0o755); err != nil {
		t.Fatal(err)
	}
	const text = `{"AzureAd": {"TenantId": "contoso.com", "ClientSecret": "of-last-year"}, "Graph": {"ClientSecret": "of-this-year"}}`
	if err := os.WriteFile(filepath.Join(config, "appsettings.json"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	person, tty := prompttest.Sit(t)
	world := quiet()
	world.IO = term.IO{In: tty, Out: tty, Err: tty}
	world.Asker = func(bool, bool) prompt.Asker { return prompt.New(prompt.Options{IO: world.IO, Dumb: true}) }
	world.Getenv = func(string) string { return "" }
	world.Deps.Services = nil
	ended := make(chan int)
	go func() { ended <- cli.Main(world, []string{"adopt", "--detect", "--prefix", host}) }()
	for _, question := range []string{"Which one?", "Application (client) ID", "Go on without it?", "Is every line right?"} {
		keys, asked := answers[question]
		if !asked {
			continue
		}
		if !person.Await(20*time.Second, question, "> ") {
			t.Fatalf("%q was not asked; the screen:\n%s", question, person.Screen())
		}
		if err := person.Press(keys + "\r"); err != nil {
			t.Fatal(err)
		}
	}
	select {
	case status = <-ended:
	case <-time.After(20 * time.Second):
		t.Fatalf("it did not end; the screen:\n%s", person.Screen())
	}
	state, _ := os.ReadFile(filepath.Join(host, "var/lib/empower/installer/PROD/installation.yaml")) // "" where nothing is registered
	return status, person.Screen(), string(state)
}

func TestAtATerminalWhatIsNotCertainIsAskedAndThenRegistered(t *testing.T) {
	status, screen, registered := adoptAtTerminal(t, map[string]string{
		"Which one?": "1", "Application (client) ID": "11111111-0000-4000-8000-000000000002", "Go on without it?": "y", "Is every line right?": "y",
	})
	if status != 0 || !strings.Contains(registered, "/AzureAd/ClientSecret") || strings.Contains(registered, "/Graph/") ||
		!strings.Contains(registered, "identity.entra.clientId: 11111111-0000-4000-8000-000000000002") {
		t.Errorf("exit status %d, registered\n%s\nthe screen:\n%s", status, registered, screen)
	}
	if strings.Contains(screen, "of-last-year") || strings.Contains(screen, "of-this-year") {
		t.Errorf("the screen shows a secret:\n%s", screen)
	}
}

func TestAtATerminalNothingIsRegisteredThatIsNotConfirmed(t *testing.T) {
	status, screen, registered := adoptAtTerminal(t, map[string]string{
		"Which one?": "1", "Application (client) ID": "11111111-0000-4000-8000-000000000002", "Go on without it?": "y", "Is every line right?": "",
	})
	if status != 130 || registered != "" {
		t.Errorf("exit status %d, registered\n%s\nthe screen:\n%s", status, registered, screen)
	}
}
