package release_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"text/template"
	"time"

	"github.com/empowersuite/backend-installer/installer/release"
	"github.com/empowersuite/backend-installer/templates"
)

// embeddedSettings are the keys that the embedded release binds.
func embeddedSettings(key string) (isSecret, ok bool) {
	switch key {
	case "identity.entra.clientSecret", "database.password":
		return true, true
	case "identity.entra.tenantId", "identity.entra.clientId", "identity.entra.authority", "identity.entra.caBundle",
		"network.proxy", "services.publicUrl", "database.server", "database.name", "database.user",
		"sync.enabled", "sync.everyMinutes", "logging.level", "logging.retainDays":
		return false, true
	}
	return false, false
}

// embeddedView renders as package render does, which stands beside this one.
func embeddedView(manager string) release.View {
	values := map[string]any{
		"Env": "PROD", "User": "empower", "Group": "empower", "FingerprintKey": "/state/PROD/fingerprint.key",
		"Paths": map[string]string{
			"Program": "/opt", "Current": "/opt/PROD/current", "Config": "/etc/PROD", "Data": "/data/PROD",
			"Logs": "/log/PROD", "Temp": "/cache/PROD",
		},
	}
	if manager == release.Windows {
		values["FingerprintKey"] = `D:\state\PROD\fingerprint.key`
		values["Paths"] = map[string]string{
			"Program": `C:\Program Files\b`, "Current": `C:\Program Files\b\9.7.0`, "Config": `D:\PROD\root`, "Data": `D:\PROD\data`,
			"Logs": `D:\PROD\temp\logs`, "Temp": `D:\PROD\temp`,
		}
	}
	funcs := template.FuncMap{
		"setting": func(string) string { return "127.0.0.1:5080" },
		"json": func(text string) (string, error) {
			out, err := json.Marshal(text)
			return string(out), err
		},
	}
	return release.View{
		Environment: "PROD", Manager: manager, Installer: "9.7.0", Known: embeddedSettings,
		Read: func(name string) ([]byte, error) { return fs.ReadFile(templates.Files(), name) },
		Render: func(name, text string) (string, error) {
			parsed, err := template.New(name).Option("missingkey=error").Funcs(funcs).Parse(text)
			if err != nil {
				return "", err
			}
			var out strings.Builder
			err = parsed.Execute(&out, values)
			return out.String(), err
		},
	}
}

func embeddedRelease(t *testing.T, manager string) release.Realised {
	t.Helper()
	text, err := fs.ReadFile(templates.Files(), "release.yaml")
	if err != nil {
		t.Fatal(err)
	}
	m, err := release.ParseManifest(text)
	if err != nil {
		t.Fatal(err)
	}
	r, err := m.Realise(embeddedView(manager))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestTheEmbeddedReleaseIsDescribedAsShown(t *testing.T) {
	for _, manager := range []string{release.Systemd, release.Windows, release.ByHand} {
		got, err := release.Encode(embeddedRelease(t, manager).Installation)
		if err != nil {
			t.Fatal(err)
		}
		golden := filepath.Join("testdata", manager+".yaml.golden")
		if os.Getenv("UPDATE") != "" {
			if err := os.WriteFile(golden, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != string(want) {
			t.Errorf("%s: got\n%s\nwant\n%s\n(UPDATE=1 takes it over)", manager, got, want)
		}
	}
}

func TestTheEmbeddedReleaseIsAWindowsService(t *testing.T) {
	r := embeddedRelease(t, release.Windows)
	got := r.Windows["empower-backend-PROD"]
	want := []string{
		`C:\Program Files\b\9.7.0\backend.exe`, "--service", "empower-backend-PROD", "--config", `D:\PROD\root\appsettings.json`,
		"--log-file", `D:\PROD\temp\logs\backend.log`,
	}
	if !slices.Equal(got.Exec, want) || !got.Delayed || got.DisplayName != "empower Backend PROD" {
		t.Errorf("got %+v, want %q", got, want)
	}
	if !r.Enable["empower-backend-PROD"] || r.User != "" || len(r.Units) != 0 {
		t.Errorf("got enabled %v, user %q, units %d", r.Enable, r.User, len(r.Units))
	}
	for _, f := range append(r.Folders, release.ManifestFolder{Path: r.Files[0].Name}, release.ManifestFolder{Path: r.Installation.Services[0].Reads[0]}) {
		if strings.Contains(f.Path, "/") {
			t.Errorf("got %q, want it as Windows writes it", f.Path)
		}
	}
}

func TestTheEmbeddedReleaseHasAPlaceForEachOfItsSlots(t *testing.T) {
	r := embeddedRelease(t, release.Systemd)
	text := regexp.MustCompile(`(?m)^\s*//.*$`).ReplaceAllString(r.Files[0].Text, "")
	var all any
	if err := json.Unmarshal([]byte(text), &all); err != nil {
		t.Fatal(err)
	}
	for _, slot := range r.Installation.Files[0].Slots {
		value := all
		for key := range strings.SplitSeq(slot.At[1:], "/") {
			object, _ := value.(map[string]any)
			value = object[key]
		}
		if value != "" {
			t.Errorf("%s: got %v at %s, want an empty text", slot.Setting, value, slot.At)
		}
	}
}

func TestTheEmbeddedReleaseKeepsItsSecretsFromOthers(t *testing.T) {
	r := embeddedRelease(t, release.Systemd)
	if got := r.Files[0].Mode; got != 0o640 {
		t.Errorf("got mode %04o", got)
	}
	for _, f := range r.Folders {
		if f.Path == "/etc/PROD" && (f.Mode != "0750" || f.Owner != "root") {
			t.Errorf("got %+v", f)
		}
	}
}

func TestTheEmbeddedServiceProvesItsCredential(t *testing.T) {
	h := embeddedRelease(t, release.ByHand).Installation.Services[0].Health
	if h.Credential != "/credential/fingerprint" || h.Within.D != time.Minute || h.StableFor.D != 2*time.Second {
		t.Errorf("got %+v", h)
	}
}
