package secrets_test

import (
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/exchange"
	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/graph"
	"github.com/empowersuite/backend-installer/installer/report"
	"github.com/empowersuite/backend-installer/installer/secret"
	"github.com/empowersuite/backend-installer/installer/secrets"
	"github.com/empowersuite/backend-installer/installer/signin"
	"github.com/empowersuite/backend-installer/installer/signin/signintest"
	"github.com/empowersuite/backend-installer/installer/site"
)

const (
	usedID = "aaaaaaaa-0000-4000-8000-000000000001"
	oldID  = "bbbbbbbb-0000-4000-8000-000000000002"
)

// configured is a bench whose secret was set by this program, and whose
// application has that and an old one.
func configured(t *testing.T) *bench {
	t.Helper()
	b := newBench(t)
	folder := b.Store.Folder("PROD")
	key, err := folder.MakeKey(b.Random, -1)
	if err != nil {
		t.Fatal(err)
	}
	record := site.Record{Format: site.RecordFormat, Credential: &site.Credential{Fingerprint: key.Fingerprint(secret.New(value))}}
	text, err := record.Encode()
	if err == nil {
		err = os.WriteFile(folder.Record(), text, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	b.app.Credentials = []graph.Credential{{KeyID: usedID, Hint: "abc"}, {KeyID: oldID, Hint: "xyz", Name: "old", End: b.now.Add(time.Hour)}}
	return b
}

func (b *bench) retire(ctx context.Context, approve func(context.Context, []string) (bool, error)) (report.Report, error) {
	return secrets.Retire(ctx, b.Deps, secrets.Retirement{
		Environment: "PROD", SignIn: b.signIn, KeyID: strings.ToUpper(oldID), Approve: approve,
	})
}

// listed are the IDs that the application still has.
func (b *bench) listed() string {
	var all []string
	for _, c := range b.app.Credentials {
		all = append(all, c.KeyID)
	}
	return strings.Join(all, " ")
}

func TestExactlyTheNamedSecretIsRemovedAfterItWasApproved(t *testing.T) {
	b := configured(t)
	var asked []string
	r, err := b.retire(t.Context(), func(_ context.Context, lines []string) (bool, error) {
		asked = lines
		return true, nil
	})
	if err != nil || r.Result != report.Changed || !slices.Equal(r.Retired, []string{oldID}) || b.listed() != usedID {
		t.Errorf("got %+v, %v, left %s", r, err, b.listed())
	}
	if len(asked) != 2 || !strings.Contains(asked[0], oldID) {
		t.Errorf("asked %q", asked)
	}
	if len(r.Application.Credentials) != 1 || r.Application.Credentials[0].ID != usedID {
		t.Errorf("got %+v", r.Application)
	}
}

func TestWhatIsNotApprovedStays(t *testing.T) {
	for _, refused := range []error{nil, errors.New("the terminal is gone")} {
		b := configured(t)
		_, err := b.retire(t.Context(), func(context.Context, []string) (bool, error) { return false, refused })
		if fault.Of(err).Code != fault.Cancelled || b.listed() != usedID+" "+oldID {
			t.Errorf("got %v, left %s", err, b.listed())
		}
	}
}

func TestARemovalIsSeenToItsEnd(t *testing.T) {
	unreachable := &exchange.Error{Class: exchange.Unreachable}
	for name, c := range map[string]struct {
		removal []error
		reading []error
		lost    bool
		code    fault.Code
		waits   int
	}{
		"conflicts":              {[]error{&graph.Error{Cause: graph.Conflict}, &graph.Error{Cause: graph.Throttled}}, nil, false, "", 2},
		"the answer got lost":    {[]error{unreachable}, nil, true, "", 0},
		"and the question":       {[]error{unreachable}, nil, false, fault.EntraNoVerdict, 0},
		"not even read":          {[]error{unreachable}, []error{nil, unreachable}, true, fault.EntraNoVerdict, 0},
		"a replica is behind":    {[]error{&graph.Error{Cause: graph.Gone}}, nil, false, "", 1},
		"it is forbidden":        {[]error{&graph.Error{Cause: graph.Forbidden}}, nil, false, fault.GraphRefused, 0},
		"throttled for too long": {[]error{&graph.Error{Cause: graph.Throttled, RetryAfter: time.Hour}}, nil, false, fault.EntraNoVerdict, 0},
	} {
		b := configured(t)
		b.removal, b.answers, b.lost = c.removal, c.reading, c.lost
		_, err := b.retire(t.Context(), nil)
		code := fault.Code("")
		if err != nil {
			code = fault.Of(err).Code
		}
		if code != c.code || len(b.waits) != c.waits {
			t.Errorf("%s: got %v and %d waits, want %q and %d", name, err, len(b.waits), c.code, c.waits)
		}
		if !strings.HasPrefix(b.listed(), usedID) {
			t.Errorf("%s: left %s", name, b.listed())
		}
	}
}

func TestARequestThatIsUnderWayIsNotCutOff(t *testing.T) {
	b := configured(t)
	ctx, cancel := context.WithCancel(t.Context())
	r, err := b.retire(ctx, func(context.Context, []string) (bool, error) {
		cancel()
		return true, nil
	})
	if err != nil || r.Result != report.Changed || b.listed() != usedID {
		t.Errorf("got %+v, %v, left %s", r, err, b.listed())
	}
}

func TestACancelledWaitLeavesTheSecret(t *testing.T) {
	b := configured(t)
	b.removal = []error{&graph.Error{Cause: graph.Conflict}}
	b.Proof.Wait = func(context.Context, time.Duration) error { return context.Canceled }
	_, err := b.retire(t.Context(), nil)
	if fault.Of(err).Code != fault.Cancelled || b.listed() != usedID+" "+oldID {
		t.Errorf("got %v, left %s", err, b.listed())
	}
}

func TestNobodySignsInForWhatCannotBeDone(t *testing.T) {
	b := configured(t)
	if err := os.Remove(b.Store.Folder("PROD").Record()); err != nil {
		t.Fatal(err)
	}
	source := &signintest.Fake{Value: secret.New("TST-token")}
	_, err := secrets.Retire(t.Context(), b.Deps, secrets.Retirement{
		Environment: "PROD", KeyID: oldID, SignIn: func(context.Context, secrets.Place) (signin.Source, error) { return source, nil },
	})
	if fault.Of(err).Code != fault.Preflight || source.Asked() != 0 {
		t.Errorf("got %v, and %d sign-ins", err, source.Asked())
	}
}

func TestWithoutProofOfWhatIsReadNothingIsRemoved(t *testing.T) {
	for name, spoil := range map[string]func(*bench) error{
		"no record":          func(b *bench) error { return os.Remove(b.Store.Folder("PROD").Record()) },
		"edited since":       func(b *bench) error { return os.WriteFile(b.config, []byte("abc8Q~TST-another-secret"), 0o600) },
		"no secret":          func(b *bench) error { return os.WriteFile(b.config, nil, 0o600) },
		"two look like it":   func(b *bench) error { b.app.Credentials[1].Hint = "abc"; return nil },
		"none looks like it": func(b *bench) error { b.app.Credentials[0].Hint = "xyz"; return nil },
	} {
		b := configured(t)
		if err := spoil(b); err != nil {
			t.Fatal(err)
		}
		_, err := secrets.Retire(t.Context(), b.Deps, secrets.Retirement{
			Environment: "PROD", SignIn: given("TST-given"), KeyID: oldID,
		})
		if fault.Of(err).Code != fault.Preflight || b.listed() != usedID+" "+oldID {
			t.Errorf("%s: got %v, left %s", name, err, b.listed())
		}
	}
}
