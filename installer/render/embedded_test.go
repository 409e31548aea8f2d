package render_test

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/render"
	"github.com/empowersuite/backend-installer/templates"
)

// paths stands in for the struct of package layout.
type paths struct{ Program, Release, Current, Config, Data, Logs, Temp, State string }

func embedded(t *testing.T, name string) string {
	t.Helper()
	text, err := fs.ReadFile(templates.Files(), name)
	if err != nil {
		t.Fatal(err)
	}
	out, err := render.Text(name, string(text), render.View{
		Env: "PROD", Version: "9.7.0", User: "empower", Group: "empower",
		FingerprintKey: "/var/lib/empower/installer/PROD/fingerprint.key",
		Paths: paths{
			Program: "/opt/empower/backend", Current: "/opt/empower/backend/PROD/current",
			Config: "/etc/empower/backend/PROD", Data: "/var/lib/empower/backend/PROD",
			Logs: "/var/log/empower/backend/PROD", Temp: "/var/cache/empower/backend/PROD",
		},
		Setting: func(key string) (string, bool) { return "127.0.0.1:5080", key == "services.listen" },
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestTheEmbeddedReleaseIsRenderedAsShown(t *testing.T) {
	for _, name := range []string{"appsettings.json", "empower-backend.service"} {
		got := embedded(t, name+".tmpl")
		golden := filepath.Join("testdata", name+".golden")
		if os.Getenv("UPDATE") != "" {
			if err := os.MkdirAll("testdata", 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s: got\n%s\nwant\n%s\n(UPDATE=1 takes it over)", name, got, want)
		}
	}
}

// settingsOf reads a configuration as .NET does; its comments are lines of
// their own.
func settingsOf(t *testing.T, text string) map[string]any {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(regexp.MustCompile(`(?m)^\s*//.*$`).ReplaceAllString(text, "")))
	var all map[string]any
	if err := decoder.Decode(&all); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestTheEmbeddedConfigurationHoldsWhatTheBackendStartsWith(t *testing.T) {
	all := settingsOf(t, embedded(t, "appsettings.json.tmpl"))
	for pointer, want := range map[string]any{
		"AzureAd/Instance": "", "AzureAd/TenantId": "", "AzureAd/ClientId": "", "AzureAd/ClientSecret": "",
		"Kestrel/Endpoints/Http/Url":     "http://127.0.0.1:5080",
		"Diagnostics/SignInEverySeconds": 30.0, "Diagnostics/CABundle": "", "Diagnostics/Proxy": "",
		"Diagnostics/FingerprintKeyFile": "/var/lib/empower/installer/PROD/fingerprint.key",
	} {
		var value any = all
		for key := range strings.SplitSeq(pointer, "/") {
			object, _ := value.(map[string]any)
			value = object[key]
		}
		if value != want {
			t.Errorf("%s: got %v, want %v", pointer, value, want)
		}
	}
}

func TestTheEmbeddedUnitLetsTheServiceReadAndNotWriteItsConfiguration(t *testing.T) {
	unit := embedded(t, "empower-backend.service.tmpl")
	for _, line := range []string{
		"Type=notify", "NotifyAccess=main", "User=empower", "Group=empower",
		"ExecStart=/opt/empower/backend/PROD/current/backend --config /etc/empower/backend/PROD/appsettings.json",
		"ProtectSystem=strict", "Restart=on-failure", "TimeoutStopSec=30", "LimitCORE=0",
		"ReadWritePaths=/var/lib/empower/backend/PROD /var/log/empower/backend/PROD /var/cache/empower/backend/PROD",
	} {
		if !strings.Contains(unit, "\n"+line+"\n") {
			t.Errorf("the line %q is missing in:\n%s", line, unit)
		}
	}
	for _, never := range []string{"InaccessiblePaths", "TemporaryFileSystem", "DynamicUser", "MemoryDenyWriteExecute=", "Environment"} {
		if regexp.MustCompile(`(?m)^` + never).MatchString(unit) {
			t.Errorf("%s would keep the service from its files, or shadow them", never)
		}
	}
}

func TestTheEmbeddedReleaseNamesNoSecret(t *testing.T) {
	err := fs.WalkDir(templates.Files(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(templates.Files(), name)
		if bytes.Contains(text, []byte(`setting "identity.entra.clientSecret"`)) || bytes.Contains(text, []byte(`setting "database.password"`)) {
			t.Errorf("%s asks for a secret", name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
