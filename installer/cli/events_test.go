package cli_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/cli"
	"github.com/empowersuite/backend-installer/installer/entra"
	"github.com/empowersuite/backend-installer/installer/eventlog"
	"github.com/empowersuite/backend-installer/installer/eventlog/eventlogtest"
	"github.com/empowersuite/backend-installer/installer/host"
	"github.com/empowersuite/backend-installer/installer/term"
)

const (
	oldSecret = "TST8Q~not-a-real-secret-0000000000000001"
	newSecret = "TST8Q~not-a-real-secret-0000000000000002"
)

// ranAs is this host, with an account that has rights or has none.
type ranAs struct {
	host.OS

	administrator bool
}

func (r ranAs) Elevated() bool { return r.administrator }

// desk is a backend without services, and a world whose log for events is in memory.
type desk struct {
	folder string
	events *eventlogtest.Memory
	world  cli.World
	errors *bytes.Buffer
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{folder: t.TempDir(), events: &eventlogtest.Memory{}, world: cli.Real(), errors: &bytes.Buffer{}}
	d.world.IO = term.IO{In: strings.NewReader(""), Out: &bytes.Buffer{}, Err: d.errors}
	d.world.Getenv = func(string) string { return "" }
	d.world.Events = d.events
	d.world.Deps.Host = ranAs{host.OS{}, true}
	write(t, d.path("secret"), oldSecret)
	write(t, d.path("new"), newSecret)
	write(t, d.path("site.yaml"), `apiVersion: backend-installer/v1
kind: Installation
environment: PROD
product: acme-portal
version: "1.4"
files:
  - path: `+d.path("secret")+`
    format: raw
    slots: [{setting: identity.entra.clientSecret}]
settings:
  identity.entra.tenantId: 6f0c1f1e-0000-4000-8000-000000000001
  identity.entra.clientId: 11111111-0000-4000-8000-000000000002
`)
	return d
}

func (d *desk) path(name string) string { return filepath.Join(d.folder, name) }

func (d *desk) run(t *testing.T, want int, args ...string) {
	t.Helper()
	d.errors.Reset()
	if got := cli.Main(d.world, append(args, "--state", d.path("state"))); got != want {
		t.Fatalf("%v: got status %d, want %d\n%s", args, got, want, d.errors)
	}
}

// told are the IDs of the events since the last call.
func (d *desk) told(t *testing.T, want ...eventlog.ID) []eventlog.Event {
	t.Helper()
	events := d.events.Events()
	var got []eventlog.ID
	for _, e := range events {
		got = append(got, e.ID)
	}
	if !slices.Equal(got, want) {
		t.Errorf("got the events %v, want %v", got, want)
	}
	d.events = &eventlogtest.Memory{}
	d.world.Events = d.events
	return events
}

func TestEveryChangeIsReported(t *testing.T) {
	d := newDesk(t)
	d.run(t, 0, "adopt", d.path("site.yaml"))
	if !d.events.Registered() {
		t.Error("the source was not registered")
	}
	d.told(t, eventlog.Started, eventlog.Changed)

	configure := []string{"configure", "--skip-validation", "--client-secret-file", d.path("new")}
	d.run(t, 0, append(configure, "--dry-run")...)
	d.told(t)
	d.run(t, 0, append(configure, "--expires", time.Now().AddDate(0, 0, 3).Format(time.DateOnly))...)
	events := d.told(t, eventlog.Started, eventlog.Changed, eventlog.Expiry)
	log := filepath.Join(d.path("state"), "PROD", "log", "installer.log")
	for _, e := range events {
		if e.Environment != "PROD" || e.Run == "" || !strings.HasSuffix(e.Text, "\nlog: "+log) {
			t.Errorf("got %+v, want the environment, the run and %s", e, log)
		}
	}
	d.run(t, 0, configure...)
	d.told(t) // it was unchanged
	d.run(t, 0, "status")
	d.told(t)
}

func TestAFailureIsReported(t *testing.T) {
	d := newDesk(t)
	d.run(t, 0, "adopt", d.path("site.yaml"))
	d.told(t, eventlog.Started, eventlog.Changed)
	write(t, d.path("new"), "6f0c1f1e-0000-4000-8000-000000000009")
	d.run(t, 10, "configure", "--skip-validation", "--client-secret-file", d.path("new"))
	if e := d.told(t, eventlog.Failed); !strings.Contains(e[0].Text, "\ncode: secret-malformed, exit status 10\n") {
		t.Errorf("got %q", e[0].Text)
	}
	d.run(t, 2, "adopt", d.path("none.yaml"))
	d.told(t, eventlog.Failed)
	d.run(t, 2, "confirm")
	d.told(t, eventlog.Started, eventlog.Failed)
}

