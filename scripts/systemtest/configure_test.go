//go:build system && linux

package systemtest_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/scripts/kit"
)

func TestInstallBringsTheBackendUpAndASecondRunIsUnchanged(t *testing.T) {
	b := install(t, "ONE")
	first := kit.WantReady(t, b.listen)
	if first.PID != mainPID(t, b.unit) {
		t.Errorf("process %d answers, want %d", first.PID, mainPID(t, b.unit))
	}
	if got := property(t, b.unit, "User"); got != "empower" {
		t.Errorf("the service runs as %q, want empower", got)
	}
	for path, want := range map[string]string{
		b.config:                              "640 root empower",
		filepath.Dir(b.config):                "750 root empower",
		stateRoot + "/ONE/fingerprint.key":    "640 root empower",
		stateRoot + "/ONE/installation.yaml":  "600 root root",
		"/etc/systemd/system/" + b.unit:       "644 root root",
		"/var/log/empower/backend/ONE":        "750 empower empower",
		"/opt/empower/backend/releases/9.7.0": "755 root root",
		stateRoot + "/ONE/log/installer.log":  "600 root root",
		"/var/lib/empower/backend/ONE":        "750 empower empower",
	} {
		if got := sh(t, "stat", "--format", "%a %U %G", path); got != want {
			t.Errorf("%s: got %q, want %q", path, got, want)
		}
	}
	before := snapshot(t, b.config)
	again := installer(t, 0, append(b.installArgs(), "--output", "json")...)
	kit.WantResult(t, again, "unchanged")
	if after := snapshot(t, b.config); after != before {
		t.Errorf("the second run touched the configuration:\n%s\n%s", before, after)
	}
	if now := kit.WantReady(t, b.listen); now.PID != first.PID {
		t.Error("the second run restarted the backend")
	}
	installer(t, 0, "verify")
	if got := installer(t, 0, "status"); !strings.Contains(got.Stdout, b.unit[:len(b.unit)-len(".service")]) {
		t.Errorf("status does not name the service:\n%s", got.Stdout)
	}
}

func TestAFailedInstallLeavesNothingButItsLog(t *testing.T) {
	b := planInstallation(t, "ONE")
	kit.CopyProgram(t, "/bin/false", filepath.Join(b.payload, "backend"))
	got := installer(t, 20, b.installArgs()...)
	if !strings.Contains(got.Stderr, "everything was put back") {
		t.Errorf("stderr:\n%s", got.Stderr)
	}
	var left []string
	for _, root := range []string{"/opt/empower", "/etc/empower", "/var/lib/empower", "/var/log/empower", "/etc/systemd/system/" + b.unit} {
		_ = filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
			if err == nil && !d.IsDir() {
				left = append(left, path)
			}
			return nil
		})
	}
	if want := []string{stateRoot + "/ONE/log/installer.log"}; !slices.Equal(left, want) {
		t.Errorf("left: %q, want %q", left, want)
	}
	if out := kit.Read(t, "/etc/passwd"); strings.Contains(out, "empower") {
		t.Error("the account is left")
	}
	kit.CopyProgram(t, program(t, "reference-backend"), filepath.Join(b.payload, "backend"))
	installer(t, 0, b.installArgs()...)
	kit.WantReady(t, b.listen)
}

func TestConfigureRestartsTheUnitAndProvesTheNewSecret(t *testing.T) {
	b := install(t, "ONE")
	old := kit.WantReady(t, b.listen)
	fresh := kit.SecretFile(t, b.entra.AddSecret(t))
	got := installer(t, 0, b.configure("--client-secret-file", fresh, "--output", "json")...)
	r := kit.WantResult(t, got, "changed")
	now := kit.WantReady(t, b.listen)
	if now.PID == old.PID || now.PID != mainPID(t, b.unit) {
		t.Errorf("process %d before and %d after, the unit has %d", old.PID, now.PID, mainPID(t, b.unit))
	}
	if now.Credential.Fingerprint == old.Credential.Fingerprint || now.Credential.Fingerprint != r.Credential.Fingerprint {
		t.Errorf("fingerprints: before %q, after %q, reported %q",
			old.Credential.Fingerprint, now.Credential.Fingerprint, r.Credential.Fingerprint)
	}
	again := installer(t, 0, b.configure("--client-secret-file", fresh, "--output", "json")...)
	kit.WantResult(t, again, "unchanged")
	if same := kit.WantReady(t, b.listen); same.PID != now.PID {
		t.Error("an unchanged run restarted the backend")
	}
	installer(t, 0, "verify")
}

