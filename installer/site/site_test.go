package site_test

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/release"
	"github.com/empowersuite/backend-installer/installer/secret"
	"github.com/empowersuite/backend-installer/installer/settings"
	"github.com/empowersuite/backend-installer/installer/site"
)

const description = `apiVersion: backend-installer/v1
kind: Installation
environment: PROD
product: acme
version: "1"
files:
  - path: {path}
    slots:
      - {setting: identity.entra.clientSecret, at: /Secret}
      - {setting: identity.entra.tenantId, at: /Tenant}
services:
  - {name: web, reads: [{path}], health: {http: 'http://127.0.0.1:1/', credential: /fp, within: 30s}}
  - {name: api, manager: command, command: {start: [a], stop: [b], status: [c]}, after: [web]}
settings: {identity.entra.clientId: 11111111-2222-3333-4444-555555555555}
`

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// stand writes an installation and its configuration file.
func stand(t *testing.T, config string) (site.Store, site.Folder) {
	t.Helper()
	root := t.TempDir()
	path := filepath.Join(root, "etc", "app.json")
	write(t, path, config)
	store := site.Store{Root: filepath.Join(root, "state")}
	folder := store.Folder("PROD")
	write(t, folder.Installation(), strings.ReplaceAll(description, "{path}", path))
	return store, folder
}