func TestWhatWasNotConfirmedIsReportedAsRecovered(t *testing.T) {
	d := newDesk(t)
	d.run(t, 0, "adopt", d.path("site.yaml"))
	d.told(t, eventlog.Started, eventlog.Changed)
	for _, end := range [][]string{{"confirm"}, {"confirm", "--undo"}, {"recover"}} {
		write(t, d.path("secret"), oldSecret)
		d.run(t, 0, "configure", "--skip-validation", "--client-secret-file", d.path("new"), "--confirm-within", "1m")
		d.told(t, eventlog.Started, eventlog.Changed)
		if end[0] == "recover" {
			d.world.Deps.Now = func() time.Time { return time.Now().Add(time.Hour) }
		}
		d.run(t, 0, end...)
		switch {
		case end[0] == "recover":
			d.told(t, eventlog.Recovered)
		case len(end) > 1:
			d.told(t, eventlog.Started, eventlog.RolledBack)
		default:
			d.told(t, eventlog.Started, eventlog.Changed)
		}
	}
}

func TestALogForEventsThatFailsIsNoReasonToFail(t *testing.T) {
	d := newDesk(t)
	d.run(t, 0, "adopt", d.path("site.yaml"))
	d.events.Err = errors.New("the log is full")
	d.run(t, 0, "configure", "--skip-validation", "--client-secret-file", d.path("new"))
	if log := d.log(t); !strings.Contains(log, `"WARN"`) || !strings.Contains(log, `"text":"the event was not reported","cause":"report event 1001: the log is full"`) {
		t.Errorf("got %q, want a warning", log)
	}
	if strings.Contains(d.errors.String(), "the log is full") {
		t.Errorf("got %q, want nothing of it", d.errors)
	}
}

func TestWithoutRightsNothingIsReported(t *testing.T) {
	d := newDesk(t)
	d.world.Deps.Host = ranAs{host.OS{}, false}
	d.run(t, 0, "adopt", d.path("site.yaml"))
	d.run(t, 0, "configure", "--skip-validation", "--client-secret-file", d.path("new"))
	d.told(t)
}

func (d *desk) log(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(d.path("state"), "PROD", "log", "installer.log"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestNothingThatIsToldHoldsASecret(t *testing.T) {
	d := newDesk(t)
	d.run(t, 0, "adopt", d.path("site.yaml"))
	asJSON, err := json.Marshal(newSecret)
	if err != nil {
		t.Fatal(err)
	}
	planted := strings.Join([]string{
		newSecret, string(asJSON), url.QueryEscape(newSecret), strings.ReplaceAll(newSecret, "~", `\u007e`),
		strings.ReplaceAll(newSecret, "~", "&#126;"), wide(newSecret), base64.StdEncoding.EncodeToString([]byte("client:" + newSecret)),
		base64.StdEncoding.EncodeToString([]byte(wide(newSecret))),
	}, "\n")
	d.world.Deps.Authority = func(entra.Options) (entra.Authority, error) { return nil, errors.New(planted) }
	d.run(t, 2, "configure", "--client-secret-file", d.path("new"))
	told := d.errors.String() + d.log(t)
	for _, e := range d.told(t, eventlog.Started, eventlog.Changed, eventlog.Failed) {
		told += e.Text
	}
	if strings.Count(told, "[redacted]") < 3*8 {
		t.Errorf("got %q, want each form in each place", told)
	}
	for _, form := range append(forms(newSecret), strings.ReplaceAll(newSecret, "~", "&#126;")) {
		if strings.Contains(told, form) {
			t.Errorf("a secret is told as %q", form)
		}
	}
}

func TestTheLogIsInUTC(t *testing.T) {
	local := time.Local
	time.Local = time.FixedZone("elsewhere", 3*60*60)
	t.Cleanup(func() { time.Local = local })
	d := newDesk(t)
	d.run(t, 0, "adopt", d.path("site.yaml"))
	d.run(t, 0, "configure", "--skip-validation", "--client-secret-file", d.path("new"))
	for _, line := range strings.Split(strings.TrimSpace(d.log(t)), "\n") {
		var entry struct{ Time, Run string }
		if err := json.Unmarshal([]byte(line), &entry); err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(entry.Time, "Z") || entry.Run == "" {
			t.Errorf("got %q, want the time in UTC and the run", line)
		}
	}
}
