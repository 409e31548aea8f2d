//go:build wine && linux

package windowstest_test

import (
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/scripts/kit"
)

func TestInstallMakesAWindowsServiceAndASecondRunIsUnchanged(t *testing.T) {
	t.Parallel()
	b := install(t, "ONE")
	first := kit.WantReady(t, b.listen)
	if out := b.windows("sc", "query", b.service); !strings.Contains(out, "RUNNING") {
		t.Errorf("sc query:\n%s", out)
	}
	key := b.windows("reg", "query", `HKLM\SYSTEM\CurrentControlSet\Services\`+b.service)
	for _, want := range []string{
		`"C:\Program Files\empower\backend\releases\9.7.0\backend.exe" --service ` + b.service,
		`--config C:\ProgramData\empower\backend\ONE\root\appsettings.json`,
		`NT SERVICE\` + b.service, "empower Backend ONE",
	} {
		if !strings.Contains(key, want) {
			t.Errorf("the registry holds no %q:\n%s", want, key)
		}
	}
	before := snapshot(t, b.config)
	kit.WantResult(t, b.installer(0, append(b.installArgs(), "--output", "json")...), "unchanged")
	if snapshot(t, b.config) != before {
		t.Error("the second run touched the configuration")
	}
	if now := kit.WantReady(t, b.listen); now.PID != first.PID {
		t.Error("the second run restarted the backend")
	}
	b.installer(0, "verify")
	if got := b.installer(0, "status"); !strings.Contains(got.Stdout, "service "+b.service+": running") {
		t.Errorf("status does not name the service:\n%s", got.Stdout)
	}
}

func TestAFailedInstallLeavesNothingButItsLog(t *testing.T) {
	t.Parallel()
	b := planInstallation(t, "ONE")
	kit.CopyProgram(t, program(t, "installer.exe"), filepath.Join(b.payload, "backend.exe")) // no service
	got := b.installer(20, b.installArgs()...)
	if !strings.Contains(got.Stderr, "everything was put back") {
		t.Errorf("stderr:\n%s", got.Stderr)
	}
	var left []string
	for _, root := range []string{`C:\Program Files\empower`, `C:\ProgramData\empower`} {
		_ = filepath.WalkDir(b.at(root), func(path string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() {
				left = append(left, path)
			}
			return nil
		})
	}
	if want := []string{b.at(stateRoot + `\ONE\log\installer.log`)}; !slices.Equal(left, want) {
		t.Errorf("left: %q, want %q", left, want)
	}
	if out := b.windows("reg", "query", `HKLM\SYSTEM\CurrentControlSet\Services`); strings.Contains(out, b.service) {
		t.Error("the service is still registered")
	}
	kit.CopyProgram(t, program(t, "reference-backend.exe"), filepath.Join(b.payload, "backend.exe"))
	b.installer(0, b.installArgs()...)
	kit.WantReady(t, b.listen)
}

func TestConfigureRestartsTheServiceAndProvesTheNewSecret(t *testing.T) {
	t.Parallel()
	b := install(t, "ONE")
	old := kit.WantReady(t, b.listen)
	fresh := b.entra.AddSecret(t)
	// As PowerShell pipes a text: with the line end of Windows.
	got := call{args: b.configure("--client-secret-stdin", "--output", "json"), stdin: fresh + "\r\n"}.wants(b.machine, 0)
	r := kit.WantResult(t, got, "changed")
	now := kit.WantReady(t, b.listen)
	if now.PID == old.PID || now.Credential == old.Credential || now.Credential.Fingerprint != r.Credential.Fingerprint {
		t.Errorf("before %+v, after %+v, reported %q", old, now, r.Credential.Fingerprint)
	}
	if text := kit.Read(t, b.config); strings.Count(text, `"`+fresh+`"`) != 1 {
		t.Error("the configuration does not hold the secret as it is")
	}
	b.wantNothingBeside()
	again := call{args: b.configure("--client-secret-stdin", "--output", "json"), stdin: fresh}.wants(b.machine, 0)
	kit.WantResult(t, again, "unchanged")
	if same := kit.WantReady(t, b.listen); same.PID != now.PID {
		t.Error("an unchanged run restarted the backend")
	}
	b.installer(0, "verify")
}

func TestConfigureTakesAnAnswersFileOfWindowsPowerShell(t *testing.T) {
	t.Parallel()
	b := install(t, "ONE")
	old := kit.WantReady(t, b.listen)
	text := "version: 1\nenvironment: ONE\nidentity:\n  entra:\n    clientSecret: {file: '" + b.fresh() + "'}\n"
	answers := filepath.Join(t.TempDir(), "answers.yaml")
	kit.Write(t, answers, "\ufeff"+strings.ReplaceAll(text, "\n", "\r\n"))
	wide := answers + ".utf16"
	kit.Write(t, wide, string(kit.UTF16LE(kit.Read(t, answers))))
	kit.WantResult(t, b.installer(0, "configure", "--answers", seen(wide), "--output", "json"), "changed")
	if now := kit.WantReady(t, b.listen); now.Credential == old.Credential {
		t.Error("the backend does not use the new secret")
	}
	kit.WantResult(t, b.installer(0, "configure", "--answers", seen(answers), "--output", "json"), "unchanged")
}

func TestAWrongSecretChangesNothingNotEvenATime(t *testing.T) {
	t.Parallel()
	b := install(t, "ONE")
	old, before := kit.WantReady(t, b.listen), snapshot(t, b.config)
	wrong := seen(kit.SecretFile(t, kit.WrongSecret))
	for _, window := range []string{"0s", "5s"} {
		got := b.installer(10, b.configure("--client-secret-file", wrong, "--validation-window", window)...)
		if !strings.Contains(got.Stderr, "installer: fix: ") || !strings.Contains(got.Stderr, "7000215") {
			t.Errorf("stderr:\n%s", got.Stderr)
		}
	}
	if snapshot(t, b.config) != before {
		t.Error("the configuration changed")
	}
	if now := kit.WantReady(t, b.listen); now.PID != old.PID {
		t.Error("the backend was restarted")
	}
}

func TestAFreshSecretIsWaitedForUntilItIsKnownEverywhere(t *testing.T) {
	t.Parallel()
	b := install(t, "ONE")
	b.entra.Propagate(t, 8*time.Second)
	began := time.Now()
	got := b.installer(0, b.configure("--client-secret-file", b.fresh())...)
	if took := time.Since(began); took < 7*time.Second {
		t.Errorf("took %s", took)
	}
	if !strings.Contains(got.Stderr, "ok Entra ID accepts the secret") {
		t.Errorf("stderr:\n%s", got.Stderr)
	}
	b.installer(0, "verify")
}

func TestABackendThatDoesNotComeUpIsRolledBack(t *testing.T) {
	t.Parallel()
	b := install(t, "ONE")
	b.times("8s", "7s")
	old := kit.WantReady(t, b.listen)
	for _, fault := range []string{"exit-at-start", "never-ready", "exit-after-ready"} {
		b.breakNextStart(fault)
		before := kit.Read(t, b.config)
		got := b.installer(20, b.configure("--client-secret-file", b.fresh(), "--output", "json")...)
		kit.WantResult(t, got, "rolled-back")
		if kit.Read(t, b.config) != before {
			t.Errorf("%s: the configuration is not as before", fault)
		}
		if now := kit.WantReady(t, b.listen); now.Credential != old.Credential {
			t.Errorf("%s: signed in with %q, want %q", fault, now.Credential.Fingerprint, old.Credential.Fingerprint)
		}
		b.installer(0, "verify")
		b.wantNothingBeside()
	}
}

func TestASecretOfTheCredentialManagerIsUsed(t *testing.T) {
	t.Parallel()
	b := install(t, "ONE")
	old := kit.WantReady(t, b.listen)
	call{args: []string{"keyring", "set", "backend"}, stdin: b.entra.AddSecret(t) + "\r\n"}.wants(b.machine, 0)
	kit.WantResult(t, b.installer(0, b.configure("--client-secret-keyring", "backend", "--output", "json")...), "changed")
	if now := kit.WantReady(t, b.listen); now.Credential == old.Credential {
		t.Error("the secret was not used")
	}
	b.installer(0, "keyring", "delete", "backend")
	kit.WantResult(t, b.installer(0, "keyring", "delete", "backend", "--output", "json"), "unchanged")
	b.installer(2, b.configure("--client-secret-keyring", "backend")...)
}
