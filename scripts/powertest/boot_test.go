//go:build power && linux

package powertest_test

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

// TestWithoutTheBootUnit takes the power as well; what comes next is a person.
func TestWithoutTheBootUnit(t *testing.T) {
	s := install(t, "plain")
	s.cut(t) // install has said that everything stands: it does not need anybody's sync
	s.boot(t)
	s.awaitReady(t, s.secret)
	d := throw(t)
	d.learn(t, s)
	count := map[string]int{}
	for n := range max(4, setting(t, "POWER_RUNS", 200)/10) {
		one := trial{number: int(n), kind: spoilPower, when: d.moment()}
		next := []string{"recover", "--environment", environment, "--output", "json"}
		if d.IntN(2) == 0 {
			next = s.configure()
		}
		s.cutAndGoOn(t, &one, next)
		if len(one.trouble) > 0 {
			t.Errorf("run %d, %s, then %s:\n  %s", one.number, one.when, next[0], strings.Join(one.trouble, "\n  "))
			s.mend(t)
		}
		count[next[0]+" "+one.told+": "+one.state]++
	}
	_, _ = fmt.Fprintf(t.Output(), "what the next run told, and what stands: %v\n", count)

	// The unit can be added to an installation that stands.
	s.write(t, "/srv/secret", s.secret, 0o600)
	for _, want := range []string{"changed", "unchanged"} {
		if got := s.installer(t, 0, s.installArgs("--boot-recovery", "--output", "json")...).result().Result; got != want {
			t.Errorf("install --boot-recovery: got %q, want %q", got, want)
		}
	}
	s.cut(t)
	s.boot(t)
	s.awaitReady(t, s.secret)
	if got := s.says(t, "systemctl", "is-active", bootRecovery); got != "active" {
		t.Errorf("the unit that was added is %s after a boot", got)
	}
}

// cutAndGoOn takes the power, boots, and runs the program once.
func (s *site) cutAndGoOn(t *testing.T, one *trial, next []string) {
	t.Helper()
	before := s.read(t, config)
	fresh := s.addSecret(t)
	r := s.start(t.Context(), t, s.configure()...)
	one.when.await(s, r)
	s.cut(t)
	s.write(t, "/srv/secret", fresh, 0o600) // the test's own file, which may be lost
	s.boot(t)
	one.told = s.installer(t, 0, next...).result().Result
	if next[0] == "configure" {
		one.told = "changed" // or it was already
	}
	s.judge(t, one, before, fresh)
}

// A change that is not confirmed goes back, whether the power was cut before or
// after its time was over, by the timer alone or with the boot unit.
func TestTheDeadManOutlivesAPowerCut(t *testing.T) {
	s := install(t, "deadman")
	for _, with := range []string{"the timer alone", "the boot unit"} {
		if with == "the boot unit" {
			s.installer(t, 0, s.installArgs("--boot-recovery")...)
		}
		t.Run("put back with "+with, func(t *testing.T) {
			fresh := s.addSecret(t)
			s.leaveUnconfirmed(t)
			s.cut(t)
			s.letItPass(t)
			s.boot(t)
			s.awaitReady(t, s.secret)
			s.wantSettled(t)
			if strings.Contains(s.read(t, config), fresh) {
				t.Error("the file holds the new secret")
			}
		})
		t.Run("confirmed after the boot with "+with, func(t *testing.T) {
			fresh := s.addSecret(t)
			s.installer(t, 0, s.configure("--confirm-within", "10m")...)
			s.cut(t)
			s.boot(t)
			s.awaitReady(t, fresh)
			if got := s.says(t, "systemctl", "is-active", confirmTimer); got != "active" {
				t.Errorf("the timer is %s after the boot", got)
			}
			if got := s.says(t, "/srv/bin/installer", "status"); !strings.Contains(got, "unless it is confirmed") {
				t.Errorf("status does not tell:\n%s", got)
			}
			s.installer(t, 0, "confirm", "--environment", environment)
			s.secret = fresh
			s.awaitReady(t, fresh)
			s.wantSettled(t)
			s.installer(t, 0, "verify")
		})
		s.write(t, "/srv/secret", s.secret, 0o600) // what install is told again
	}
}

