package proof_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/entra"
	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/progress"
	"github.com/empowersuite/backend-installer/installer/proof"
	"github.com/empowersuite/backend-installer/installer/secret"
)

// bench is an Entra ID that answers from a list, and a clock that only waits
// move.
type bench struct {
	discover []error
	answers  []error // nil is a token; the last one again and again
	grant    entra.Grant
	now      time.Time
	asked    []time.Duration // when the tokens were asked for
	said     []string
}

func (b *bench) Discover(context.Context) (entra.Tenant, error) {
	if len(b.discover) > 0 {
		err := b.discover[0]
		b.discover = b.discover[1:]
		return entra.Tenant{}, err
	}
	return entra.Tenant{TokenEndpoint: "https://login.example/token"}, nil
}

func (b *bench) SignIn(_ context.Context, _ entra.Tenant, _ string, v secret.Value) (entra.Grant, error) {
	if v.Reveal() != "the secret" {
		return entra.Grant{}, errors.New("another secret was sent")
	}
	b.asked = append(b.asked, b.now.Sub(start()))
	answer := b.answers[0]
	if len(b.answers) > 1 {
		b.answers = b.answers[1:]
	}
	return b.grant, answer
}

func start() time.Time { return time.Date(2026, 11, 23, 22, 0, 0, 0, time.UTC) }

func (b *bench) deps() proof.Deps {
	b.now = start()
	return proof.Deps{
		Authority: b, Now: func() time.Time { return b.now }, Jitter: func() float64 { return 0 },
		Wait: func(ctx context.Context, d time.Duration) error {
			b.now = b.now.Add(d)
			return ctx.Err()
		},
		Progress: func(e progress.Event) { b.said = append(b.said, e.Text) },
	}
}

func fresh() proof.Question {
	return proof.Question{
		Tenant: "6f0c1f1e-0000-4000-8000-000000000001", ClientID: "app", Value: secret.New("the secret"), Fresh: true,
		Policy: proof.DefaultPolicy(),
	}
}

func refusal(class entra.Class, code int) error {
	return &entra.Error{Class: class, Code: code, Status: 401, Host: "login.microsoftonline.com"}
}

func TestThreeSuccessesInARowAtLeastTwoSecondsApart(t *testing.T) {
	b := &bench{answers: []error{nil}}
	proven, err := proof.Credential(t.Context(), b.deps(), fresh())
	if err != nil || proven.Successes != 3 || proven.Attempts != 3 {
		t.Fatalf("got %+v, %v", proven, err)
	}
	if fmt.Sprint(b.asked) != "[0s 2s 4s]" {
		t.Errorf("asked at %v", b.asked)
	}
}

func TestAFreshSecretThatFlapsIsWaitedFor(t *testing.T) {
	wrong, expired, unknown := refusal(entra.SecretWrong, 7000215), refusal(entra.SecretExpired, 7000222), refusal(entra.ClientWrong, 700016)
	b := &bench{answers: []error{wrong, expired, nil, unknown, nil, nil, wrong, nil}}
	proven, err := proof.Credential(t.Context(), b.deps(), fresh())
	if err != nil || proven.Successes != 3 || proven.Attempts != 10 {
		t.Fatalf("got %+v, %v", proven, err)
	}
	all := strings.Join(b.said, "\n")
	if !strings.Contains(all, "does not know the secret yet (AADSTS7000215)") || !strings.Contains(all, "asking again in 2s") {
		t.Errorf("it does not say what it waits for:\n%s", all)
	}
}

func TestTheWindowAndTheNumberOfRequestsEndTheWait(t *testing.T) {
	b := &bench{answers: []error{refusal(entra.SecretWrong, 7000215)}}
	_, err := proof.Credential(t.Context(), b.deps(), fresh())
	var refused *proof.RefusedError
	if !errors.As(err, &refused) || !refused.Rejected || refused.Failure.Class != entra.SecretWrong {
		t.Fatalf("got %v", err)
	}
	if took := b.now.Sub(start()); took > 2*time.Minute || took < 100*time.Second {
		t.Errorf("took %s", took)
	}
	if len(b.asked) > 20 {
		t.Errorf("%d requests", len(b.asked))
	}
	q := fresh()
	q.Policy.Window, q.Policy.Waits = time.Hour, []time.Duration{time.Second}
	b = &bench{answers: []error{refusal(entra.SecretWrong, 7000215)}}
	if _, err := proof.Credential(t.Context(), b.deps(), q); err == nil || len(b.asked) != 20 {
		t.Errorf("%d requests, %v", len(b.asked), err)
	}
}

func TestRetryAfterIsHonoured(t *testing.T) {
	b := &bench{answers: []error{&entra.Error{Class: entra.Throttled, Status: 429, RetryAfter: 30 * time.Second}, nil}}
	if _, err := proof.Credential(t.Context(), b.deps(), fresh()); err != nil {
		t.Fatal(err)
	}
	if b.asked[1] != 30*time.Second {
		t.Errorf("asked at %v", b.asked)
	}
	b = &bench{answers: []error{&entra.Error{Class: entra.Throttled, Status: 429, RetryAfter: 10 * time.Minute}}}
	_, err := proof.Credential(t.Context(), b.deps(), fresh())
	if err == nil || len(b.asked) != 1 || b.now != start() {
		t.Errorf("a wait beyond the window was begun: %v, %v", b.asked, err)
	}
}

