package detect_test

import (
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/detect"
	"github.com/empowersuite/backend-installer/installer/release"
	"github.com/empowersuite/backend-installer/installer/settings"
)

func twoSecrets() detect.Environment {
	return environment(shape{files: map[string]string{
		"appsettings.json": `{"AzureAd": {"TenantId": "TENANT", "ClientId": "CLIENT", "ClientSecret": "SECRET"}, "Graph": {"ClientSecret": "SECRET2"}}`,
	}})
}

func TestADecisionBringsWhatBelongsToItsAnswer(t *testing.T) {
	p := detect.Propose(twoSecrets())
	if len(p.Decisions) != 1 || len(p.Decisions[0].Choices) != 2 {
		t.Fatalf("got %+v", p.Decisions)
	}
	first := p.Decide(0, 0)
	if !first.Complete() || len(first.Files) != 1 || len(first.Files[0].Slots) != 3 {
		t.Errorf("got %+v", first.Part)
	}
	wantText(t, first)
	if len(p.Decisions) != 1 || len(p.Files) != 0 {
		t.Error("the answer changed the proposal that it was given to")
	}
	if left := p.Leave(0); !left.Complete() || len(left.Files) != 0 {
		t.Errorf("got %+v", left.Part)
	}
}

func TestADecisionBringsTheNextOnes(t *testing.T) {
	second := detect.Propose(twoSecrets()).Decide(0, 1) // nothing beside it says whose it is
	if len(second.Decisions) != 2 || second.Decisions[0].Key != settings.ClientID || second.Decisions[1].Key != settings.TenantID {
		t.Fatalf("got %+v", second.Decisions)
	}
	second = second.Give(0, client).Give(0, tenant)
	if in := second.Installation(); !second.Complete() || in.Settings[settings.ClientID] != client || in.Settings[settings.TenantID] != tenant || len(in.Files[0].Slots) != 1 {
		t.Errorf("got %+v", in)
	}
	wantText(t, second)
}

// Who takes the comment signs away from one choice has its description.
func TestAChoiceInTheTextCanBeTakenByHand(t *testing.T) {
	p := detect.Propose(twoSecrets())
	before, rest, found := strings.Cut(string(p.Text()), "  # 1. ")
	label, rest, _ := strings.Cut(rest, "\n")
	block, behind, more := strings.Cut(rest, "  # 2. ")
	if !found || !more || !strings.Contains(label, "AzureAd:ClientSecret") {
		t.Fatalf("the choices are not where they are looked for:\n%s", p.Text())
	}
	lines := strings.Split(block, "\n")
	for i, line := range lines {
		if bare, commented := strings.CutPrefix(line, "  # "); commented {
			lines[i] = "  " + bare
		}
	}
	text := before + strings.Join(lines, "\n") + "  # " + strings.Replace(behind, "  # reads:", "  reads:", 1)
	got, err := release.ParseInstallation([]byte(text), settings.Known)
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	if a, b := encoded(t, release.Installation{Files: got.Files}), encoded(t, release.Installation{Files: p.Decide(0, 0).Installation().Files}); a != b {
		t.Errorf("got\n%s\nwant\n%s", a, b)
	}
	if len(got.Services) != 1 || len(got.Services[0].Reads) != 1 || got.Services[0].Reads[0] != got.Files[0].Path {
		t.Errorf("the service reads %+v", got.Services)
	}
}

func TestAnEnvironmentWithoutAUsableNameIsToBeNamed(t *testing.T) {
	e := twoSecrets()
	e.Name = "_odd name"
	p := detect.Propose(e)
	if p.Environment != "" || p.Decisions[0].Key != "environment" {
		t.Fatalf("got %q, %+v", p.Environment, p.Decisions[0])
	}
	p = p.Give(0, "PROD").Decide(0, 0)
	if p.Environment != "PROD" || !p.Complete() {
		t.Errorf("got %q, %+v", p.Environment, p.Decisions)
	}
	wantText(t, p)
}

func TestThePackageOfTheAppRegistrationGivesWhatNoFileHolds(t *testing.T) {
	e := environment(shape{files: map[string]string{"appsettings.json": `{"AzureAd": {"ClientId": "CLIENT", "ClientSecret": "SECRET"}}`}})
	e.Registration = map[string]string{settings.TenantID: "contoso.com", settings.PublicURL: "https://b.contoso.com"}
	in := detect.Propose(e).Installation()
	if in.Settings[settings.TenantID] != "contoso.com" || in.Settings[settings.PublicURL] != "https://b.contoso.com" {
		t.Errorf("got %v", in.Settings)
	}
	e = twoSecrets()
	e.Sources[0].Data = []byte(with(`{"AzureAd": {"TenantId": "TENANT", "ClientId": "CLIENT", "ClientSecret": "SECRET"}}`))
	e.Registration = map[string]string{settings.TenantID: "contoso.com"}
	p := detect.Propose(e)
	if _, ok := p.Installation().Settings[settings.TenantID]; ok || !strings.Contains(strings.Join(p.Notes, "\n"), "says another one than the configuration") {
		t.Errorf("got %v, %q", p.Settings, p.Notes)
	}
}

// Whatever names folders, keys and services have: the text reads back, on one line
// for each comment.
func FuzzText(f *testing.F) {
	for _, s := range shapes() {
		for name, text := range s.files {
			f.Add("/etc/x/"+name, []byte(with(text)), "service", "note")
		}
	}
	f.Add("/etc/x/a\nb: c'd\u2028e.json", []byte(`{"AzureAd:\n# x": {"ClientSecret": "x", "a\nClientSecret": "y"}}`), "s\nx", "a\nb")
	f.Fuzz(func(t *testing.T, path string, text []byte, service, note string) {
		e := environment(shape{files: map[string]string{"appsettings.json": string(text)}})
		e.Sources[0].Path, e.Notes = "/below/"+path, []string{note}
		e.Services[0].Name = service
		p := detect.Propose(e)
		got, err := release.ParseInstallation(p.Text(), settings.Known)
		if err != nil && !strings.Contains(err.Error(), "at least one file") {
			t.Fatalf("%v in\n%s", err, p.Text())
		}
		if err == nil && len(got.Files) > 0 && got.Files[0].Path != p.Files[0].Path {
			t.Errorf("got %q, want %q", got.Files[0].Path, p.Files[0].Path)
		}
	})
}
