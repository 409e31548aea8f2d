package schedule_test

import (
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/schedule"
)

func call() schedule.Call {
	return schedule.Call{Program: `/opt/a "b" %n $x/installer`, Environment: "PROD", State: "/var/lib/50% state"}
}

func wantLines(t *testing.T, u schedule.Entry, want ...string) {
	t.Helper()
	for _, line := range want {
		if !strings.Contains("\n"+u.Text, "\n"+line+"\n") {
			t.Errorf("%s lacks %q:\n%s", u.Name, line, u.Text)
		}
	}
}

func TestTheBootUnitHoldsTheServicesBack(t *testing.T) {
	all := schedule.Systemd{}.Boot(call(), []string{"backend", "worker.service"}).All
	if len(all) != 2 || !all[0].Enable || !all[1].Enable {
		t.Fatalf("got %+v", all)
	}
	wantLines(t, all[0], "Before=backend.service worker.service", "RequiredBy=backend.service worker.service",
		"Type=oneshot", "RemainAfterExit=yes", `RequiresMountsFor="/var/lib/50%% state"`,
		`ConditionFileIsExecutable=|/opt/a "b" %%n $x/installer`, "ConditionDirectoryNotEmpty=|/var/lib/50%% state/PROD/journal")
	wantLines(t, all[1], "After=network-online.target "+all[0].Name+" backend.service worker.service",
		"ConditionDirectoryNotEmpty=/var/lib/50%% state/PROD/journal")
}

func TestAPathIsOneWordWhateverItHolds(t *testing.T) {
	for _, u := range (schedule.Systemd{}).Boot(call(), []string{"backend"}).All {
		if !strings.Contains(u.Text, `ExecStart="/opt/a \"b\" %%n $$x/installer" recover `) ||
			!strings.Contains(u.Text, ` --environment PROD --state "/var/lib/50%% state"`) {
			t.Errorf("got %s", u.Text)
		}
	}
}

func TestTheDailyTimerSpreadsHostsAndCatchesUp(t *testing.T) {
	job := schedule.Systemd{}.Watch(call())
	if len(job.All) != 2 || job.All[0].Enable || !job.All[1].Enable || job.Start != job.All[1].Name || job.Start != "empower-watch-PROD.timer" {
		t.Fatalf("got %+v", job)
	}
	wantLines(t, job.All[0], "Type=oneshot", `ExecStart="/opt/a \"b\" %%n $$x/installer" watch --environment PROD --state "/var/lib/50%% state"`)
	wantLines(t, job.All[1], "OnCalendar=*-*-* 06:00:00", "RandomizedDelaySec=2h", "Persistent=yes", "WantedBy=timers.target")
}

func TestTheTimerNamesItsMomentInUTC(t *testing.T) {
	until := time.Date(2026, 11, 26, 13, 0, 5, 0, time.FixedZone("CET", 3600))
	all := schedule.Systemd{}.Confirm(call(), until).All
	if len(all) != 2 || all[0].Enable || !all[1].Enable {
		t.Fatalf("got %+v", all)
	}
	wantLines(t, all[0], "After=network-online.target empower-boot-recovery-PROD.service")
	wantLines(t, all[1], "OnCalendar=2026-11-26 12:00:05 UTC", "AccuracySec=1s", "Persistent=yes", "WantedBy=timers.target")
}

func TestWhatIsOwedIsRemovedAtItsMomentAndTriedAgainDaily(t *testing.T) {
	job := schedule.Systemd{}.Retire(call(), time.Date(2026, 11, 26, 13, 0, 5, 0, time.FixedZone("CET", 3600)))
	if len(job.All) != 2 || job.Start != "empower-retire-PROD.timer" {
		t.Fatalf("got %+v", job)
	}
	wantLines(t, job.All[0], `ExecStart="/opt/a \"b\" %%n $$x/installer" secrets retire --owed --sign-in application --environment PROD --state "/var/lib/50%% state"`)
	wantLines(t, job.All[1], "OnCalendar=2026-11-26 12:00:05 UTC", "OnCalendar=*-*-* 06:00:00", "Persistent=yes")
}
