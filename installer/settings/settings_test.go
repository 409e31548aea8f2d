package settings_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/settings"
)

func TestEveryRowOfTheTableIsWhole(t *testing.T) {
	seen, groups := map[string]bool{}, map[settings.Group]bool{}
	for _, s := range settings.All() {
		if row := []string{s.Key, s.Title, s.Help, string(s.Group), string(s.Kind)}; seen[s.Key] || slices.Contains(row, "") {
			t.Errorf("row %+v is not whole, or is there twice", s)
		}
		seen[s.Key], groups[s.Group] = true, true
		if strings.HasSuffix(s.Help, ".") {
			t.Errorf("%s: the help is no plain phrase: %q", s.Key, s.Help)
		}
		if err := settings.Validate(s.Key, s.Default); err != nil && !s.Required {
			t.Errorf("%s: its default: %v", s.Key, err)
		}
		if s.Env != "" && !strings.HasPrefix(s.Env, "EMPOWER_") {
			t.Errorf("%s comes from %s", s.Key, s.Env)
		}
	}
	if len(groups) != len(settings.Groups()) {
		t.Errorf("%d groups are used, want %d", len(groups), len(settings.Groups()))
	}
}

func TestValuesAreChecked(t *testing.T) {
	for _, c := range []struct {
		key, text string
		ok        bool
	}{
		{settings.TenantID, "6f0c1f1e-0000-4000-8000-000000000001", true},
		{settings.TenantID, "contoso.onmicrosoft.com", true},
		{settings.TenantID, "common", false},
		{settings.TenantID, "organizations", false},
		{settings.TenantID, "consumers", false},
		{settings.TenantID, "6f0c1f1e-0000-4000-8000", false},
		{settings.TenantID, "", false},
		{settings.ClientID, "11111111-2222-3333-4444-555555555555", true},
		{settings.ClientID, "my-app", false},
		{settings.EntraAuthority, "https://login.sovcloud-identity.fr", true},
		{settings.EntraAuthority, "https://127.0.0.1:8443/", true},
		{settings.EntraAuthority, "http://127.0.0.1:8443", false},
		{settings.EntraAuthority, "https://login.example/tenant", false},
		{settings.EntraAuthority, "https://user@login.example", false},
		{settings.EntraAuthority, "", true},
		{settings.EntraCloud, "public", true},
		{settings.EntraCloud, "germany", false},
		{settings.Confirmations, "3", true},
		{settings.Confirmations, "0", false},
		{settings.Confirmations, "many", false},
		{settings.NetworkProxy, "http://proxy.example:3128", true},
		{settings.NetworkProxy, "http://user:word@proxy.example:3128", false},
		{settings.NetworkProxy, "proxy.example:3128", false},
		{settings.Listen, "127.0.0.1:5080", true},
		{settings.Listen, "[::1]:5080", true},
		{settings.Listen, "5080", false},
		{settings.Listen, "127.0.0.1:99999", false},
		{settings.EntraCABundle, "/etc/ssl/ca.pem", true},
		{settings.EntraCABundle, `C:\ca.pem`, true},
		{settings.EntraCABundle, "ca.pem", false},
		{settings.ClientSecretExpires, "2026-12-31", true},
		{settings.ClientSecretExpires, "31.12.2026", false},
		{settings.Environment, "PROD", true},
		{settings.Environment, "a b", false},
		{settings.Environment, "1a", false},
		{settings.Environment, "NUL", false},
		{settings.Environment, "com1", false},
		{settings.Environment, "console", true},
		{settings.TenantID, "contoso.xn--p1ai", true},
		{settings.TenantID, "contoso.", false},
		{settings.EntraCABundle, `\\server\share\ca.pem`, true},
		{settings.EntraCABundle, `\ca.pem`, false},
		{settings.NetworkProxy, "http://proxy.example:3128/?word=x", false},
		{settings.Listen, "[5080", false},
		{settings.Listen, ":5080", false},
		{"services.publicUrl", "https://backend.example/api", true},
		{"services.publicUrl", "http://backend.example", false},
		{"database.server", `sql\instance`, true},
		{"database.user", marked, false},
		{"sync.enabled", "true", true},
		{"sync.enabled", "yes", false},
		{"database.server", "sql\nserver", false},
		{"database.server", " sql", false},
		{"database.server", strings.Repeat("x", 5000), false},
		{"nothing", "x", false},
	} {
		err := settings.Validate(c.key, c.text)
		if (err == nil) != c.ok {
			t.Errorf("%s = %q: got %v, want ok %v", c.key, c.text, err, c.ok)
		}
		if secret := c.text + marked; settings.Validate(c.key, secret) != nil && strings.Contains(settings.Validate(c.key, secret).Error(), marked) {
			t.Errorf("%s: the error quotes the value", c.key)
		}
	}
}

