package plan_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/atomicfile"
	"github.com/empowersuite/backend-installer/installer/document"
	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/plan"
	"github.com/empowersuite/backend-installer/installer/release"
	"github.com/empowersuite/backend-installer/installer/rollout"
	"github.com/empowersuite/backend-installer/installer/secret"
	"github.com/empowersuite/backend-installer/installer/settings"
	"github.com/empowersuite/backend-installer/installer/site"
	"github.com/empowersuite/backend-installer/installer/svc"
)

const marked = "TST8Q~not-a-real-secret-0000000000000001"

// file is a configuration file with one setting at /Value.
func file(path, setting, value string) site.File {
	return site.File{
		File: release.File{Path: path}, Format: document.JSONC,
		Content: atomicfile.File{Path: path, Real: path, Data: []byte("{ // by hand\n  \"Value\": \"" + value + "\",\n}\n")},
		Slots:   []site.Slot{{Setting: setting, Place: document.Slot{At: "/Value"}, Value: secret.New(value), Line: 2, Column: 12}},
	}
}

func service(name, reads string, running bool, after ...string) rollout.Found {
	f := rollout.Found{Service: rollout.Service{Name: name, Reads: []string{reads}, After: after}, Running: running}
	f.State.Activity = svc.Stopped
	if running {
		f.State.Activity = svc.Running
	}
	return f
}

func input(t *testing.T, wanted map[string]string) plan.Input {
	t.Helper()
	key, err := secret.NewKey(strings.NewReader(strings.Repeat("k", secret.KeyBytes)))
	if err != nil {
		t.Fatal(err)
	}
	in := plan.Input{
		Site:  site.Site{Key: key, HasKey: true, Installation: release.Installation{Environment: "PROD", Settings: map[string]string{settings.TenantID: "contoso.com"}}},
		Files: []site.File{file("/etc/a.json", settings.ClientSecret, "old"), file("/etc/b.json", "logging.level", "Debug")},
		Services: []rollout.Found{
			service("api", "/etc/a.json", true), service("web", "/etc/none", true, "api"), service("cron", "/etc/a.json", false),
			service("log", "/etc/b.json", true),
		},
		Wanted: map[string]secret.Value{},
	}
	for k, v := range wanted {
		in.Wanted[k] = secret.New(v)
	}
	return in
}

func compute(t *testing.T, in plan.Input) plan.Plan {
	t.Helper()
	p, err := plan.Compute(in)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func names(found []rollout.Found) string {
	var all []string
	for _, f := range found {
		all = append(all, f.Name)
	}
	return strings.Join(all, " ")
}

func TestAPlanNamesFilesPlacesAndServices(t *testing.T) {
	p := compute(t, input(t, map[string]string{settings.ClientSecret: marked}))
	if len(p.Files) != 1 || string(p.Files[0].New) != "{ // by hand\n  \"Value\": \""+marked+"\",\n}\n" {
		t.Errorf("files: %+v", p.Files)
	}
	if got := names(p.Restart); got != "api web" {
		t.Errorf("restart: got %q, want the reader and its dependant", got)
	}
	if got := names(p.LeftAlone); got != "cron" {
		t.Errorf("left alone: got %q", got)
	}
	if !p.Touches(settings.ClientSecret) || p.Touches("logging.level") || p.Unchanged() {
		t.Error("what changes is not what was wanted")
	}
}

func TestAPlanIsToldWithoutASecret(t *testing.T) {
	p := compute(t, input(t, map[string]string{settings.ClientSecret: marked, "logging.level": "Error", settings.TenantID: "other.com"}))
	all := strings.Join(p.Lines(), "\n")
	if strings.Contains(all, "TST8Q") || strings.Contains(all, "old") {
		t.Errorf("the plan shows a secret:\n%s", all)
	}
	for _, want := range []string{
		"edit /etc/a.json\n  identity.entra.clientSecret: fingerprint ", "(line 2, column 12)", `logging.level: "Debug" -> "Error"`,
		`record identity.entra.tenantId: "contoso.com" -> "other.com"`, "restart api\nrestart web\nrestart log",
		"leave cron alone: it is stopped",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is missing in:\n%s", want, all)
		}
	}
}

func TestWhatIsThereAlreadyIsNoChange(t *testing.T) {
	p := compute(t, input(t, map[string]string{settings.ClientSecret: "old", "logging.level": "Debug", settings.TenantID: "contoso.com"}))
	if !p.Unchanged() || len(p.Restart) != 0 || len(p.Lines()) != 0 {
		t.Errorf("got %q", p.Lines())
	}
}

func TestASettingWithoutAPlaceIsRefused(t *testing.T) {
	for _, key := range []string{"services.listen", "database.password"} {
		if _, err := plan.Compute(input(t, map[string]string{key: "127.0.0.1:1"})); !errors.Is(err, plan.ErrNoPlace) || !strings.Contains(err.Error(), key) {
			t.Errorf("%s: got %v, want ErrNoPlace", key, err)
		}
	}
}

func TestAnOwedRestartIsPaidByAnyChangeAndByTheSameSecret(t *testing.T) {
	for name, wanted := range map[string]map[string]string{
		"the same secret": {settings.ClientSecret: "old"}, "nothing": {}, "another change": {"logging.level": "Error"},
	} {
		in := input(t, wanted)
		in.Site.Record.RestartOwed = &site.Owed{Services: []string{"api", "cron"}}
		in.PayOwed = true
		p := compute(t, in)
		if !p.Owed || p.Unchanged() || !strings.HasPrefix(names(p.Restart), "api") || strings.Contains(names(p.Restart), "cron") {
			t.Errorf("%s: owed %v, restart %q", name, p.Owed, names(p.Restart))
		}
	}
}

func TestASecretThatAnotherHandWroteIsNotTakenForDone(t *testing.T) {
	in := input(t, map[string]string{settings.ClientSecret: "old"})
	in.Site.Record.Credential = &site.Credential{Fingerprint: "1111-2222"}
	p := compute(t, in)
	if p.Unchanged() || !p.Touches(settings.ClientSecret) || names(p.Restart) != "api web" {
		t.Errorf("got %q", p.Lines())
	}
}

func TestAFileThatCannotBeEditedIsNamed(t *testing.T) {
	in := input(t, map[string]string{settings.ClientSecret: marked})
	in.Files[0].Content.Data = []byte("{ \"Value\": 1 }")
	_, err := plan.Compute(in)
	var bad *site.FileError
	var refused *syntax.Error
	if !errors.As(err, &bad) || bad.Path != "/etc/a.json" || !errors.As(err, &refused) || refused.Kind != syntax.NotString {
		t.Errorf("got %v", err)
	}
}
