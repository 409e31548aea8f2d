package wizard_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/detect"
	"github.com/empowersuite/backend-installer/installer/document"
	"github.com/empowersuite/backend-installer/installer/prompt"
	"github.com/empowersuite/backend-installer/installer/prompt/prompttest"
	"github.com/empowersuite/backend-installer/installer/settings"
	"github.com/empowersuite/backend-installer/installer/wizard"
)

// found has two secrets, of which only the first has IDs beside it, and a service.
func found() detect.Proposal {
	return detect.Propose(detect.Environment{
		Name: "PROD", Folder: "/etc/b/PROD", Programs: []string{"/opt/b"},
		Sources: []detect.Source{{Path: "/etc/b/PROD/a.json", Format: document.JSONC, Data: []byte(`{
			"AzureAd": {"TenantId": "contoso.com", "ClientId": "` + client + `", "ClientSecret": "` + secretText + `"}, "Graph": {"ClientSecret": "another-one"}}`)}},
		Services: []detect.Running{{Name: "b.service", Manager: "systemd", Exec: [][]string{{"/opt/b/b"}}}},
	})
}

func TestAPersonDecidesWhatWasFound(t *testing.T) {
	for name, c := range map[string]struct {
		answers []prompttest.Answer
		ok      bool
		slots   int
		client  string // of the settings
	}{
		"the first":      {[]prompttest.Answer{say("Which one?", "AzureAd"), {Label: "^Is every line right", Text: "y"}}, true, 3, ""},
		"not registered": {[]prompttest.Answer{say("Which one?", "AzureAd"), {Label: "^Is every line right", Text: ""}}, false, 3, ""},
		"the second, and IDs": {[]prompttest.Answer{
			say("Which one?", "Graph"), say("Application (client) ID", "x"), say("Application (client) ID", client), say("Tenant", "contoso.com"), {Label: "^Is every line right", Text: "y"},
		}, true, 1, client},
		"none": {[]prompttest.Answer{say("Which one?", ""), {Label: "^Is every line right", Text: "y"}}, true, 0, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := prompttest.NewScript(t, c.answers...)
			var w told
			p, ok, err := wizard.Adopt(t.Context(), s, w.tell, found())
			if err != nil || ok != c.ok || !p.Complete() {
				t.Fatalf("got %v, %v, %v", p.Decisions, ok, err)
			}
			in := p.Installation()
			slots := 0
			for _, f := range in.Files {
				slots += len(f.Slots)
			}
			if slots != c.slots || in.Settings[settings.ClientID] != c.client {
				t.Errorf("got %+v", in)
			}
			if screen := strings.Join(w.lines, "\n"); strings.Contains(screen, secretText) || !strings.Contains(screen, "This would be registered:") {
				t.Errorf("the person saw\n%s", screen)
			}
		})
	}
}

// What was not found cannot be chosen: the person goes on without it, or gives up.
func TestAPersonGoesOnWithoutWhatWasNotFound(t *testing.T) {
	p := found()
	p.Decisions = slices.Concat([]detect.Decision{{Section: detect.InServices, What: "which services"}}, p.Decisions)
	s := prompttest.NewScript(t, say("Go on without it?", "y"), say("Which one?", "AzureAd"), prompttest.Answer{Label: "^Is every line right", Text: "y"})
	var w told
	if p, ok, err := wizard.Adopt(t.Context(), s, w.tell, p); err != nil || !ok || !p.Complete() {
		t.Errorf("got %v, %v, %v", p.Decisions, ok, err)
	}
	s = prompttest.NewScript(t, say("Go on without it?", ""))
	if _, ok, err := wizard.Adopt(t.Context(), s, w.tell, p); ok || !errors.Is(err, prompt.ErrCancelled) {
		t.Errorf("got %v, %v", ok, err)
	}
}
