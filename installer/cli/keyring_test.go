package cli_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/keystore"
	"github.com/empowersuite/backend-installer/installer/keystore/keystoretest"
)

func TestACredentialStoreThatFailsHasARemedyThatFits(t *testing.T) {
	for want, cause := range map[string]error{
		"in a scheduled task that keeps the password\n": fmt.Errorf("%w: %w", keystore.ErrUnusable, keystore.ErrNoSession),
		"has 64 characters at most\n":                   keystore.ErrTooLarge,
		"give the secret by file or stdin\n":            keystore.ErrUnusable,
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
