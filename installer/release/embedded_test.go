package release_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
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
	for _, manager := range []string{release.Systemd, release.ByHand} {
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
