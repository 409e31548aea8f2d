package entratest_test

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/entra/entratest"
)

// clock is a time that a test moves.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock { return &clock{at: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

func startAt(t *testing.T, c *clock, o entratest.Options) *entratest.Server {
	t.Helper()
	o.Now = c.now
	s, err := entratest.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// signIns is a row of outcomes: "+" for a token.
func signIns(t *testing.T, s *entratest.Server, value string, n int, after func()) string {
	t.Helper()
	var row []string
	for range n {
		word := "+"
		if code := signIn(t, s, value); code != 0 {
			word = fmt.Sprint(code)
		}
		row = append(row, word)
		if after != nil {
			after()
		}
	}
	return strings.Join(row, " ")
}

func TestAFreshSecretIsRefusedUntilItHasSpread(t *testing.T) {
	for name, c := range map[string]struct {
		knobs entratest.Knobs
		seed  uint64
		want  string
	}{
		"at once":               {entratest.Knobs{}, 0, "+ + +"},
		"by time":               {entratest.Knobs{Propagation: 3 * time.Second}, 0, "7000215 7000215 7000215 + +"},
		"by refusals":           {entratest.Knobs{Refusals: 2}, 0, "7000215 7000215 + +"},
		"flapping by time":      {entratest.Knobs{Propagation: 6 * time.Second, Flapping: true}, 0, "7000215 7000215 + 7000215 + 7000215 + +"},
		"flapping, odd seed":    {entratest.Knobs{Propagation: 6 * time.Second, Flapping: true}, 1, "7000215 7000215 7000215 + 7000215 + + +"},
		"flapping by refusals":  {entratest.Knobs{Refusals: 3, Flapping: true}, 0, "7000215 + 7000215 + 7000215 + + +"},
		"both, refusals longer": {entratest.Knobs{Propagation: time.Second, Refusals: 3}, 0, "7000215 7000215 7000215 +"},
	} {
		t.Run(name, func(t *testing.T) {
			now := newClock()
			s := startAt(t, now, entratest.Options{Seed: c.seed})
			s.Set(c.knobs)
			value := s.Secret(t, entratest.ClientID).Reveal()
			n := len(strings.Fields(c.want))
			if got := signIns(t, s, value, n, func() { now.pass(time.Second) }); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestAReplicaThatKnowsOnlyExpiredSecretsSaysExpired(t *testing.T) {
	now := newClock()
	s := startAt(t, now, entratest.Options{})
	old, err := s.AddPassword(entratest.ClientID, entratest.Password{End: now.now().Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	now.pass(2 * time.Hour)
	s.Set(entratest.Knobs{Refusals: 1})
	fresh := s.Secret(t, entratest.ClientID).Reveal()
	if got, want := signIns(t, s, fresh, 2, nil), "7000222 +"; got != want {
		t.Errorf("fresh: got %q, want %q", got, want)
	}
	if got, want := signIns(t, s, old.Value.Reveal(), 1, nil), "7000222"; got != want {
		t.Errorf("old: got %q, want %q", got, want)
	}
	if got, want := signIns(t, s, "TST-wrong", 1, nil), "7000215"; got != want {
		t.Errorf("wrong: got %q, want %q", got, want)
	}
}

func TestSecretsOfTheStateAreKnownAtOnce(t *testing.T) {
	value := entratest.NewSecret()
	s := entratest.Start(t, entratest.State{
		Apps:  []entratest.App{{ClientID: entratest.ClientID, Passwords: []entratest.Password{{Value: value}}}},
		Knobs: entratest.Knobs{Propagation: time.Hour},
	})
	if got := signIn(t, s, value.Reveal()); got != 0 {
		t.Errorf("got %d, want a token", got)
	}
}

func TestExpiryRemovalAndStartTakeEffectAtOnce(t *testing.T) {
	now := newClock()
	s := startAt(t, now, entratest.Options{})
	p, err := s.AddPassword(entratest.ClientID, entratest.Password{Start: now.now().Add(time.Minute)})
	if err != nil {
		t.Fatal(err)
	}
	value := p.Value.Reveal()
	early := signIn(t, s, value)
	now.pass(2 * time.Minute)
	valid := signIn(t, s, value)
	if err := s.Expire(entratest.ClientID, p.KeyID); err != nil {
		t.Fatal(err)
	}
	expired := signIn(t, s, value)
	if err := s.RemovePassword(entratest.ClientID, p.KeyID); err != nil {
		t.Fatal(err)
	}
	removed := signIn(t, s, value)
	if got, want := []int{early, valid, expired, removed}, []int{7000215, 0, 7000222, 7000215}; fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestTheClockOffsetMovesDateTimestampAndExpiry(t *testing.T) {
	now := newClock()
	s := startAt(t, now, entratest.Options{})
	p, err := s.AddPassword(entratest.ClientID, entratest.Password{End: now.now().Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	s.Set(entratest.Knobs{ClockOffset: 24 * time.Hour})
	got := post(t, s, entratest.TenantID, credentials(p.Value.Reveal()))
	if code := got.code(t); code != 7000222 {
		t.Errorf("got %d, want 7000222", code)
	}
	if date, want := got.header.Get("Date"), "Tue, 24 Nov 2026 12:00:00 GMT"; date != want {
		t.Errorf("Date: got %q, want %q", date, want)
	}
	if stamp, want := got.failure(t).Timestamp, "2026-11-24 12:00:00Z"; stamp != want {
		t.Errorf("timestamp: got %q, want %q", stamp, want)
	}
}

func TestMadeUpSecretsHaveTheShapeAndFailTheChecksum(t *testing.T) {
	// The third-last character of a real one is one of a, b, c and d.
	shape := regexp.MustCompile(`^[A-Za-z0-9._~-]{3}8Q~[A-Za-z0-9._~-]{31}[^a-d][A-Za-z0-9._~-]{2}$`)
	seen := map[string]bool{}
	for range 100 {
		value := entratest.NewSecret().Reveal()
		if !shape.MatchString(value) || !strings.Contains(value, "not-a-real-secret") || seen[value] {
			t.Fatalf("got %q", value)
		}
		seen[value] = true
	}
}
