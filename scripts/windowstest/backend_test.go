//go:build wine && linux

package windowstest_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/scripts/kit"
)

const stateRoot = `C:\ProgramData\empower\installer`

// installed is a reference backend that the program installed as a Windows service.
type installed struct {
	*machine

	entra   *kit.Authority
	env     string
	service string
	listen  string
	config  string // appsettings.json, on the host
	payload string
	answers string
}

// planInstallation writes what an installation needs and does not install.
func planInstallation(t *testing.T, env string) *installed {
	t.Helper()
	m := newMachine(t)
	b := &installed{
		machine: m, entra: kit.NewAuthority(t, filepath.Join(t.TempDir(), "ca.pem")), env: env,
		service: "empower-backend-" + env, listen: kit.FreeAddress(t), payload: t.TempDir(),
		config: m.at(`C:\ProgramData\empower\backend\` + env + `\root\appsettings.json`),
	}
	kit.CopyProgram(t, program(t, "reference-backend.exe"), filepath.Join(b.payload, "backend.exe"))
	b.answers = filepath.Join(t.TempDir(), "answers.yaml")
	kit.Write(t, b.answers, b.answersText(kit.SecretFile(t, b.entra.AddSecret(t))))
	return b
}

// install is a backend that runs.
func install(t *testing.T, env string) *installed {
	t.Helper()
	b := planInstallation(t, env)
	b.installer(0, b.installArgs()...)
	return b
}

func (b *installed) installArgs() []string {
	return []string{"install", "--answers", seen(b.answers), "--payload", seen(b.payload), "--validation-window", "30s"}
}

func (b *installed) answersText(secret string) string {
	return fmt.Sprintf(`version: 1
environment: %s
identity:
  entra:
    tenantId: %s
    clientId: %s
    clientSecret:
      file: '%s'
    authority: %s
    caBundle: '%s'
    confirmations: 1
services:
  listen: %s
`, b.env, b.entra.Tenant, b.entra.Client, seen(secret), b.entra.URL, seen(b.entra.CAFile), b.listen)
}

func (b *installed) configure(more ...string) []string {
	return append([]string{"configure", "--environment", b.env}, more...)
}

// fresh is a new secret in a file, as the program sees it.
func (b *installed) fresh() string {
	b.t.Helper()
	return seen(kit.SecretFile(b.t, b.entra.AddSecret(b.t)))
}

// breakNextStart makes the backend fail once. The configuration is the
// administrator's: a key that the program does not know stays in it.
func (b *installed) breakNextStart(fault string) {
	b.t.Helper()
	const file = `C:\fault`
	kit.Write(b.t, b.at(file), fault)
	text := kit.Read(b.t, b.config)
	if strings.Contains(text, "FaultFile") {
		return
	}
	edited := strings.Replace(text, `"FingerprintKeyFile"`, `"FaultFile": "C:\\fault", // a drill
    "FingerprintKeyFile"`, 1)
	if edited == text {
		b.t.Fatalf("no place for the fault:\n%s", text)
	}
	kit.Write(b.t, b.config, edited)
}

// times changes how long the description gives a service to become healthy, and to
// stay so.
func (b *installed) times(within, stableFor string) {
	b.t.Helper()
	path := b.at(stateRoot + `\` + b.env + `\installation.yaml`)
	text := kit.Read(b.t, path)
	changed := strings.Replace(strings.Replace(text, "within: 60s", "within: "+within, 1), "stableFor: 2s", "stableFor: "+stableFor, 1)
	if changed == text {
		b.t.Fatalf("the description holds no such times:\n%s", text)
	}
	if err := os.WriteFile(path, []byte(changed), 0o600); err != nil {
		b.t.Fatal(err)
	}
}

// wantNothingBeside makes sure that no staged file or backup is left.
func (b *installed) wantNothingBeside() {
	b.t.Helper()
	entries, err := os.ReadDir(filepath.Dir(b.config))
	if err != nil || len(entries) != 1 {
		b.t.Errorf("in the folder of the configuration: %v, %v", entries, err)
	}
}

// snapshot tells whether a file is another one, or was written.
func snapshot(t *testing.T, path string) string {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(info.ModTime().UnixNano(), info.Sys(), kit.Read(t, path))
}
