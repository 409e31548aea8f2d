package cli_test

import (
	"os"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/keystore"
)

func TestASecretGoesIntoTheCredentialManagerAndOutOfIt(t *testing.T) {
	d := newDesk(t)
	d.world.Keystore = keystore.OS{}
	const entry = "TestASecretGoesIntoTheCredentialManagerAndOutOfIt"
	t.Cleanup(func() { _ = keystore.OS{}.Delete(t.Context(), entry) })
	inAndOut(t, d, entry)
}

func TestASecretGoesIntoTheStoreOfTheMachineAndOutOfIt(t *testing.T) {
	inAndOut(t, newDesk(t), "machine:prod")
}

// inAndOut stores a secret, uses and deletes it.
func inAndOut(t *testing.T, d *desk, entry string) {
	t.Helper()
	d.run(t, 0, "adopt", d.path("site.yaml"))
	d.world.IO.In = strings.NewReader(newSecret + "\r\n")
	d.run(t, 0, "keyring", "set", entry)
	d.run(t, 0, "configure", "--skip-validation", "--client-secret-keyring", entry)
	if got, err := os.ReadFile(d.path("secret")); err != nil || string(got) != newSecret {
		t.Errorf("got another secret in the file, %v", err)
	}
	for range 2 {
		d.run(t, 0, "keyring", "delete", entry)
	}
	d.run(t, 2, "configure", "--skip-validation", "--client-secret-keyring", entry)
	if got := d.errors.String(); !strings.Contains(got, "installer keyring set "+entry) {
		t.Errorf("got %q, want how to store it", got)
	}
}
