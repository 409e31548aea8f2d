//go:build wine && linux

package windowstest_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/entra/entratest"
	"github.com/empowersuite/backend-installer/scripts/kit"
)

func TestRotateByTheApplicationRestartsTheServiceAndRemovesTheOneBefore(t *testing.T) {
	t.Parallel()
	b := install(t, "ONE")
	err := b.entra.Server.ChangeApp(b.entra.Client, func(a *entratest.App) {
		a.Roles, a.Owners = []string{"Application.ReadWrite.OwnedBy"}, []string{b.entra.Client}
	})
	if err != nil {
		t.Fatal(err)
	}
	old, before := kit.WantReady(t, b.listen), b.secrets()
	got := b.installer(0, b.configure("--rotate", "--sign-in", "application", "--retire", "now", "--yes", "--output", "json")...)
	r := kit.WantResult(t, got, "changed")
	now, after := kit.WantReady(t, b.listen), b.secrets()
	if now.PID == old.PID || now.Credential == old.Credential || now.Credential.Fingerprint != r.Credential.Fingerprint {
		t.Errorf("before %+v, after %+v, reported %q", old, now, r.Credential.Fingerprint)
	}
	if len(before) != 1 || len(after) != 1 || after[0].KeyID == before[0].KeyID || !strings.HasPrefix(after[0].Name, "backend-installer on ") {
		t.Fatalf("the application had %d client secrets and has %d", len(before), len(after))
	}
	if text := kit.Read(t, b.config); strings.Count(text, `"`+after[0].Value.Reveal()+`"`) != 1 {
		t.Error("the configuration does not hold the client secret that was made")
	}
	if strings.Contains(got.Stdout+got.Stderr, after[0].Value.Reveal()) {
		t.Error("the secret was shown")
	}
	b.wantNothingOwed()
	b.wantNothingBeside()
	b.installer(0, "verify")
}

// secrets are those of the application, as Entra ID has them.
func (b *installed) secrets() []entratest.Password {
	for _, app := range b.entra.Server.Apps() {
		if app.ClientID == b.entra.Client {
			return app.Passwords
		}
	}
	return nil
}

// wantNothingOwed makes sure that the next run has nothing to pay, and no value is kept.
func (b *installed) wantNothingOwed() {
	b.t.Helper()
	if left := b.left(stateRoot+`\`+b.env+`\credentials.json`, stateRoot+`\`+b.env+`\handed\*.secret`); len(left) > 0 {
		b.t.Errorf("left: %q", left)
	}
	kit.WantResult(b.t, b.installer(0, "secrets", "retire", "--owed", "--sign-in", "application", "--output", "json"), "unchanged")
}

// left are the files that are there.
func (b *installed) left(patterns ...string) []string {
	var all []string
	for _, pattern := range patterns {
		found, _ := filepath.Glob(b.at(pattern)) // the pattern is good
		all = append(all, found...)
	}
	return all
}