func TestAWrongSecretChangesNothingNotEvenATime(t *testing.T) {
	b := install(t, "ONE")
	old, before := kit.WantReady(t, b.listen), snapshot(t, b.config)
	wrong := kit.SecretFile(t, kit.WrongSecret)
	for _, window := range []string{"0s", "5s"} {
		got := installer(t, 10, b.configure("--client-secret-file", wrong, "--validation-window", window)...)
		if !strings.Contains(got.Stderr, "installer: fix: ") || !strings.Contains(got.Stderr, "7000215") {
			t.Errorf("stderr:\n%s", got.Stderr)
		}
	}
	if after := snapshot(t, b.config); after != before {
		t.Errorf("the configuration changed:\n%s\n%s", before, after)
	}
	if now := kit.WantReady(t, b.listen); now.PID != old.PID {
		t.Error("the backend was restarted")
	}
}

func TestAFreshSecretThatFlapsForTwentySecondsIsWaitedFor(t *testing.T) {
	b := install(t, "ONE")
	b.entra.Propagate(t, 20*time.Second)
	fresh := kit.SecretFile(t, b.entra.AddSecret(t))
	began := time.Now()
	got := installer(t, 0, b.configure("--client-secret-file", fresh)...)
	if took := time.Since(began); took < 15*time.Second || took > 2*time.Minute {
		t.Errorf("took %s", took)
	}
	if !strings.Contains(got.Stderr, "wait") {
		t.Errorf("it did not say what it waits for:\n%s", got.Stderr)
	}
	kit.WantReady(t, b.listen)
}

func TestABackendThatDoesNotComeUpIsRolledBack(t *testing.T) {
	for _, fault := range []string{"exit-at-start", "never-ready", "exit-after-ready"} {
		t.Run(fault, func(t *testing.T) {
			b := install(t, "ONE")
			old := kit.WantReady(t, b.listen)
			b.shortenHealth(t)
			b.shortenStart(t)
			b.breakNextStart(t, fault)
			before := kit.Read(t, b.config)
			got := installer(t, 20, b.configure("--client-secret-file", kit.SecretFile(t, b.entra.AddSecret(t)), "--output", "json")...)
			kit.WantResult(t, got, "rolled-back")
			if after := kit.Read(t, b.config); after != before {
				t.Error("the configuration is not as before")
			}
			if now := kit.WantReady(t, b.listen); now.Credential != old.Credential {
				t.Errorf("signed in with %q, want %q", now.Credential.Fingerprint, old.Credential.Fingerprint)
			}
			installer(t, 0, "verify")
			wantNothingBeside(t, b.config)
		})
	}
}

func TestAnOwedRestartIsPaid(t *testing.T) {
	b := install(t, "ONE")
	old := kit.WantReady(t, b.listen)
	fresh := kit.SecretFile(t, b.entra.AddSecret(t))
	got := installer(t, 0, b.configure("--client-secret-file", fresh, "--no-restart")...)
	if !strings.Contains(got.Stdout, "--restart-pending") {
		t.Errorf("it does not tell how to pay:\n%s", got.Stdout)
	}
	if now := kit.WantReady(t, b.listen); now.PID != old.PID {
		t.Fatal("the backend was restarted")
	}
	installer(t, 20, "verify")
	if got := installer(t, 0, "status"); !strings.Contains(got.Stdout+got.Stderr, "restart is owed") {
		t.Errorf("status does not tell:\n%s%s", got.Stdout, got.Stderr)
	}
	// The same secret again is not "unchanged": the restart is paid.
	kit.WantResult(t, installer(t, 0, b.configure("--client-secret-file", fresh, "--output", "json")...), "changed")
	now := kit.WantReady(t, b.listen)
	if now.PID == old.PID || now.Credential == old.Credential {
		t.Error("the backend still runs with the old secret")
	}
	installer(t, 0, "verify")

	installer(t, 0, b.configure("--client-secret-file", kit.SecretFile(t, b.entra.AddSecret(t)), "--no-restart")...)
	installer(t, 0, b.configure("--restart-pending")...)
	if later := kit.WantReady(t, b.listen); later.PID == now.PID || later.Credential == now.Credential {
		t.Error("--restart-pending did not pay")
	}
}

// wantNothingBeside makes sure that no staged file or backup is left.
func wantNothingBeside(t *testing.T, path string) {
	t.Helper()
	beside, err := filepath.Glob(filepath.Join(filepath.Dir(path), ".*"))
	if err != nil || len(beside) != 0 {
		t.Errorf("left beside the configuration: %q, %v", beside, err)
	}
}

// shortenHealth makes a failure show sooner than the release's minute.
func (b *installed) shortenHealth(t *testing.T) {
	t.Helper()
	path := stateRoot + "/" + b.env + "/installation.yaml"
	text := kit.Read(t, path)
	shorter := strings.Replace(text, "within: 60s", "within: 10s", 1)
	shorter = strings.Replace(shorter, "stableFor: 2s", "stableFor: 8s", 1)
	if shorter == text {
		t.Fatalf("the description holds no such times:\n%s", text)
	}
	kit.Write(t, path, shorter)
}