func open(t *testing.T, folder site.Folder) site.Site {
	t.Helper()
	s, err := folder.Open(settings.Known)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestTheOnlyEnvironmentNeedsNoName(t *testing.T) {
	store, folder := stand(t, "{}")
	if name, err := store.Resolve(""); err != nil || name != "PROD" {
		t.Errorf("got %q, %v", name, err)
	}
	write(t, store.Folder("TEST").Installation(), "")
	if _, err := store.Resolve(""); !errors.Is(err, site.ErrSeveral) || !strings.Contains(err.Error(), "PROD, TEST") {
		t.Errorf("got %v, want ErrSeveral with both names", err)
	}
	if name, err := store.Resolve("OTHER"); err != nil || name != "OTHER" {
		t.Errorf("got %q, %v", name, err)
	}
	if _, err := (site.Store{Root: folder.Path + "-none"}).Resolve(""); !errors.Is(err, site.ErrNone) {
		t.Errorf("got %v, want ErrNone", err)
	}
}

func TestValuesComeFromTheFilesThenFromTheDescription(t *testing.T) {
	_, folder := stand(t, `{"Secret": "TST8Q~x", "Tenant": "contoso.com"}`)
	s := open(t, folder)
	files, err := s.ReadFiles()
	if err != nil {
		t.Fatal(err)
	}
	get := s.Lookup(files, map[string]secret.Value{settings.TenantID: secret.New("wanted.com")})
	for key, want := range map[string]string{
		settings.ClientSecret: "TST8Q~x", settings.TenantID: "wanted.com",
		settings.ClientID: "11111111-2222-3333-4444-555555555555", settings.EntraCloud: "public",
	} {
		if got, ok := get(key); !ok || got != want {
			t.Errorf("%s: got %q, %v, want %q", key, got, ok, want)
		}
	}
	if _, ok := get(settings.EntraCABundle); ok {
		t.Error("a setting that nothing gives was found")
	}
	if !site.Holds(files, settings.TenantID) || site.Holds(files, settings.ClientID) {
		t.Error("Holds does not go by the slots")
	}
}

func TestEveryFileAndSlotThatCannotBeUsedIsTold(t *testing.T) {
	_, folder := stand(t, `{"Secret": 1}`)
	_, err := open(t, folder).ReadFiles()
	if err == nil || strings.Count(err.Error(), "app.json") != 2 {
		t.Errorf("got %v, want both slots", err)
	}
}

// lookup reads from a map.
func lookup(given map[string]string) site.Lookup {
	return func(key string) (string, bool) { text, ok := given[key]; return text, ok }
}

func TestTheQuestionForEntraIDFollowsTheSettings(t *testing.T) {
	given := map[string]string{
		settings.TenantID: "contoso.com", settings.ClientID: "app", settings.EntraCloud: "usgov", settings.NetworkProxy: "http://p:1",
		settings.Confirmations: "5",
	}
	for name, want := range map[string][4]string{
		"of the cloud": {"https://login.microsoftonline.us", "https://graph.microsoft.us/.default", "http://p:1", "backend-installer/9.7.0"},
		"named":        {"https://login.example", "https://graph.microsoft.us/.default", "http://q:1", "backend-installer/9.7.0"},
	} {
		if name == "named" {
			given[settings.EntraAuthority], given[settings.EntraProxy] = "https://login.example", "http://q:1"
		} else {
			delete(given, settings.EntraAuthority)
			delete(given, settings.EntraProxy)
		}
		q, err := site.Ask(lookup(given), "9.7.0")
		got := [4]string{q.Options.Authority, q.Options.Scope, q.Options.Proxy, q.Options.UserAgent}
		if err != nil || got != want || q.Confirmations != 5 {
			t.Errorf("%s: got %q, %d, %v, want %q", name, got, q.Confirmations, err, want)
		}
	}
}

func TestWhatIsMissingForTheQuestionIsNamed(t *testing.T) {
	given := map[string]string{
		settings.TenantID: "contoso.com", settings.ClientID: "app", settings.EntraCloud: "public",
		settings.EntraCABundle: filepath.Join(t.TempDir(), "none.pem"),
	}
	var file *site.FileError
	if _, err := site.Ask(lookup(given), ""); !errors.As(err, &file) {
		t.Errorf("got %v, want a FileError", err)
	}
	for _, key := range []string{settings.EntraCloud, settings.ClientID, settings.TenantID} {
		delete(given, key)
		var missing *site.MissingError
		if _, err := site.Ask(lookup(given), ""); !errors.As(err, &missing) || missing.Key != key {
			t.Errorf("got %v, want %s to be missing", err, key)
		}
	}
}

func TestServicesAreInOrderWithTheirChecks(t *testing.T) {
	_, folder := stand(t, "{}")
	services, err := site.Services(open(t, folder).Installation)
	if err != nil || len(services) != 2 || services[0].Name != "web" || services[1].Name != "api" {
		t.Fatalf("got %+v, %v", services, err)
	}
	web, api := services[0], services[1]
	if web.Within != 30*time.Second || web.StableFor != 2*time.Second || web.Check.Credential != "/fp" || web.Manager != release.Systemd {
		t.Errorf("got %+v", web)
	}
	if api.Check != nil || api.Command.Start[0] != "a" || api.Within != time.Minute {
		t.Errorf("got %+v", api)
	}
}

func TestTheKeyIsMadeOnceAndReadBack(t *testing.T) {
	_, folder := stand(t, "{}")
	first, err := folder.MakeKey(strings.NewReader(strings.Repeat("k", secret.KeyBytes)), -1)
	if err != nil {
		t.Fatal(err)
	}
	again, err := folder.MakeKey(strings.NewReader(""), -1)
	if err != nil || again.Fingerprint(secret.New("x")) != first.Fingerprint(secret.New("x")) {
		t.Errorf("another key was made: %v", err)
	}
	s := open(t, folder)
	if got, want := s.Fingerprint(secret.New("x")), first.Fingerprint(secret.New("x")); got != want || !s.HasKey {
		t.Errorf("got %q, want %q", got, want)
	}
	if info, err := os.Stat(folder.Key()); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("got %v, %v", info.Mode(), err)
	}
}

func TestTheProgramsOwnFilesAreNamedWhenTheyAreDamaged(t *testing.T) {
	for name, path := range map[string]func(site.Folder) string{
		"record": site.Folder.Record, "key": site.Folder.Key, "description": site.Folder.Installation,
	} {
		_, folder := stand(t, "{}")
		write(t, path(folder), "damaged")
		var file *site.FileError
		if _, err := folder.Open(settings.Known); !errors.As(err, &file) || file.Path != path(folder) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestACredentialExpiresWithItsLastDay(t *testing.T) {
	c := &site.Credential{Expires: "2026-11-23"}
	last := time.Date(2026, 11, 23, 23, 59, 59, 0, time.UTC)
	if c.ExpiredBy(last) || !c.ExpiredBy(last.Add(time.Second)) {
		t.Error("it does not expire at the end of its last day")
	}
	var none *site.Credential
	if none.ExpiredBy(last) || (&site.Credential{}).ExpiredBy(last) || (&site.Credential{Expires: "soon"}).ExpiredBy(last) {
		t.Error("what has no date has expired")
	}
}
