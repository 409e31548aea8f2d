//go:build system && linux

package systemtest_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/scripts/kit"
)

const watchTimer = "empower-watch-ONE.timer"

func TestTheDailyTimerFiresAndWarnsInTheJournal(t *testing.T) {
	b := install(t, "ONE")
	t.Cleanup(func() {
		_ = os.RemoveAll("/etc/systemd/system/" + watchTimer + ".d")
		quietly("systemctl", "disable", "--now", watchTimer)
		quietly("systemctl", "daemon-reload")
	})
	last := time.Now().UTC().AddDate(0, 0, 12).Format(time.DateOnly)
	installer(t, 0, "configure", "--environment", "ONE", "--expires", last)
	for _, want := range []string{"changed", "unchanged"} {
		kit.WantResult(t, installer(t, 0, "watch", "install", "--output", "json"), want)
	}
	for name, want := range map[string]string{
		"ActiveState": "active", "UnitFileState": "enabled", "Persistent": "yes", "RandomizedDelayUSec": "2h",
	} {
		if got := property(t, watchTimer, name); got != want {
			t.Errorf("the timer's %s is %s, want %s", name, got, want)
		}
	}

	// The same timer, sooner.
	kit.Write(t, "/etc/systemd/system/"+watchTimer+".d/soon.conf",
		"[Timer]\nOnCalendar=\nOnActiveSec=1s\nRandomizedDelaySec=0\nAccuracySec=100ms\n")
	sh(t, "systemctl", "daemon-reload")
	sh(t, "systemctl", "restart", watchTimer)
	eventually(t, "the check has been made", 30*time.Second, func() bool {
		return property(t, "empower-watch-ONE.service", "ExecMainExitTimestamp") != "" && property(t, "empower-watch-ONE.service", "ActiveState") == "inactive"
	})
	if got := property(t, "empower-watch-ONE.service", "Result"); got != "success" {
		t.Fatalf("the check ended with %s:\n%s", got, sh(t, "journalctl", "--unit", "empower-watch-ONE.service", "--output=cat", "--no-pager"))
	}
	told := b.wantWarning(t)
	if !strings.Contains(told, "the client secret expires in 12 days ("+last+")") || !strings.Contains(told, "installer configure --environment ONE") {
		t.Errorf("got %q", told)
	}
	if got := installer(t, 1, "watch", "--nagios"); !strings.HasPrefix(got.Stdout, "EMPOWER WARNING - ONE: the client secret expires in 12 days") {
		t.Errorf("got %q", got.Stdout)
	}

	kit.WantResult(t, installer(t, 0, "watch", "remove", "--output", "json"), "changed")
	if left := sh(t, "sh", "-c", "find /etc/systemd/system -name '*empower-watch*' -not -path '*/"+watchTimer+".d*'"); left != "" {
		t.Errorf("watch remove left %s", left)
	}
	installer(t, 0, "verify")
}

// wantWarning is the text of the newest event 1004.
func (b *installed) wantWarning(t *testing.T) string {
	t.Helper()
	return b.wantEvent(t, "1004", "empower-backend, environment ONE on "+sh(t, "uname", "-n")+": the client secret expires in 12 days ("+
		time.Now().UTC().AddDate(0, 0, 12).Format(time.DateOnly)+")")
}
