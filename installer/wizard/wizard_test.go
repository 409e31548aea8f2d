package wizard_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/prompt"
	"github.com/empowersuite/backend-installer/installer/prompt/prompttest"
	"github.com/empowersuite/backend-installer/installer/settings"
	"github.com/empowersuite/backend-installer/installer/wizard"
)

const (
	secretText = "TST8Q~not-a-real-secret-0000000000000001"
	client     = "11111111-2222-3333-4444-555555555555"
)

type told struct{ lines []string }

func (w *told) tell(text string) { w.lines = append(w.lines, text) }

func nothing(string) (string, bool) { return "", false }

func request(s *prompttest.Script, present func(string) (string, bool)) (wizard.Request, *told) {
	w := &told{}
	return wizard.Request{Asker: s, Tell: w.tell, Present: present}, w
}

// say answers a question whose label is exactly this.
func say(label, text string) prompttest.Answer {
	quoted := strings.NewReplacer("(", `\(`, ")", `\)`, "?", `\?`).Replace(label)
	return prompttest.Answer{Label: "^" + quoted + "$", Text: text}
}

// look answers whether the other settings of a section are looked at.
func look(yes string) prompttest.Answer {
	return prompttest.Answer{Label: "^Look at the other settings", Text: yes}
}

// The wizard and an answers file with the same content say the same.
func TestTheWizardSaysWhatAnAnswersFileSays(t *testing.T) {
	s := prompttest.NewScript(t,
		say("Environment", "PROD"), look("n"), look("n"),
		look("y"), say("Listen address", "127.0.0.1:6000"), say("Public URL", ""), say("Service account", ""), say("Proxy", ""),
		say("Tenant", "contoso.com"), say("Application (client) ID", client), say("Client secret", secretText),
		look("y"), say("Last day of the client secret", "2027-11-30"), say("Secret ID of the client secret", ""), say("Cloud", "usgov"), say("Authority", ""),
		say("CA bundle", ""), say("Proxy to Entra ID", ""), say("Confirmations", ""),
		look("y"), say("Directory sync", "false"), say("Minutes between syncs", ""), say("Log level", "Debug"), say("Days that logs are kept", "7"),
		prompttest.Answer{Label: "^Is it right", Text: "Go on"},
	)
	r, _ := request(s, nothing)
	got, err := wizard.Install(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	want, problems := settings.ParseAnswers([]byte(`version: 1
environment: PROD
services: {listen: '127.0.0.1:6000'}
identity:
  entra:
    tenantId: contoso.com
    clientId: `+client+`
    clientSecret: {stdin: true}
    clientSecretExpires: '2027-11-30'
    cloud: usgov
sync: {enabled: false}
logging: {level: Debug, retainDays: 7}
`), "answers.yaml")
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if !reflect.DeepEqual(texts(got.Answers), texts(want)) {
		t.Errorf("got %v, want %v", texts(got.Answers), texts(want))
	}
	if got.Secrets[settings.ClientSecret].Reveal() != secretText || len(got.Secrets) != 1 {
		t.Error("the secret is not the one that was typed")
	}
}

func texts(a settings.Answers) map[string]string {
	all := map[string]string{}
	for key, v := range a.Values {
		all[key] = v.Text
	}
	return all
}

func TestWhatWasGivenIsNotAsked(t *testing.T) {
	s := prompttest.NewScript(t, say("Client secret", secretText), prompttest.Answer{Label: "^Look at", Text: "n", Always: true},
		prompttest.Answer{Label: "^Is it right", Text: "Go on"})
	r, _ := request(s, nothing)
	r.Given = settings.Answers{Values: map[string]settings.Value{
		settings.Environment: {Text: "PROD"}, settings.TenantID: {Text: "contoso.com"}, settings.ClientID: {Text: client},
	}}
	if _, err := wizard.Install(t.Context(), r); err != nil {
		t.Fatal(err)
	}
}

func TestValuesAreCheckedAtEnter(t *testing.T) {
	s := prompttest.NewScript(t,
		say("Environment", "a b"), say("Environment", "PROD"), prompttest.Answer{Label: "^Look at", Text: "n", Always: true},
		say("Tenant", "common"), say("Tenant", "contoso.com"), say("Application (client) ID", client),
		say("Client secret", client), say("Client secret", secretText), prompttest.Answer{Label: "^Is it right", Text: "Go on"},
	)
	r, _ := request(s, nothing)
	if _, err := wizard.Install(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	all := strings.Join(s.Complaints, "\n")
	for _, want := range []string{"letters, digits", "the tenant's own ID", "Secret ID"} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is missing in %q", want, all)
		}
	}
}

func TestBackGoesToTheQuestionBefore(t *testing.T) {
	s := prompttest.NewScript(t,
		say("Environment", "WRONG"), look("n"), look("<"), look("<"), say("Environment", "PROD"), look("n"), look("n"), look("n"),
		say("Tenant", "contoso.com"), say("Application (client) ID", client), say("Client secret", secretText),
		look("n"), look("n"), prompttest.Answer{Label: "^Is it right", Text: "Go on"},
	)
	r, _ := request(s, nothing)
	got, err := wizard.Install(t.Context(), r)
	if err != nil || got.Answers.Values[settings.Environment].Text != "PROD" {
		t.Errorf("got %v, %v", got.Answers, err)
	}
}

