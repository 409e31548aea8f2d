//go:build system && linux

package systemtest_test

import (
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/scripts/kit"
)

func TestTheJournalTellsMonitoringWhatBecameOfARun(t *testing.T) {
	b := install(t, "EVENTS")
	b.wantEvent(t, "1000", "install begins to change the environment EVENTS")
	b.wantEvent(t, "1001", "install changed the environment EVENTS")

	b.shortenHealth(t)
	b.breakNextStart(t, "exit-at-start")
	b.shortenStart(t)
	secret := b.entra.AddSecret(t)
	installer(t, 20, b.configure("--client-secret-file", kit.SecretFile(t, secret))...)
	told := b.wantEvent(t, "1002", "configure put the change of the environment EVENTS back")
	for _, want := range []string{"code: rolled-back, exit status 20\n", "log: /var/lib/empower/installer/EVENTS/log/installer.log\n"} {
		if !strings.Contains(told, want) {
			t.Errorf("got %q, want %q in it", told, want)
		}
	}
	kit.Find(t, "the journal", []byte(told), secret)
}

// wantEvent is the text of the newest event of an ID, which begins so.
func (b *installed) wantEvent(t *testing.T, id, begins string) string {
	t.Helper()
	sh(t, "journalctl", "--sync")
	got := sh(t, "journalctl", "--output=cat", "--no-pager", "--lines=1", "EMPOWER_EVENT_ID="+id, "EMPOWER_ENVIRONMENT="+b.env)
	if !strings.HasPrefix(got, begins+"\n") {
		t.Errorf("event %s: got %q, want %q first", id, got, begins)
	}
	return got + "\n"
}
