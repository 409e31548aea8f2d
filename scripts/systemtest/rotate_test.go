//go:build system && linux

package systemtest_test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/entra/entratest"
	"github.com/empowersuite/backend-installer/installer/secret"
	"github.com/empowersuite/backend-installer/scripts/kit"
)

const (
	retireUnits = "empower-retire"
	ledger      = stateRoot + "/ONE/credentials.json"
)

// rotating is a backend whose application may change its own client secrets. It has
// two: the one in use, and one of somebody else.
type rotating struct {
	*installed

	foreign string
}

func installRotating(t *testing.T) *rotating {
	t.Helper()
	b := &rotating{installed: install(t, "ONE")}
	b.allowGraph(t)
	p, err := b.entra.Server.AddPassword(b.entra.Client, entratest.Password{
		Name: "somebody else's", Value: secret.New("Oth" + entratest.NewSecret().Reveal()[len("Oth"):]),
	})
	if err != nil {
		t.Fatal(err)
	}
	b.foreign = p.KeyID
	t.Cleanup(func() {
		quietly("systemctl", "disable", "--now", retireUnits+"-ONE.timer")
		quietly("find", "/etc/systemd/system", "-name", retireUnits+"-*", "-delete")
	})
	return b
}

// allowGraph lets the application and the administrator, who own it, read and change
// its secrets.
func (b *installed) allowGraph(t *testing.T) {
	t.Helper()
	err := b.entra.Server.ChangeApp(b.entra.Client, func(a *entratest.App) {
		a.Roles, a.Owners = []string{"Application.ReadWrite.OwnedBy"}, []string{b.entra.Client, administrator}
	})
	if err != nil {
		t.Fatal(err)
	}
}

// approve waits for a sign-in by device code, and is the person who enters the code.
func (b *installed) approve(ctx context.Context) string {
	for late := time.Now().Add(30 * time.Second); ctx.Err() == nil && time.Now().Before(late); {
		for _, waiting := range b.entra.Server.DeviceCodes() {
			if waiting.State == "pending" && b.entra.Server.Approve(waiting.UserCode, administrator) == nil {
				return waiting.UserCode
			}
		}
		<-time.After(20 * time.Millisecond)
	}
	return ""
}

// rotate is the command, by the rights of the application itself.
func (b *rotating) rotate(more ...string) []string {
	return append(b.configure("--rotate", "--sign-in", "application", "--non-interactive"), more...)
}

// secrets are those of the application, as Entra ID has them.
func (b *rotating) secrets() []entratest.Password {
	for _, app := range b.entra.Server.Apps() {
		if app.ClientID == b.entra.Client {
			return app.Passwords
		}
	}
	return nil
}

// used is the ID of the client secret that the configuration holds.
func (b *rotating) used(t *testing.T) string {
	t.Helper()
	text := kit.Read(t, b.config)
	for _, p := range b.secrets() {
		if strings.Contains(text, `"`+p.Value.Reveal()+`"`) {
			return p.KeyID
		}
	}
	t.Fatal("the application has no such client secret as the configuration holds")
	return ""
}

// wantSecrets makes sure that the application has exactly these.
func (b *rotating) wantSecrets(t *testing.T, want ...string) {
	t.Helper()
	var got, told []string
	for _, p := range b.secrets() {
		got, told = append(got, p.KeyID), append(told, p.KeyID+" "+p.Name)
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("the application has the client secrets\n%s\nwant\n%s", strings.Join(told, "\n"), strings.Join(want, "\n"))
	}
}

// wantSettled makes sure that nothing is under way any more.
func (b *rotating) wantSettled(t *testing.T) {
	t.Helper()
	if text, err := os.ReadFile(ledger); err == nil {
		t.Errorf("the ledger is left:\n%s", text)
	}
	wantNothingBeside(t, b.config)
	installer(t, 0, "verify")
}