func TestSetIsRefusedForSecrets(t *testing.T) {
	for _, c := range []struct{ given, wantKey, wantError string }{
		{"identity.entra.tenantId=contoso.com", settings.TenantID, ""},
		{"network.proxy=", settings.NetworkProxy, ""},
		{"identity.entra.clientSecret=TST8Q~not-a-real-secret-0000000000000001", "", "is a secret"},
		{"identity.entra.tennantId=x", "", "did you mean identity.entra.tenantId"},
		{"tenantId=x", "", "did you mean identity.entra.tenantId"},
		{"identity.entra.tenantId", "", "key=value"},
		{"identity.entra.confirmations=99", "", "from 1 to 10"},
		{"TST8Q~not-a-real-secret-0000000000000001=x", "", "unknown setting (not shown)"},
		{"TST8Q~not-a-real-secret-0000000000000001", "", "key=value"},
		{"database.user=TST8Q~not-a-real-secret-0000000000000001", "", "looks like a client secret"},
	} {
		key, _, err := settings.ParseSet(c.given)
		switch {
		case c.wantError == "" && (err != nil || key != c.wantKey):
			t.Errorf("%q: got %q, %v", c.given, key, err)
		case c.wantError != "" && (err == nil || !strings.Contains(err.Error(), c.wantError)):
			t.Errorf("%q: got %v, want %q in it", c.given, err, c.wantError)
		case err != nil && strings.Contains(err.Error(), "TST8Q~"):
			t.Errorf("the error quotes the secret: %v", err)
		}
	}
}

func TestLaterLayersWin(t *testing.T) {
	layer := func(tenant string, origin settings.Origin, r settings.Reference) settings.Answers {
		return settings.Answers{
			Values:  map[string]settings.Value{settings.TenantID: {Text: tenant, Origin: origin}},
			Secrets: map[string]settings.Reference{settings.ClientSecret: r},
		}
	}
	merged := settings.Merge(
		layer("a.example", settings.FromAnswers, settings.Reference{File: "/a"}),
		settings.FromEnvironment(func(name string) string {
			return map[string]string{"EMPOWER_ENTRA_CLIENT_SECRET": "x", "EMPOWER_HOSTING": "corporate-cloud"}[name]
		}),
		layer("b.example", settings.FromFlag, settings.Reference{Stdin: true}),
	)
	if got := merged.Values[settings.TenantID]; got != (settings.Value{Text: "b.example", Origin: settings.FromFlag}) {
		t.Errorf("got %+v", got)
	}
	if got := merged.Values[settings.Hosting].Text; got != "corporate-cloud" {
		t.Errorf("got %q", got)
	}
	if got := merged.Secrets[settings.ClientSecret]; got != (settings.Reference{Stdin: true}) {
		t.Errorf("the ways of two layers were mixed: %+v", got)
	}
}

func TestMissingNamesEveryRequiredKey(t *testing.T) {
	want := []string{settings.Environment, settings.TenantID, settings.ClientID, settings.ClientSecret}
	got := settings.Missing(settings.Answers{}, settings.ForInstall)
	if strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestASettingIsFoundByItsKey(t *testing.T) {
	for _, c := range []struct {
		key               string
		secret, ok, bound bool
		byDefault         string
	}{
		{settings.ClientSecret, true, true, false, ""},
		{"database.password", true, true, false, ""},
		{settings.TenantID, false, true, true, ""},
		{settings.Hosting, false, true, true, "on-premises"},
		{settings.EntraCloud, false, true, true, "public"},
		{settings.Environment, false, true, false, ""},
		{"nothing", false, false, false, ""},
	} {
		secret, ok := settings.Known(c.key)
		if secret != c.secret || ok != c.ok || settings.IsSecret(c.key) != c.secret {
			t.Errorf("%s: got secret %v, ok %v", c.key, secret, ok)
		}
		if got := settings.Describable(c.key); got != c.bound {
			t.Errorf("%s: describable is %v", c.key, got)
		}
		if got := settings.Default(c.key); got != c.byDefault {
			t.Errorf("%s: got default %q, want %q", c.key, got, c.byDefault)
		}
	}
	if got := settings.SecretKeys(); !slices.Equal(got, []string{"database.password", settings.ServicePassword, settings.ClientSecret}) {
		t.Errorf("got %q", got)
	}
}

func TestANumberFallsBackToItsDefault(t *testing.T) {
	for text, want := range map[string]int{"7": 7, "": 3, "many": 3} {
		get := func(key string) (string, bool) { return text, key == settings.Confirmations && text != "" }
		if got := settings.Number(get, settings.Confirmations); got != want {
			t.Errorf("%q: got %d, want %d", text, got, want)
		}
	}
	if got := settings.Number(func(string) (string, bool) { return "", false }, settings.Hosting); got != 0 {
		t.Errorf("a setting that is no number is %d", got)
	}
}

func TestTheEnvironmentGivesEverySettingButTheEnvironment(t *testing.T) {
	got := settings.FromEnvironment(func(string) string { return "1" })
	for _, s := range settings.All() {
		value, reference := got.Values[s.Key], got.Secrets[s.Key]
		switch {
		case s.Key == settings.Environment: // --environment reads its variable
		case s.Kind == settings.Secret && reference != (settings.Reference{Env: s.Env}):
			t.Errorf("%s: got %+v", s.Key, reference)
		case s.Kind != settings.Secret && value != (settings.Value{Text: "1", Origin: settings.FromEnv}):
			t.Errorf("%s: got %+v", s.Key, value)
		}
	}
}
