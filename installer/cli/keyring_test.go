package cli_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/keystore"
	"github.com/empowersuite/backend-installer/installer/keystore/keystoretest"
)

func TestACredentialStoreThatFailsHasARemedyThatFits(t *testing.T) {
	for want, cause := range map[string]error{
		"installer keyring set machine:NAME\n": fmt.Errorf("%w: %w", keystore.ErrUnusable, keystore.ErrNoSession),
		"has 64 characters at most\n":          keystore.ErrTooLarge,
		"give the secret by file or stdin\n":   keystore.ErrUnusable,
		"then store a new secret\n":            keystore.ErrExposed,
		"letters, digits, dot, - and _\n":      keystore.ErrName,
	} {
		d := newDesk(t)
		d.run(t, 0, "adopt", d.path("site.yaml"))
		d.world.Keystore = &keystoretest.Memory{Err: cause}
		for _, args := range [][]string{
			{"configure", "--client-secret-keyring", "prod"}, {"keyring", "set", "prod"}, {"keyring", "delete", "prod"},
		} {
			d.world.IO.In = strings.NewReader(newSecret)
			d.run(t, 2, args...)
			if got := d.errors.String(); !strings.Contains(got, want) {
				t.Errorf("%v, %v: got %q, want %q", args, cause, got, want)
			}
		}
	}
}

func TestAnEntryOfTheHostIsInTheStoreOfTheHost(t *testing.T) {
	d := newDesk(t)
	account, machine := &keystoretest.Memory{}, &keystoretest.Memory{}
	var folder string
	d.world.Keystore = account
	d.world.Machine = func(of string) keystore.Store {
		folder = of
		return machine
	}
	d.run(t, 0, "adopt", d.path("site.yaml"))
	d.world.IO.In = strings.NewReader(newSecret)
	d.run(t, 0, "keyring", "set", "machine:prod")
	if _, err := account.Get(t.Context(), "machine:prod"); err == nil {
		t.Error("got an entry of the account, want none")
	}
	if got, err := machine.Get(t.Context(), "prod"); err != nil || got.Reveal() != newSecret {
		t.Errorf("got another entry of the host, %v", err)
	}
	if want := filepath.Join(d.path("state"), "keyring"); folder != want {
		t.Errorf("got the folder %q, want %q", folder, want)
	}
	d.run(t, 0, "configure", "--skip-validation", "--client-secret-keyring", "machine:prod")
	d.run(t, 0, "keyring", "delete", "machine:prod")
	d.run(t, 2, "configure", "--skip-validation", "--client-secret-keyring", "machine:prod")
}