func TestRotateByTheApplicationHasSystemdRemoveTheOneBefore(t *testing.T) {
	b := installRotating(t)
	b.withoutLongWatch(t) // which races with a timer here
	old, before := kit.WantReady(t, b.listen), b.used(t)
	got := installer(t, 0, b.rotate("--retire", "after 10s", "--yes", "--output", "json")...)
	r := kit.WantResult(t, got, "changed")
	now, fresh := kit.WantReady(t, b.listen), b.used(t)
	if now.PID == old.PID || now.PID != mainPID(t, b.unit) {
		t.Errorf("process %d before and %d after", old.PID, now.PID)
	}
	if now.Credential == old.Credential || now.Credential.Fingerprint != r.Credential.Fingerprint {
		t.Errorf("fingerprints: before %q, after %q, reported %q", old.Credential.Fingerprint, now.Credential.Fingerprint, r.Credential.Fingerprint)
	}
	b.wantSecrets(t, b.foreign, before, fresh)
	if got := property(t, retireUnits+"-ONE.timer", "ActiveState"); got != "active" {
		t.Fatalf("the timer is %s", got)
	}

	eventually(t, "systemd has the one before removed", 40*time.Second, func() bool { return len(b.secrets()) < 3 })
	b.wantSecrets(t, b.foreign, fresh)
	wantNoUnits(t, retireUnits)
	if later := kit.WantReady(t, b.listen); later != now {
		t.Errorf("the removal disturbed the backend: %+v, then %+v", now, later)
	}
	b.wantSettled(t)
}

func TestRotateAgainHasSystemdRemoveWhatIsDueFirst(t *testing.T) {
	b := installRotating(t)
	b.withoutLongWatch(t)
	first := b.used(t)
	installer(t, 0, b.rotate("--retire", "after 24h", "--yes")...)
	second := b.used(t)
	installer(t, 0, b.rotate("--retire", "after 10s", "--yes")...) // the timer runs already
	b.wantSecrets(t, b.foreign, first, second, b.used(t))
	eventually(t, "systemd has the second removed", 40*time.Second, func() bool { return len(b.secrets()) < 4 })
	b.wantSecrets(t, b.foreign, first, b.used(t))
	if got := property(t, retireUnits+"-ONE.timer", "ActiveState"); got != "active" {
		t.Errorf("the timer, which the first still waits for, is %s", got)
	}
}

func TestRotateByDeviceCodeRemovesTheOneBeforeOnceTheBackendUsesTheNewOne(t *testing.T) {
	b := installRotating(t)
	b.entra.Server.Set(entratest.Knobs{DeviceInterval: time.Second})
	old, before := kit.WantReady(t, b.listen), b.used(t)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	w := call{args: b.configure("--rotate", "--sign-in", "device-code", "--retire", "now")}.atTerminal(ctx, t)
	code := b.approve(ctx)
	w.answer("Go ahead?", "\r")
	if !w.Await(30*time.Second, "is it to be removed?", "> ") {
		t.Fatalf("nobody was asked; the screen:\n%s", w.Screen())
	}
	now, fresh := kit.WantReady(t, b.listen), b.used(t)
	if now.PID == old.PID || now.Credential == old.Credential {
		t.Error("it asks before the backend uses the new one")
	}
	b.wantSecrets(t, b.foreign, before, fresh)
	if err := w.Press("y\r"); err != nil {
		t.Fatal(err)
	}
	if got := w.end(); got != 0 {
		t.Fatalf("exit status %d; the screen:\n%s", got, w.Screen())
	}
	eventually(t, "what was written last shows", 5*time.Second, func() bool { return strings.Contains(w.Screen(), "removed client secret "+before) })
	if code == "" || !strings.Contains(w.Screen(), code) {
		t.Errorf("the code %q is not on the screen:\n%s", code, w.Screen())
	}
	b.wantSecrets(t, b.foreign, fresh)
	wantNoUnits(t, retireUnits)
	b.wantSettled(t)
}

