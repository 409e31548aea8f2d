package watch_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/entra"
	"github.com/empowersuite/backend-installer/installer/eventlog"
	"github.com/empowersuite/backend-installer/installer/eventlog/eventlogtest"
	"github.com/empowersuite/backend-installer/installer/expiry"
	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/host"
	"github.com/empowersuite/backend-installer/installer/journal"
	"github.com/empowersuite/backend-installer/installer/notify"
	"github.com/empowersuite/backend-installer/installer/notify/notifytest"
	"github.com/empowersuite/backend-installer/installer/proof"
	"github.com/empowersuite/backend-installer/installer/report"
	"github.com/empowersuite/backend-installer/installer/secret"
	"github.com/empowersuite/backend-installer/installer/session"
	"github.com/empowersuite/backend-installer/installer/site"
	"github.com/empowersuite/backend-installer/installer/watch"
)

const (
	marked   = "TST8Q~not-a-real-secret-0000000000000001"
	password = "of-a-sink-0815-and-long"
)

// desk is an environment with a secret that ends on the 30th of November, at a time
// and with an Entra ID that a test sets.
type desk struct {
	deps    session.Deps
	now     time.Time
	refusal *entra.Error
	asked   int
	waited  []time.Duration
	mu      sync.Mutex
}

func (d *desk) Discover(context.Context) (entra.Tenant, error) { return entra.Tenant{}, nil }

func (d *desk) SignIn(context.Context, entra.Tenant, string, secret.Value) (entra.Grant, error) {
	d.asked++
	if d.refusal != nil {
		return entra.Grant{}, d.refusal
	}
	return entra.Grant{Lifetime: time.Hour}, nil
}

func (d *desk) wait(ctx context.Context, pause time.Duration) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.waited = append(d.waited, pause)
	return ctx.Err()
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{now: time.Date(2026, 11, 1, 6, 0, 0, 0, time.UTC)}
	d.deps = session.Deps{
		Store: site.Store{Root: filepath.Join(t.TempDir(), "state")}, Host: host.OS{}, Now: func() time.Time { return d.now },
		RunID: "20261101T060000.000Z", Version: "9.7.0",
		Authority: func(entra.Options) (entra.Authority, error) { return d, nil },
		Proof:     proof.Deps{Now: func() time.Time { return d.now }, Wait: d.wait, Jitter: func() float64 { return 0.5 }},
	}
	folder := d.folder()
	file := filepath.Join(filepath.Dir(d.deps.Store.Root), "secret")
	if err := folder.Make(); err != nil {
		t.Fatal(err)
	}
	place(t, file, marked)
	place(t, folder.Installation(), `apiVersion: backend-installer/v1
kind: Installation
environment: PROD
product: portal of `+marked+`
version: "1.4"
files:
  - path: '`+file+`'
    format: raw
    slots: [{setting: identity.entra.clientSecret}]
settings:
  identity.entra.tenantId: contoso.com
  identity.entra.clientId: 11111111-0000-4000-8000-000000000002
`)
	d.record(t, "2026-11-30")
	return d
}

func (d *desk) folder() site.Folder { return d.deps.Store.Folder("PROD") }

