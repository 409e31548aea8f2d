package secrets_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/exchange"
	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/graph"
	"github.com/empowersuite/backend-installer/installer/secret"
	"github.com/empowersuite/backend-installer/installer/secrets"
	"github.com/empowersuite/backend-installer/installer/signin"
	"github.com/empowersuite/backend-installer/installer/signin/signintest"
)

func (b *bench) list(t *testing.T) error {
	t.Helper()
	_, err := secrets.List(t.Context(), b.Deps, secrets.Request{Environment: "PROD", SignIn: b.signIn})
	return err
}

func TestGraphIsAskedWhereTheTenantSaysWithTheTokenOfTheSource(t *testing.T) {
	for told, want := range map[string]string{"https://dod-graph.microsoft.us": "https://dod-graph.microsoft.us", "": "https://graph.microsoft.com"} {
		b := newBench(t)
		b.tenant.Graph = told
		if err := b.list(t); err != nil {
			t.Fatal(err)
		}
		if b.asked.Root != want || b.asked.Token.Reveal() != "TST-token" {
			t.Errorf("%q: got %q", told, b.asked.Root)
		}
	}
}

func TestGraphIsAskedAgainWithinABound(t *testing.T) {
	throttled := func(after time.Duration) error { return &graph.Error{Cause: graph.Throttled, RetryAfter: after} }
	for name, c := range map[string]struct {
		answers []error
		waits   string
		failed  bool
	}{
		"once":          {[]error{throttled(0)}, "2s", false},
		"as it says":    {[]error{throttled(10 * time.Second), &graph.Error{Cause: graph.Conflict}}, "10s 4s", false},
		"too long":      {[]error{throttled(2 * time.Minute)}, "", true},
		"six times":     {[]error{throttled(0), throttled(0), throttled(0), throttled(0), throttled(0), throttled(0)}, "2s 4s 8s 16s", true},
		"disturbed way": {[]error{&exchange.Error{Class: exchange.Transient}, &graph.Error{Cause: graph.Disturbed}}, "2s 4s", false},
		"forbidden":     {[]error{&graph.Error{Cause: graph.Forbidden}}, "", true},
		"no way":        {[]error{&exchange.Error{Class: exchange.Unreachable}}, "", true},
	} {
		b := newBench(t)
		b.answers = c.answers
		err := b.list(t)
		var waits []string
		for _, w := range b.waits {
			waits = append(waits, w.String())
		}
		if got := strings.Join(waits, " "); got != c.waits || (err != nil) != c.failed {
			t.Errorf("%s: got waits %q and %v, want %q", name, got, err, c.waits)
		}
	}
}

func TestDaysLeftAreWholeDays(t *testing.T) {
	b := newBench(t)
	for left, want := range map[time.Duration]int{
		36 * time.Hour: 1, 24 * time.Hour: 1, time.Hour: 0, 0: 0, -time.Hour: -1, -24 * time.Hour: -1, -25 * time.Hour: -2,
	} {
		b.app.Credentials = []graph.Credential{{KeyID: "k", Hint: "abc", End: b.now.Add(left)}}
		r, err := secrets.List(t.Context(), b.Deps, secrets.Request{Environment: "PROD", SignIn: b.signIn})
		if err != nil {
			t.Fatal(err)
		}
		got := r.Application.Credentials[0]
		if *got.DaysLeft != want || got.Expired != (left <= 0) || got.Use != "in use" {
			t.Errorf("%s: got %+v, %d days, want %d", left, got, *got.DaysLeft, want)
		}
	}
}

func TestAnEndThatIsNotToldIsNone(t *testing.T) {
	b := newBench(t)
	b.app.Credentials = []graph.Credential{{KeyID: "k"}}
	r, err := secrets.List(t.Context(), b.Deps, secrets.Request{Environment: "PROD", SignIn: given("TST-given")})
	if err != nil || b.asked.Token.Reveal() != "TST-given" {
		t.Fatal(err)
	}
	got := r.Application.Credentials[0]
	if got.Expires != nil || got.Starts != nil || got.DaysLeft != nil || got.Expired || got.Use != "cannot tell" {
		t.Errorf("got %+v", got)
	}
}

func TestTheErrorOfASourceEndsTheRun(t *testing.T) {
	b := newBench(t)
	want := fault.New(fault.Cancelled, "no", "")
	_, err := secrets.List(t.Context(), b.Deps, secrets.Request{Environment: "PROD", SignIn: failing(want)})
	if !errors.Is(err, want) || b.asked.Root != "" {
		t.Errorf("got %v", err)
	}
}

// given is a token that is there.
func given(token string) secrets.SignIn {
	return func(context.Context, secrets.Place) (signin.Source, error) {
		return &signintest.Fake{Value: secret.New(token)}, nil
	}
}

func failing(err error) secrets.SignIn {
	return func(context.Context, secrets.Place) (signin.Source, error) { return nil, err }
}

func TestASignInThatFailsIsExplained(t *testing.T) {
	b := newBench(t)
	_, err := secrets.List(t.Context(), b.Deps, secrets.Request{Environment: "PROD", SignIn: func(context.Context, secrets.Place) (signin.Source, error) {
		return &signintest.Fake{Err: signin.ErrBlocked}, nil
	}})
	if got := fault.Of(err); got.Code != fault.EntraNoVerdict || !errors.Is(err, signin.ErrBlocked) || got.Remedy == "" {
		t.Errorf("got %v", err)
	}
}
