//go:build system && linux

package systemtest_test

import (
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/scripts/kit"
)

func TestASecretOfTheSecretServiceIsUsed(t *testing.T) {
	b := install(t, "ONE")
	old := kit.WantReady(t, b.listen)
	// One bus for both commands: the throw-away keyring goes with it.
	script := `printf %s "$(cat "$1")" | "$2" keyring set backend &&
		"$2" configure --environment ONE --client-secret-keyring backend &&
		"$2" keyring delete backend && "$2" keyring delete backend`
	cmd := exec.CommandContext(t.Context(), program(t, "secret-service"), "sh", "-c", script, "sh",
		kit.SecretFile(t, b.entra.AddSecret(t)), program(t, "installer"))
	cmd.Env = environ()
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if now := kit.WantReady(t, b.listen); now.Credential == old.Credential {
		t.Errorf("the secret was not used:\n%s", out)
	}
}

func TestWithoutASecretServiceTheErrorNamesAnotherWayWithinSeconds(t *testing.T) {
	b := install(t, "ONE")
	before := snapshot(t, b.config)
	began := time.Now()
	got := installer(t, 2, b.configure("--client-secret-keyring", "backend")...)
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("took %s", took)
	}
	if !strings.Contains(got.Stderr, "stdin") || snapshot(t, b.config) != before {
		t.Errorf("stderr:\n%s", got.Stderr)
	}
}
