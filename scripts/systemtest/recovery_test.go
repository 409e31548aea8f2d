//go:build system && linux

package systemtest_test

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/scripts/kit"
)

const bootUnit = "empower-boot-recovery-ONE.service"

// eventually asks until something holds.
func eventually(t *testing.T, what string, within time.Duration, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(within); !holds(); <-time.After(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited %s in vain: %s", within, what)
		}
	}
}

// wantNoUnits makes sure that a timer of ours left nothing.
func wantNoUnits(t *testing.T, name string) {
	t.Helper()
	eventually(t, "the units "+name+" go", 20*time.Second, func() bool {
		all := sh(t, "systemctl", "list-units", "--all", "--plain", "--no-legend", name+"-*") +
			sh(t, "find", "/etc/systemd/system", "-name", "*"+name+"*")
		return all == ""
	})
}

func TestAChangeThatNobodyConfirmsGoesBackByItself(t *testing.T) {
	b := install(t, "ONE")
	b.withoutLongWatch(t)
	old, before := kit.WantReady(t, b.listen), kit.Read(t, b.config)
	fresh := kit.SecretFile(t, b.entra.AddSecret(t))
	got := installer(t, 0, b.configure("--client-secret-file", fresh, "--confirm-within", "5s")...)
	if !strings.Contains(got.Stdout, "installer confirm") {
		t.Errorf("it does not tell how to confirm:\n%s", got.Stdout)
	}
	if now := kit.WantReady(t, b.listen); now.Credential == old.Credential {
		t.Error("the change was not made")
	}
	eventually(t, "the old secret is back", 30*time.Second, func() bool {
		now, err := kit.AskReady(t, b.listen)
		return err == nil && now.Credential == old.Credential
	})
	wantNoUnits(t, "empower-confirm")
	if kit.Read(t, b.config) != before {
		t.Error("the configuration is not as before")
	}
	wantNothingBeside(t, b.config)
	installer(t, 0, "verify")
	if got := installer(t, 2, "confirm"); !strings.Contains(got.Stderr, "no change waits") {
		t.Errorf("confirm, too late:\n%s", got.Stderr)
	}
}

func TestAChangeThatIsConfirmedStays(t *testing.T) {
	b := install(t, "ONE")
	b.withoutLongWatch(t)
	fresh := kit.SecretFile(t, b.entra.AddSecret(t))
	installer(t, 0, b.configure("--client-secret-file", fresh, "--confirm-within", "10m")...)
	now := kit.WantReady(t, b.listen)
	if got := sh(t, "systemctl", "is-active", "empower-confirm-ONE.timer"); got != "active" {
		t.Errorf("the timer is %s", got)
	}
	installer(t, 0, "confirm")
	wantNoUnits(t, "empower-confirm")
	if later := kit.WantReady(t, b.listen); later != now {
		t.Errorf("confirm disturbed the backend: %+v, then %+v", now, later)
	}
	wantNothingBeside(t, b.config)
	installer(t, 0, "verify")
	// Nothing of it holds the next change off.
	installer(t, 0, b.configure("--client-secret-file", kit.SecretFile(t, b.entra.AddSecret(t)))...)
}

// withoutLongWatch makes changes quick: they race with a timer here.
func (b *installed) withoutLongWatch(t *testing.T) {
	t.Helper()
	path := stateRoot + "/" + b.env + "/installation.yaml"
	text := kit.Read(t, path)
	shorter := strings.Replace(text, "stableFor: 2s", "stableFor: 100ms", 1)
	if shorter == text {
		t.Fatalf("the description holds no stable window:\n%s", text)
	}
	kit.Write(t, path, shorter)
}

func TestBootRecoveryIsAddedOnceAndLeavesTheServiceToItsManager(t *testing.T) {
	b := install(t, "ONE")
	before := kit.WantReady(t, b.listen)
	for _, want := range []string{"changed", "unchanged"} {
		kit.WantResult(t, installer(t, 0, append(b.installArgs(), "--boot-recovery", "--output", "json")...), want)
	}
	if kit.WantReady(t, b.listen) != before {
		t.Error("adding the unit disturbed the backend")
	}
	if got := property(t, bootUnit, "ActiveState"); got != "active" {
		t.Errorf("%s is %s: the next restart would run it", bootUnit, got)
	}
	for _, verb := range []string{"restart", "stop", "start", "restart"} {
		sh(t, "systemctl", verb, b.unit)
		want := map[string]string{"stop": "inactive"}[verb]
		if want == "" {
			want = "active"
		}
		if got := property(t, b.unit, "ActiveState"); got != want {
			t.Errorf("after systemctl %s the backend is %s", verb, got)
		}
	}
	b.wantSoonReady(t)
	if got := property(t, bootUnit, "ActiveState"); got != "active" {
		t.Errorf("%s is %s", bootUnit, got)
	}
	installer(t, 0, b.configure("--client-secret-file", kit.SecretFile(t, b.entra.AddSecret(t)))...)
	installer(t, 0, "verify")
}

// wantSoonReady waits until the backend, which somebody just started, is signed in.
func (b *installed) wantSoonReady(t *testing.T) {
	t.Helper()
	eventually(t, "the backend is ready", 20*time.Second, func() bool {
		_, err := kit.AskReady(t, b.listen)
		return err == nil
	})
}

// A service that is started while a change is under way does not wait for the end
// of it: the change may be what starts it.
func TestAStartDuringAChangeRunsTheBootUnitWithoutWaitingForTheLock(t *testing.T) {
	b := install(t, "ONE")
	installer(t, 0, append(b.installArgs(), "--boot-recovery")...)
	b.entra.Propagate(t, time.Minute) // so that the change is under way for a while
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := call{args: b.configure("--client-secret-file", kit.SecretFile(t, b.entra.AddSecret(t)))}.command(ctx, t)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the change is under way", 20*time.Second, func() bool {
		return strings.Contains(kit.Read(t, stateRoot+"/ONE/lock"), fmt.Sprintf(`"pid":%d,`, cmd.Process.Pid))
	})
	sh(t, "systemctl", "stop", bootUnit)
	began := time.Now()
	sh(t, "systemctl", "start", b.unit)
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("a start during a change took %s", took)
	}
	quietly("kill", "-INT", strconv.Itoa(cmd.Process.Pid))
	_ = cmd.Wait() // interrupted
	if got := cmd.ProcessState.ExitCode(); got != 130 {
		t.Errorf("exit status %d, want 130", got)
	}
	b.wantSoonReady(t)
	installer(t, 0, "verify")
}