func TestRotateRemovesWhatTheBackendDoesNotComeUpWith(t *testing.T) {
	b := installRotating(t)
	b.shortenHealth(t)
	b.shortenStart(t)
	before := b.used(t)
	for _, fault := range []string{"exit-at-start", "exit-after-ready"} {
		old := kit.WantReady(t, b.listen)
		b.breakNextStart(t, fault)
		text := kit.Read(t, b.config)
		got := installer(t, 20, b.rotate("--retire", "now", "--yes", "--output", "json")...)
		kit.WantResult(t, got, "rolled-back")
		if !strings.Contains(got.Stderr, " is made, valid until ") {
			t.Errorf("%s: no client secret was made:\n%s", fault, got.Stderr)
		}
		if kit.Read(t, b.config) != text {
			t.Errorf("%s: the configuration is not as before", fault)
		}
		if now := kit.WantReady(t, b.listen); now.PID == old.PID || now.Credential != old.Credential {
			t.Errorf("%s: before %+v, after %+v", fault, old, now)
		}
		b.wantSecrets(t, b.foreign, before)
		wantNoUnits(t, retireUnits)
		b.wantSettled(t)
	}
}

// TestRotateThatWasKilledIsEndedByTheNextOne kills it at moments spread over its whole
// run. The same command then ends what was begun: nothing is left at Entra ID that
// nobody uses, and nothing is gone that nobody gave up.
func TestRotateThatWasKilledIsEndedByTheNextOne(t *testing.T) {
	b := installRotating(t)
	b.withoutLongWatch(t)
	for _, retire := range []string{"never", "now"} {
		for _, after := range []int{20, 60, 100, 150, 220, 320, 600, 2000} {
			t.Run(fmt.Sprintf("%s, after %d ms", retire, after), func(t *testing.T) {
				b.killAndRepeat(t, time.Duration(after)*time.Millisecond, retire)
			})
		}
	}
}

func (b *rotating) killAndRepeat(t *testing.T, after time.Duration, retire string) {
	t.Helper()
	args := b.rotate("--retire", retire, "--yes")
	want, before := b.secrets(), b.used(t)
	ctx, cancel := context.WithTimeout(t.Context(), after)
	defer cancel()
	cmd := call{args: args}.command(ctx, t)
	_ = cmd.Run() // killed
	held, begun := b.used(t), b.begun(t)
	if held != before && begun == "" {
		before, want = held, b.secrets() // that run was done
	}
	t.Logf("in use another: %v, secrets: %d, ledger: %s", held != before, len(b.secrets()), strings.Join(strings.Fields(begun), ""))

	got := installer(t, 0, args...)
	fresh := b.used(t)
	if fresh == before {
		t.Errorf("no other client secret is in use:\n%s", got.Stderr)
	}
	ids := []string{fresh}
	for _, p := range want {
		if p.KeyID != before || retire == "never" {
			ids = append(ids, p.KeyID)
		}
	}
	b.wantSecrets(t, ids...)
	kit.WantReady(t, b.listen)
	if strings.Contains(got.Stderr, "may have made a client secret") {
		b.letTimePass(t)
	}
	wantNoUnits(t, retireUnits)
	b.wantSettled(t)
}

// begun is what is under way, as the ledger has it.
func (b *rotating) begun(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(ledger)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return string(text)
}

// letTimePass is for a run that was killed right before it asked Entra ID: whether it
// did is told by time alone, for a replica may be behind.
func (b *rotating) letTimePass(t *testing.T) {
	t.Helper()
	for _, offset := range []string{"16m", "0s"} {
		if err := b.entra.Server.Turn(map[string]string{"clock-offset": offset}); err != nil {
			t.Fatal(err)
		}
		installer(t, 0, "secrets", "retire", "--owed", "--sign-in", "application", "--environment", "ONE")
	}
}
