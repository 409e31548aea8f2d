//go:build system && linux

package eventlog_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/eventlog"
	"github.com/empowersuite/backend-installer/installer/eventlog/eventlogtest"
)

func TestSystemdsJournalKeepsTheContractAndTheFields(t *testing.T) {
	if os.Getenv("EMPOWER_SYSTEM_BIN") == "" {
		t.Skip("it fills the host's journal; run scripts/system, which does it in a throw-away machine")
	}
	log := eventlog.OS{}
	eventlogtest.Run(t, log)
	sent := eventlog.Event{ID: eventlog.Failed, Environment: "TST", Run: "run-" + t.Name(), Text: "first line\nsecond line"}
	if err := log.Report(sent); err != nil {
		t.Fatal(err)
	}
	got := fromJournal(t, "EMPOWER_RUN="+sent.Run)
	for name, want := range map[string]string{
		"MESSAGE": sent.Text, "PRIORITY": "3", "EMPOWER_EVENT_ID": "1003", "EMPOWER_ENVIRONMENT": "TST",
	} {
		if got[name] != want {
			t.Errorf("%s: got %q, want %q", name, got[name], want)
		}
	}
}

// fromJournal is the one entry that matches, which the journal may take a while
// to have.
func fromJournal(t *testing.T, match string) map[string]string {
	t.Helper()
	var out []byte
	for deadline := time.Now().Add(10 * time.Second); len(out) == 0 && time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		var err error
		if out, err = exec.CommandContext(t.Context(), "journalctl", "--output=json", "--no-pager", match).Output(); err != nil {
			t.Fatalf("journalctl: %v", err)
		}
	}
	var entry map[string]string
	if err := json.Unmarshal(out, &entry); err != nil {
		t.Fatalf("got %q: %v", out, err)
	}
	return entry
}