func TestTheReviewShowsNoSecretAndLetsALineBeChanged(t *testing.T) {
	s := prompttest.NewScript(t,
		say("Environment", "WRONG"), prompttest.Answer{Label: "^Look at", Text: "n", Always: true},
		say("Tenant", "contoso.com"), say("Application (client) ID", client), say("Client secret", secretText),
		prompttest.Answer{Label: "^Is it right", Text: "Environment: WRONG"}, say("Environment", "PROD"),
		prompttest.Answer{Label: "^Is it right", Text: "Go on"},
	)
	r, w := request(s, nothing)
	got, err := wizard.Install(t.Context(), r)
	if err != nil || got.Answers.Values[settings.Environment].Text != "PROD" {
		t.Errorf("got %v, %v", got.Answers, err)
	}
	for _, asked := range s.Asked {
		if text := asked.Label + asked.Help + asked.Default + strings.Join(asked.Choices, ""); strings.Contains(text, "TST8Q") {
			t.Errorf("a question shows the secret: %q", text)
		}
	}
	if strings.Contains(strings.Join(w.lines, ""), "TST8Q") {
		t.Error("a line shows the secret")
	}
}

// installed is what a configured environment holds.
func installed(key string) (string, bool) {
	text, ok := map[string]string{
		settings.ClientSecret: "set, fingerprint 1111-2222", settings.TenantID: "contoso.com", "logging.level": "Information",
	}[key]
	return text, ok
}

func TestConfigureOffersTheSecretFirst(t *testing.T) {
	s := prompttest.NewScript(t,
		prompttest.Answer{Label: "^What is to be done", Text: "Replace the Entra ID client secret"},
		say("Client secret", secretText), say("Last day of the client secret", ""), say("Secret ID of the client secret", ""),
	)
	r, _ := request(s, installed)
	got, err := wizard.Configure(t.Context(), r)
	if err != nil || len(got.Answers.Values) != 0 || got.Secrets[settings.ClientSecret].Reveal() != secretText {
		t.Errorf("got %v, %v", got.Answers, err)
	}
	menu := s.Asked[0]
	want := []string{"Replace the Entra ID client secret", "Change: Identity", "Change: Operations", "Quit"}
	if !reflect.DeepEqual(menu.Choices, want) || menu.Default != want[0] {
		t.Errorf("got %q", menu.Choices)
	}
	if !strings.Contains(menu.Help, "fingerprint 1111-2222") {
		t.Errorf("the present secret is not told: %q", menu.Help)
	}
}

func TestAValueThatWasPastedInPlaceOfItsIDIsNotRepeated(t *testing.T) {
	s := prompttest.NewScript(t,
		prompttest.Answer{Label: "^What is to be done", Text: "Replace the Entra ID client secret"},
		say("Client secret", secretText), say("Last day of the client secret", "2031-12-31"),
		say("Secret ID of the client secret", secretText), say("Secret ID of the client secret", client),
	)
	r, _ := request(s, installed)
	got, err := wizard.Configure(t.Context(), r)
	want := map[string]string{settings.ClientSecretExpires: "2031-12-31", settings.ClientSecretID: client}
	if err != nil || !reflect.DeepEqual(texts(got.Answers), want) {
		t.Errorf("got %v, %v, want %v", texts(got.Answers), err, want)
	}
	said := strings.Join(s.Complaints, "\n")
	if len(s.Complaints) != 1 || strings.Contains(said, secretText) || !strings.Contains(said, "not Value") || !strings.Contains(said, "make a new one") {
		t.Errorf("got %q", said)
	}
}

func TestConfigureYieldsOnlyWhatDiffers(t *testing.T) {
	for typed, want := range map[string]map[string]string{"Information": {}, "Debug": {"logging.level": "Debug"}} {
		s := prompttest.NewScript(t,
			prompttest.Answer{Label: "^What is to be done", Text: "Change: Operations"}, say("Log level", typed),
			prompttest.Answer{Label: "^Is it right", Text: "Go on"},
		)
		r, _ := request(s, installed)
		got, err := wizard.Configure(t.Context(), r)
		if err != nil || !reflect.DeepEqual(texts(got.Answers), want) || len(got.Secrets) != 0 {
			t.Errorf("%s: got %v, %v, want %v", typed, texts(got.Answers), err, want)
		}
	}
}

func TestQuittingIsACancellation(t *testing.T) {
	s := prompttest.NewScript(t, prompttest.Answer{Label: "^What is to be done", Text: "Quit"})
	r, _ := request(s, installed)
	if _, err := wizard.Configure(t.Context(), r); !errors.Is(err, prompt.ErrCancelled) {
		t.Errorf("got %v, want ErrCancelled", err)
	}
	s = prompttest.NewScript(t)
	s.NoTerminal = true
	r, _ = request(s, installed)
	if _, err := wizard.Configure(t.Context(), r); !errors.Is(err, prompt.ErrNoTerminal) {
		t.Errorf("got %v, want ErrNoTerminal", err)
	}
}

func TestConfirmShowsThePlan(t *testing.T) {
	w := &told{}
	s := prompttest.NewScript(t, prompttest.Answer{Label: "^Go ahead", Text: ""})
	yes, err := wizard.Confirm(t.Context(), s, w.tell, []string{"edit /etc/x", "restart web"})
	if err != nil || !yes || !strings.Contains(strings.Join(w.lines, "\n"), "  restart web") {
		t.Errorf("got %v, %v, %q", yes, err, w.lines)
	}
}
