package session_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/host"
	"github.com/empowersuite/backend-installer/installer/secret"
	"github.com/empowersuite/backend-installer/installer/session"
	"github.com/empowersuite/backend-installer/installer/settings"
	"github.com/empowersuite/backend-installer/installer/site"
)

const marked = "TST8Q~not-a-real-secret-0000000000000001"

func deps(t *testing.T) session.Deps {
	t.Helper()
	return session.Deps{
		Store: site.Store{Root: filepath.Join(t.TempDir(), "state")}, Host: host.OS{}, Now: time.Now, RunID: "run-1",
	}
}

func wantCode(t *testing.T, err error, code fault.Code) {
	t.Helper()
	var f *fault.Error
	if !errors.As(err, &f) || f.Code != code || f.Remedy == "" {
		t.Errorf("got %v, want %s with a remedy", err, code)
	}
}

func TestWhatIsGivenIsCheckedByItself(t *testing.T) {
	given, err := session.Accept(map[string]string{settings.TenantID: "contoso.com"},
		map[string]secret.Value{settings.ClientSecret: secret.New(" " + marked + "\n")}, false)
	if err != nil || given.Wanted[settings.ClientSecret].Reveal() != marked || given.Wanted[settings.TenantID].Reveal() != "contoso.com" {
		t.Errorf("got %v, %v", given.Notes, err)
	}
	if len(given.Notes) != 2 {
		t.Errorf("notes: %q", given.Notes)
	}
	_, err = session.Accept(map[string]string{settings.TenantID: "common"}, nil, false)
	wantCode(t, err, fault.Usage)
	_, err = session.Accept(nil, map[string]secret.Value{settings.ClientSecret: secret.New("6f0c1f1e-0000-4000-8000-000000000001")}, false)
	wantCode(t, err, fault.SecretMalformed)
}

func TestOneSessionPerEnvironment(t *testing.T) {
	d := deps(t)
	first, err := session.BeginNew(t.Context(), d, "PROD")
	if err != nil || first.Installed {
		t.Fatalf("got %+v, %v", first, err)
	}
	_, err = session.BeginNew(t.Context(), d, "PROD")
	wantCode(t, err, fault.Busy)
	other, err := session.BeginNew(t.Context(), d, "TEST")
	if err != nil {
		t.Fatalf("another environment: %v", err)
	}
	for _, s := range []*session.Session{first, other} {
		if err := s.Discard(); err != nil {
			t.Error(err)
		}
	}
	for _, name := range []string{"PROD", "TEST"} {
		left, err := os.ReadDir(d.Store.Folder(name).Path)
		if err != nil || len(left) != 0 {
			t.Errorf("%s: left %v, %v", name, left, err)
		}
	}
}

func TestWithoutAnInstallationNothingIsMade(t *testing.T) {
	d := deps(t)
	_, err := session.Begin(t.Context(), d, "PROD")
	wantCode(t, err, fault.NotInstalled)
	if _, err := os.Stat(d.Store.Root); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the state folder was made: %v", err)
	}
}

func TestAHintFindsTheEnvironmentAgain(t *testing.T) {
	d := deps(t)
	if got, want := d.Hint("verify", "PROD"), "installer verify --environment PROD --state "+d.Store.Root; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	d.Store.Root = d.Layout.StateRoot()
	if got := d.Hint("verify", ""); strings.Contains(got, "--") {
		t.Errorf("got %q", got)
	}
}

func TestASecretIsNeededToAskEntraID(t *testing.T) {
	_, err := deps(t).Accepted(t.Context(), nil, secret.Value{}, 0)
	wantCode(t, err, fault.Usage)
}