func place(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func (d *desk) record(t *testing.T, lastDay string) {
	t.Helper()
	r := site.Record{Format: 1, Credential: &site.Credential{Expires: lastDay, SetAt: d.now.AddDate(0, -1, 0), ID: "6f1b2c3d-0000-4000-8000-00000000abcd"}}
	text, err := r.Encode()
	if err != nil {
		t.Fatal(err)
	}
	place(t, d.folder().Record(), string(text))
}

// check runs watch with sinks and returns its report.
func (d *desk) check(t *testing.T, code fault.Code, outlets ...watch.Outlet) report.Report {
	t.Helper()
	o, err := watch.Run(t.Context(), d.deps, watch.Request{
		Environment: "PROD", Settings: expiry.Defaults(), Outlets: outlets, Secrets: []secret.Value{secret.New(password)},
	})
	if got := codeOf(err); got != code {
		t.Fatalf("got %v, want the code %q", err, code)
	}
	return o.Report
}

func codeOf(err error) fault.Code {
	if err == nil {
		return ""
	}
	return fault.Of(err).Code
}

func kinds(all []notify.Message) []string {
	var said []string
	for _, m := range all {
		said = append(said, m.Kind)
	}
	return said
}

func outlet(name string, s notify.Sink) watch.Outlet { return watch.Outlet{Name: name, Sink: s} }

func TestAWarningComesOnceAndAgainAfterAChange(t *testing.T) {
	d, mail := newDesk(t), &notifytest.Memory{}
	r := d.check(t, "", outlet("mail", mail))
	if r.Level != "WARNING" || len(r.Notices) != 1 || r.Notices[0].Threshold != 30 || r.Deliveries[0].State != "delivered" {
		t.Errorf("got %+v", r)
	}
	d.now = d.now.Add(time.Hour)
	if r = d.check(t, "", outlet("mail", mail)); len(r.Notices)+len(r.Deliveries) != 0 || r.Level != "WARNING" {
		t.Errorf("got %+v at the second check", r)
	}
	d.now = d.now.AddDate(0, 0, 20)
	d.refusal = &entra.Error{Class: entra.SecretWrong, Code: 7000215}
	if r = d.check(t, "", outlet("mail", mail)); r.Level != "CRITICAL" {
		t.Errorf("got %+v of a secret that is refused", r)
	}
	d.refusal = nil
	d.record(t, "2026-12-01")
	d.check(t, "", outlet("mail", mail))
	if got, want := kinds(mail.Taken()), []string{"near", "refused", "near"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := mail.Taken()[1]; got.Severity != notify.Critical || !strings.Contains(got.Text, "AADSTS7000215") || !strings.Contains(got.Text, "Secret ID: 6f1b2c3d") {
		t.Errorf("got %+v", got)
	}
}

func TestASinkThatFailsIsTriedAgainAndNeverBlocksTheOthers(t *testing.T) {
	d, mail := newDesk(t), &notifytest.Memory{}
	down := &notifytest.Memory{Fail: func(int) error { return errors.New("down, and the password is " + password) }}
	lost := &notifytest.Memory{Fail: func(int) error { return fmt.Errorf("unknown: %w", notify.ErrFinal) }}
	outlets := []watch.Outlet{outlet("webhook", down), outlet("mail", mail), outlet("pager", lost)}
	r := d.check(t, fault.NotDelivered, outlets...)
	if len(mail.Taken()) != 1 || down.Attempts() != 3 || lost.Attempts() != 1 {
		t.Errorf("got %d mails, %d and %d attempts, want 1, 3 and 1", len(mail.Taken()), down.Attempts(), lost.Attempts())
	}
	if !slices.Equal(d.waited, []time.Duration{2 * time.Second, 5 * time.Second}) {
		t.Errorf("waited %v", d.waited)
	}
	if text := fmt.Sprintf("%+v", r); strings.Contains(text, password) {
		t.Errorf("the report holds the password: %s", text)
	}
	down.Fail = func(int) error { return nil }
	d.now = d.now.Add(time.Hour)
	d.check(t, fault.NotDelivered, outlets...)
	if got := down.Taken(); len(got) != 1 || got[0].Kind != "near" || len(mail.Taken()) != 1 {
		t.Fatalf("got %+v and %d mails, want the warning that was owed, and no second mail", got, len(mail.Taken()))
	}
	if first := down.Taken()[0].ID; first != mail.Taken()[0].ID {
		t.Errorf("got the IDs %q and %q of one warning", first, mail.Taken()[0].ID)
	}
	d.check(t, "", outlets[:2]...) // whom nobody names any more is owed nothing
}

func TestWhatIsOwedIsBoundedAndOfTheSecretInPlace(t *testing.T) {
	d := newDesk(t)
	down := &notifytest.Memory{Fail: func(int) error { return fmt.Errorf("down: %w", notify.ErrFinal) }}
	for n := range 12 {
		d.now = d.now.Add(time.Hour)
		d.refusal = &entra.Error{Class: []entra.Class{entra.SecretWrong, entra.SecretExpired}[n%2]}
		d.check(t, fault.NotDelivered, outlet("mail", down))
	}
	down.Fail = nil
	d.check(t, "", outlet("mail", down))
	if got := len(down.Taken()); got != 10 {
		t.Errorf("got %d, want the last 10", got)
	}
}

func TestNoSecretReachesASink(t *testing.T) {
	d := newDesk(t)
	d.refusal = &entra.Error{Class: entra.SecretExpired, Message: "you said " + marked}
	mail, metrics, log := &notifytest.Memory{}, &notifytest.Memory{}, &eventlogtest.Memory{}
	r := d.check(t, "", outlet("mail", mail), watch.Outlet{Name: "textfile", Sink: metrics, Always: true}, outlet("event-log", watch.EventLog{Log: log, Run: "run"}))
	state, err := os.ReadFile(d.folder().Watch())
	if err != nil {
		t.Fatal(err)
	}
	r.Product = "" // of the description, which a person wrote like that
	for name, text := range map[string]string{
		"mail": fmt.Sprintf("%+v", mail.Taken()), "textfile": fmt.Sprintf("%+v", metrics.Taken()), "event log": fmt.Sprintf("%+v", log.Events()),
		"report": fmt.Sprintf("%+v", r), "state": string(state),
	} {
		if secret.Mask(text, secret.New(marked)) != text {
			t.Errorf("%s holds the secret: %s", name, text)
		}
	}
	if len(mail.Taken()) != 1 || len(log.Events()) != 1 || log.Events()[0].ID != eventlog.Expiry {
		t.Errorf("got %d mails and the events %+v", len(mail.Taken()), log.Events())
	}
}

func TestAMetricIsToldAtEachCheck(t *testing.T) {
	d, metrics := newDesk(t), &notifytest.Memory{}
	always := watch.Outlet{Name: "textfile", Sink: metrics, Always: true}
	for range 2 {
		d.check(t, "", always)
		d.now = d.now.AddDate(0, 0, 1)
	}
	taken := metrics.Taken()
	if len(taken) != 2 {
		t.Fatalf("got %d", len(taken))
	}
	got := map[string]float64{}
	for _, g := range taken[1].Gauges {
		got[g.Name] = g.Value
	}
	for name, want := range map[string]float64{
		"empower_client_secret_days_left": 28, "empower_client_secret_accepted": 1, "empower_watch_level": 1,
		"empower_client_secret_end_timestamp_seconds":    float64(time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC).Unix()),
		"empower_client_secret_proven_timestamp_seconds": float64(d.now.AddDate(0, 0, -1).Unix()),
		"empower_watch_checked_timestamp_seconds":        float64(d.now.AddDate(0, 0, -1).Unix()),
	} {
		if value, ok := got[name]; !ok || value != want {
			t.Errorf("%s: got %v, want %v", name, value, want)
		}
	}
}

func TestThereIsOneCheckAtATime(t *testing.T) {
	d := newDesk(t)
	lock, err := journal.Acquire(d.folder().WatchLock(), journal.Holder{PID: os.Getpid(), Host: "web1", Since: d.now})
	if err != nil {
		t.Fatal(err)
	}
	d.check(t, fault.Busy)
	if len(d.waited) != 19 {
		t.Errorf("waited %d times", len(d.waited))
	}
	if err := lock.Release(); err != nil {
		t.Fatal(err)
	}
	d.check(t, "")
}

func TestAStateThatIsDamagedWarnsAnew(t *testing.T) {
	d, mail := newDesk(t), &notifytest.Memory{}
	place(t, d.folder().Watch(), "{")
	r := d.check(t, "", outlet("mail", mail))
	if len(mail.Taken()) != 1 || len(r.Warnings) != 2 || !strings.Contains(r.Warnings[0], "everything is warned of anew") {
		t.Errorf("got %q and %d mails", r.Warnings, len(mail.Taken()))
	}
}

func TestNothingIsDecidedWhileAChangeIsUnderWay(t *testing.T) {
	d, mail := newDesk(t), &notifytest.Memory{}
	if err := os.MkdirAll(d.folder().Journals(), 0o700); err != nil {
		t.Fatal(err)
	}
	j, err := journal.Create(d.folder().Journals(), "20261101T055959.000Z", d.deps.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close() //nolint:errcheck // of a test
	r := d.check(t, "", outlet("mail", mail))
	if r.Pending == "" || len(mail.Taken()) != 0 || d.asked != 0 || r.Level != "UNKNOWN" {
		t.Errorf("got %+v", r)
	}
}

func TestTheJitterComesBeforeTheQuestion(t *testing.T) {
	d := newDesk(t)
	_, err := watch.Run(t.Context(), d.deps, watch.Request{Environment: "PROD", Settings: expiry.Defaults(), Jitter: time.Hour})
	if err != nil || d.asked != 1 || len(d.waited) != 1 || d.waited[0] != 30*time.Minute {
		t.Errorf("got %v after %v, asked %d times", err, d.waited, d.asked)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err = watch.Run(ctx, d.deps, watch.Request{Environment: "PROD", Settings: expiry.Defaults(), Jitter: time.Hour}); codeOf(err) != fault.Cancelled || d.asked != 1 {
		t.Errorf("got %v, asked %d times", err, d.asked)
	}
}

func TestATestReachesEverybodyAndChangesNothing(t *testing.T) {
	d, mail, hook := newDesk(t), &notifytest.Memory{}, &notifytest.Memory{}
	req := watch.Request{Environment: "PROD", Settings: expiry.Defaults(), Outlets: []watch.Outlet{outlet("mail", mail), outlet("webhook", hook)}}
	r, err := watch.Try(t.Context(), d.deps, req)
	if err != nil || len(r.Deliveries) != 2 || !slices.Equal(kinds(mail.Taken()), []string{"test"}) || !slices.Equal(kinds(hook.Taken()), []string{"test"}) {
		t.Errorf("got %+v and %v", r, err)
	}
	if _, err := os.Stat(d.folder().Watch()); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v for the state, want none", err)
	}
	mail.Fail = func(int) error { return fmt.Errorf("refused: %w", notify.ErrFinal) }
	if r, err = watch.Try(t.Context(), d.deps, req); codeOf(err) != fault.NotDelivered || len(hook.Taken()) != 2 || !strings.Contains(err.Error(), "mail: refused") {
		t.Errorf("got %+v and %v", r, err)
	}
}

func TestWhatIsNotKnownHasNoNumber(t *testing.T) {
	d, metrics := newDesk(t), &notifytest.Memory{}
	_, err := watch.Try(t.Context(), d.deps, watch.Request{
		Environment: "PROD", Settings: expiry.Defaults(), Outlets: []watch.Outlet{{Name: "textfile", Sink: metrics, Always: true}},
	})
	if err != nil || len(metrics.Taken()) != 1 {
		t.Fatalf("got %v and %+v", err, metrics.Taken())
	}
	if got := metrics.Taken()[0].Gauges; len(got) != 1 || got[0].Name != "empower_watch_level" || got[0].Value != 3 {
		t.Errorf("got %+v before the first check, want the level UNKNOWN alone", got)
	}
}

func TestTheEventLogKeepsTheContract(t *testing.T) {
	notifytest.Run(t, func(t *testing.T) (notify.Sink, func() []string) {
		t.Helper()
		log := &eventlogtest.Memory{}
		return watch.EventLog{Log: log, Run: "run"}, func() []string {
			var all []string
			for _, e := range log.Events() {
				all = append(all, e.Text)
			}
			return all
		}
	})
	if err := (watch.EventLog{Log: &eventlogtest.Memory{Err: eventlog.ErrNone}}).Send(t.Context(), notifytest.Message()); err != nil {
		t.Errorf("got %v of a system without a log", err)
	}
}
