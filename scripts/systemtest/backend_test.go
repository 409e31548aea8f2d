//go:build system && linux

package systemtest_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/scripts/kit"
)

// installed is a reference backend that the program installed under systemd.
type installed struct {
	entra   *kit.Authority
	env     string
	unit    string
	listen  string
	config  string // appsettings.json
	payload string
	answers string // with the secret that it was installed with
}

// planInstallation writes what an installation needs and does not install.
func planInstallation(t *testing.T, env string) *installed {
	t.Helper()
	b := &installed{
		entra: newAuthority(t), env: env, unit: "empower-backend-" + env + ".service", listen: kit.FreeAddress(t),
		config: "/etc/empower/backend/" + env + "/appsettings.json", payload: t.TempDir(),
	}
	kit.CopyProgram(t, program(t, "reference-backend"), filepath.Join(b.payload, "backend"))
	b.answers = filepath.Join(t.TempDir(), "answers.yaml")
	kit.Write(t, b.answers, b.answersText(kit.SecretFile(t, b.entra.AddSecret(t))))
	t.Cleanup(b.remove)
	return b
}

// install is a backend that runs.
func install(t *testing.T, env string) *installed {
	t.Helper()
	b := planInstallation(t, env)
	installer(t, 0, b.installArgs()...)
	return b
}

func (b *installed) installArgs() []string {
	return []string{"install", "--answers", b.answers, "--payload", b.payload, "--service-manager", "systemd", "--validation-window", "30s"}
}

func (b *installed) answersText(secret string) string {
	return fmt.Sprintf(`version: 1
environment: %s
identity:
  entra:
    tenantId: %s
    clientId: %s
    clientSecret:
      file: %s
    authority: %s
    caBundle: %s
    confirmations: 1
services:
  listen: %s
`, b.env, b.entra.Tenant, b.entra.Client, secret, b.entra.URL, b.entra.CAFile, b.listen)
}

func (b *installed) configure(more ...string) []string {
	return append([]string{"configure", "--environment", b.env}, more...)
}

// breakNextStart makes the backend fail once. The configuration is the
// administrator's: a key that the program does not know stays in it.
func (b *installed) breakNextStart(t *testing.T, fault string) {
	t.Helper()
	file := "/var/lib/empower/backend/" + b.env + "/fault"
	kit.Write(t, file, fault)
	text := kit.Read(t, b.config)
	if !strings.Contains(text, "FaultFile") {
		edited := strings.Replace(text, `"FingerprintKeyFile"`, `"FaultFile": "`+file+`", // a drill
    "FingerprintKeyFile"`, 1)
		if edited == text {
			t.Fatalf("no place for the fault:\n%s", text)
		}
		kit.Write(t, b.config, edited)
	}
}

// shortenStart makes systemd give a start up sooner than the unit's minute.
func (b *installed) shortenStart(t *testing.T) {
	t.Helper()
	kit.Write(t, "/etc/systemd/system/"+b.unit+".d/short.conf", "[Service]\nTimeoutStartSec=6\n")
	sh(t, "systemctl", "daemon-reload")
}

// remove takes everything away that the installation made.
func (b *installed) remove() {
	const units = "/etc/systemd/system/"
	boot, proof := "empower-boot-recovery-"+b.env+".service", "empower-boot-proof-"+b.env+".service"
	quietly("systemctl", "disable", "--now", b.unit, boot, proof)
	for _, path := range []string{
		units + b.unit, units + b.unit + ".d", units + b.unit + ".requires", units + boot, units + proof,
		"/opt/empower", "/etc/empower", "/var/lib/empower", "/var/log/empower",
	} {
		_ = os.RemoveAll(path) // the next test starts from nothing
	}
	quietly("systemctl", "daemon-reload")
	quietly("systemctl", "reset-failed")
	quietly("userdel", "empower")
}

// snapshot tells whether anything about a file changed, its times included.
func snapshot(t *testing.T, path string) string {
	t.Helper()
	return sh(t, "stat", "--format", "%i %h %a %u %g %s %Y %y %Z %z", path) + strings.Repeat(" ", 1) + sh(t, "sha256sum", path)
}