// A file that somebody wrote since is nobody's to put back: the backend is held
// back at boot, and systemctl tells why.
func TestAForeignFileHoldsTheBackendBack(t *testing.T) {
	s := install(t, "foreign", "--boot-recovery")
	s.addSecret(t)
	s.leaveUnconfirmed(t)
	s.write(t, config, s.read(t, config)+"// by hand\n", 0o640)
	s.sh(t, "sync")
	s.cut(t)
	s.letItPass(t)
	s.boot(t)
	if got := s.says(t, "systemctl", "is-active", unit); got != "inactive" {
		t.Errorf("the backend is %s", got)
	}
	said := s.says(t, "systemctl", "status", "--no-pager", "--full", bootRecovery)
	for _, want := range []string{config, "error:", "fix:"} {
		if !strings.Contains(said, want) {
			t.Errorf("systemctl status does not say %q:\n%s", want, said)
		}
	}
	if got := s.says(t, "systemctl", "start", unit); !strings.Contains(got, "dependency") {
		t.Errorf("a start by hand is not held back: %s", got)
	}
	s.installer(t, 21, "recover", "--environment", environment)
	s.byHand(t)
	s.sh(t, "systemctl", "start", unit)
	s.awaitReady(t, "")
	s.installer(t, 0, "verify")
}

// briefly is how long a change waits for its confirmation: longer than configure
// takes on a busy host.
const briefly = 15 * time.Second

// leaveUnconfirmed makes a change that nobody confirms.
func (s *site) leaveUnconfirmed(t *testing.T) {
	t.Helper()
	s.over = time.Now().Add(briefly + 2*time.Second) // timers know whole seconds
	s.installer(t, 0, s.configure("--confirm-within", briefly.String())...)
}

// letItPass waits until the time of that change is over.
func (s *site) letItPass(t *testing.T) {
	t.Helper()
	await(t, "the time to confirm is over", patience, func() bool { return time.Now().After(s.over) })
}

// A host must not lose its backend because somebody tidied the program away; only
// where files may be half switched does the backend wait for it.
func TestAProgramThatIsGoneHoldsTheBackendBackOnlyWhereSomethingIsLeft(t *testing.T) {
	s := install(t, "gone", "--boot-recovery")
	s.cut(t)
	s.move(t, "/srv/bin/installer", "/srv/installer")
	s.boot(t)
	s.awaitReady(t, s.secret)

	s.move(t, "/srv/installer", "/srv/bin/installer")
	s.addSecret(t)
	r := s.start(t.Context(), t, s.configure()...)
	moment{records: 8}.await(s, r)
	s.cut(t)
	if s.journalLines() == 0 {
		t.Fatal("the run was not cut off between its switch and its end")
	}
	s.move(t, "/srv/bin/installer", "/srv/installer")
	s.boot(t)
	if got := s.says(t, "systemctl", "is-active", unit); got != "inactive" {
		t.Errorf("the backend is %s", got)
	}
	if said := s.says(t, "systemctl", "status", "--no-pager", "--full", bootRecovery); !strings.Contains(said, "203/EXEC") {
		t.Errorf("systemctl status does not tell:\n%s", said)
	}
	s.move(t, "/srv/installer", "/srv/bin/installer")
	// Where the first unit leaves the second nothing to do, that stays failed from the boot.
	s.sh(t, "systemctl", "reset-failed", bootProof)
	s.sh(t, "systemctl", "start", unit, bootProof)
	s.awaitReady(t, "") // old or new: the last records may not have been on the disk
	s.wantSettled(t)
	s.installer(t, 0, "verify")
}

func (s *site) move(t *testing.T, from, to string) {
	t.Helper()
	if err := os.Rename(s.path(from), s.path(to)); err != nil {
		t.Fatal(err)
	}
}

// byHand does what the remedy says: it looks at the file, removes what the run left
// beside it, and moves the journal away.
func (s *site) byHand(t *testing.T) {
	t.Helper()
	s.sh(t, "sh", "-c", "rm -f /etc/empower/backend/ONE/.appsettings.json.* && mv "+journals+"/*.journal /srv/")
}

// awaitReady waits until the backend is signed in with a secret; any where it is "".
func (s *site) awaitReady(t *testing.T, value string) {
	t.Helper()
	await(t, "the backend is ready\n"+s.says(t, "systemctl", "status", "--no-pager", unit), 30*time.Second, func() bool {
		got := s.ready()
		return got != "" && (value == "" || got == s.fingerprint(value))
	})
}

// wantSettled makes sure that nothing waits any more.
func (s *site) wantSettled(t *testing.T) {
	t.Helper()
	await(t, "the units of the confirmation are gone", 10*time.Second, func() bool {
		return !strings.Contains(s.says(t, "systemctl", "list-units", "--all", "--no-legend", "empower-confirm-*"), "empower-confirm")
	})
	if left := s.left(); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
	if failed := s.says(t, "systemctl", "list-units", "--failed", "--no-legend", "empower-*"); failed != "" {
		t.Errorf("failed: %s", failed)
	}
	var told struct{ Plan []string }
	_ = json.Unmarshal([]byte(s.installer(t, 0, "recover", "--environment", environment, "--dry-run", "--output", "json").stdout), &told)
	if len(told.Plan) > 0 {
		t.Errorf("there is something to recover: %q", told.Plan)
	}
}