func TestOtherClassesAreFinalAtOnce(t *testing.T) {
	waits := map[entra.Class]bool{
		entra.SecretWrong: true, entra.SecretExpired: true, entra.ClientWrong: true, entra.Throttled: true, entra.Transient: true,
	}
	for _, class := range entra.Classes() {
		b := &bench{answers: []error{refusal(class, 0), nil}}
		_, err := proof.Credential(t.Context(), b.deps(), fresh())
		if (err == nil) != waits[class] {
			t.Errorf("%s: got %v, waits %v", class, err, waits[class])
		}
		b = &bench{answers: []error{refusal(class, 0), nil}}
		if _, err := proof.Once(t.Context(), b.deps(), fresh()); err == nil || len(b.asked) != 1 {
			t.Errorf("%s, once: %d requests, %v", class, len(b.asked), err)
		}
	}
}

func TestTheTenantIsLookedForFirst(t *testing.T) {
	b := &bench{discover: []error{refusal(entra.TenantWrong, 90002)}, answers: []error{nil}}
	_, err := proof.Credential(t.Context(), b.deps(), fresh())
	if err == nil || len(b.asked) != 0 {
		t.Errorf("the secret was sent to a tenant that is not there: %v", err)
	}
	b = &bench{discover: []error{refusal(entra.Transient, 90033)}, answers: []error{nil}}
	if _, err := proof.Credential(t.Context(), b.deps(), fresh()); err != nil {
		t.Errorf("a disturbance is not waited for: %v", err)
	}
}

func TestATokenOfAnotherTenantOrAppIsAWarning(t *testing.T) {
	b := &bench{answers: []error{nil}, grant: entra.Grant{TenantID: "other", AppID: "stranger", Skew: 24 * time.Hour}}
	proven, err := proof.Credential(t.Context(), b.deps(), fresh())
	if err != nil || len(proven.Warnings) != 3 {
		t.Fatalf("got %q, %v", proven.Warnings, err)
	}
	all := strings.Join(proven.Warnings, "\n")
	for _, want := range []string{"the tenant other", "the application stranger", "24h0m0s behind"} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is missing in %q", want, all)
		}
	}
	b = &bench{answers: []error{nil}, grant: entra.Grant{TenantID: "6F0C1F1E-0000-4000-8000-000000000001", AppID: "APP"}}
	if proven, err := proof.Credential(t.Context(), b.deps(), fresh()); err != nil || len(proven.Warnings) != 0 {
		t.Errorf("got %q, %v", proven.Warnings, err)
	}
}

func TestTheContextEndsTheWait(t *testing.T) {
	b := &bench{answers: []error{refusal(entra.SecretWrong, 7000215)}}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := proof.Credential(ctx, b.deps(), fresh()); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestEveryClassHasAdviceAndAnExitStatus(t *testing.T) {
	seen := map[string]entra.Class{}
	for _, class := range entra.Classes() {
		err := proof.Fault(&proof.RefusedError{Failure: &entra.Error{Class: class, Host: "login.microsoftonline.com", Code: 1}})
		var f *fault.Error
		if !errors.As(err, &f) || f.What == "" || f.Remedy == "" || strings.Contains(f.Remedy, "{") {
			t.Errorf("%s: got %+v", class, f)
			continue
		}
		if other, twice := seen[f.What]; twice {
			t.Errorf("%s and %s say the same", class, other)
		}
		seen[f.What] = class
		if exit := f.Code.Exit(); exit != 10 && exit != 11 {
			t.Errorf("%s: exit status %d", class, exit)
		}
	}
	for host, want := range map[string]string{"login.microsoftonline.us": "microsoft.us", "login.partner.microsoftonline.cn": "microsoftonline.cn"} {
		f := fault.Of(proof.Fault(&proof.RefusedError{Failure: &entra.Error{Class: entra.SecretExpired, Host: host}}))
		if !strings.Contains(f.Remedy, want) {
			t.Errorf("%s: %q", host, f.Remedy)
		}
	}
}

func TestARefusalTellsWhatSupportAsksFor(t *testing.T) {
	err := &proof.RefusedError{
		Failure: &entra.Error{
			Class: entra.SecretWrong, Host: "login.example", Message: "AADSTS7000215: Invalid client secret provided.",
			TraceID: "trace", CorrelationID: "correlation", Timestamp: "2026-11-23 22:00:00Z",
		},
		Attempts: 4, Waited: 10 * time.Second,
	}
	want := "login.example: AADSTS7000215: Invalid client secret provided. (trace ID trace, correlation ID correlation, at 2026-11-23 22:00:00Z, after 4 requests in 10s)"
	if got := err.Error(); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
