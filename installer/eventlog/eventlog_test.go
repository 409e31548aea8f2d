package eventlog_test

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/empowersuite/backend-installer/installer/eventlog"
	"github.com/empowersuite/backend-installer/installer/eventlog/eventlogtest"
)

func TestMemoryKeepsTheContract(t *testing.T) { eventlogtest.Run(t, &eventlogtest.Memory{}) }

func TestALogThatFailsSaysSoForEveryCall(t *testing.T) {
	log := &eventlogtest.Memory{Err: eventlog.ErrNone}
	for _, err := range []error{log.Register(), log.Report(eventlog.Event{ID: eventlog.Failed})} {
		if !errors.Is(err, eventlog.ErrNone) {
			t.Errorf("got %v, want %v", err, eventlog.ErrNone)
		}
	}
	if log.Registered() || len(log.Events()) != 0 {
		t.Errorf("got registered %v and %v, want nothing", log.Registered(), log.Events())
	}
}

func TestTheIDsAreThoseThatMonitoringKnows(t *testing.T) {
	want := map[eventlog.ID]eventlog.Severity{
		1000: eventlog.Information, 1001: eventlog.Information, 1002: eventlog.Warning,
		1003: eventlog.Error, 1004: eventlog.Warning, 1005: eventlog.Information,
	}
	if len(eventlog.IDs()) != len(want) {
		t.Errorf("got %v, want %d IDs", eventlog.IDs(), len(want))
	}
	for _, id := range eventlog.IDs() {
		if got := id.Severity(); got != want[id] {
			t.Errorf("%d: got %q, want %q", id, got, want[id])
		}
	}
}

func TestTheMessageFileKnowsEveryID(t *testing.T) {
	r := eventlog.ForWindows()
	// EventCreate.exe knows the IDs up to 1000, EventLogMessages.dll those up to 65535.
	const most = 65535
	for _, id := range eventlog.IDs() {
		if id > most {
			t.Errorf("got the ID %d, want %d at most", id, most)
		}
	}
	for _, file := range strings.Split(r.MessageFile, ";") {
		if !strings.HasPrefix(file, `%SystemRoot%\Microsoft.NET\Framework`) || !strings.HasSuffix(file, `\v4.0.30319\EventLogMessages.dll`) {
			t.Errorf("got the message file %q", file)
		}
	}
	if want := `SYSTEM\CurrentControlSet\Services\EventLog\Application\empower Backend Installer`; r.Key != want {
		t.Errorf("got %q, want %q", r.Key, want)
	}
	if r.SupportedTypes != 7 || r.HasCustomSource != 1 {
		t.Errorf("got %+v", r)
	}
}

func TestATextBecomesOneThatAnEventCanHold(t *testing.T) {
	for text, want := range map[string]string{
		"one\ntwo\r\nthree": "one\r\ntwo\r\nthree",
		"a\x00b":            "a�b",
		"100%":              "100%",
		"%1 and %%25 %d":    "% 1 and %% 25 %d",
		"fe80::1%5":         "fe80::1% 5",
		"":                  "",
	} {
		if got := eventlog.Message(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestALongTextIsCut(t *testing.T) {
	for _, text := range []string{strings.Repeat("x", 100000), strings.Repeat("𝄞", 40000), strings.Repeat("%1\n", 40000)} {
		got := eventlog.Message(text)
		if units := len(utf16.Encode([]rune(got))); units > 31839 || !strings.HasSuffix(got, " [cut]") {
			t.Errorf("got %d units that end in %q, want 31839 at most", units, got[len(got)-6:])
		}
	}
}

func TestTheJournalHasFieldsToFilterBy(t *testing.T) {
	got := eventlog.Fields(eventlog.Event{ID: eventlog.Failed, Environment: "PROD", Run: "run-1", Text: "text"})
	for name, want := range map[string]string{"EMPOWER_EVENT_ID": "1003", "EMPOWER_ENVIRONMENT": "PROD", "EMPOWER_RUN": "run-1"} {
		if got[name] != want {
			t.Errorf("%s: got %q, want %q", name, got[name], want)
		}
	}
	for severity, want := range map[eventlog.Severity]int{eventlog.Error: 3, eventlog.Warning: 4, eventlog.Information: 6} {
		if got := eventlog.Priority(severity); got != want {
			t.Errorf("%s: got %d, want %d", severity, got, want)
		}
	}
}
