package expiry_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/expiry"
)

// begin is the first of a hundred days, at the hour of the daily check.
func begin() time.Time { return time.Date(2026, 8, 1, 6, 30, 0, 0, time.UTC) }

func day(n int) time.Time { return begin().AddDate(0, 0, n) }

// dayOf is a day as a last day is told.
func dayOf(n int) string { return day(n).Format(time.DateOnly) }

func thresholds() []int { return expiry.Defaults().Due() }

// world is what each day's check finds.
type world func(day int) (known expiry.Known, verdict expiry.Verdict, off bool)

// over100Days is every warning of a hundred days, through the file of the state.
func over100Days(t *testing.T, w world) []string {
	t.Helper()
	var said []string
	var file []byte
	for n := range 100 {
		known, verdict, off := w(n)
		if off {
			continue
		}
		state, err := expiry.ParseState(file)
		if err != nil {
			t.Fatal(err)
		}
		due, after := expiry.Decide(expiry.Check{Now: day(n), Known: known, Verdict: verdict}, thresholds(), state)
		for _, d := range due {
			said = append(said, strings.TrimSpace(fmt.Sprintf("day %d: %s %d %s", n, d.Kind, d.Threshold, d.Reason)))
		}
		if file, err = after.Encode(); err != nil {
			t.Fatal(err)
		}
	}
	return said
}

func answered(a expiry.Answer, reason string, n int) expiry.Verdict {
	return expiry.Verdict{Answer: a, Reason: reason, At: day(n)}
}

// old is the secret that is in place on the first day, and ends on the 95th.
func old() expiry.Known {
	return expiry.Known{Identity: "old", LastDay: dayOf(95), SetAt: day(-200)}
}

func good(n int) expiry.Verdict { return answered(expiry.Accepted, "", n) }

// hundredDays is a world and exactly the warnings that there are to be in it.
type hundredDays struct {
	world world
	want  []string
}

func compare(t *testing.T, all map[string]hundredDays) {
	t.Helper()
	for name, c := range all {
		if got := over100Days(t, c.world); !slices.Equal(got, c.want) {
			t.Errorf("%s:\n got %q\nwant %q", name, got, c.want)
		}
	}
}

func TestAHundredDaysOfASecretHaveExactlyTheseWarnings(t *testing.T) {
	compare(t, map[string]hundredDays{
		"a secret that nobody replaces": {
			func(n int) (expiry.Known, expiry.Verdict, bool) {
				if n > 95 {
					return old(), answered(expiry.Refused, "secret-expired", n), false
				}
				return old(), good(n), false
			},
			[]string{"day 5: near 90", "day 65: near 30", "day 81: near 14", "day 88: near 7", "day 94: near 1", "day 96: refused 0 secret-expired"},
		},
		"nobody asks Entra ID": {
			func(int) (expiry.Known, expiry.Verdict, bool) { return old(), expiry.Verdict{}, false },
			[]string{"day 5: near 90", "day 65: near 30", "day 81: near 14", "day 88: near 7", "day 94: near 1", "day 96: over 0"},
		},
		"Entra ID cannot be reached": {
			func(n int) (expiry.Known, expiry.Verdict, bool) {
				return old(), answered(expiry.NoVerdict, "unreachable", n), false
			},
			[]string{"day 5: near 90", "day 65: near 30", "day 81: near 14", "day 88: near 7", "day 94: near 1", "day 96: over 0"},
		},
		"the host is off for most of the time": {
			func(n int) (expiry.Known, expiry.Verdict, bool) { return old(), good(n), n > 2 && n < 86 },
			[]string{"day 86: near 14", "day 88: near 7", "day 94: near 1", "day 96: over 0"},
		},
		"it is replaced on day 70, and the new one lasts long": {
			func(n int) (expiry.Known, expiry.Verdict, bool) {
				if n >= 70 {
					return expiry.Known{Identity: "new", LastDay: dayOf(70 + 180), SetAt: day(70)}, good(n), false
				}
				return old(), good(n), false
			},
			[]string{"day 5: near 90", "day 65: near 30"},
		},
		"it is replaced by another that ends soon: each warning comes again": {
			func(n int) (expiry.Known, expiry.Verdict, bool) {
				if n >= 70 {
					return expiry.Known{Identity: "new", LastDay: dayOf(99), SetAt: day(70)}, good(n), false
				}
				return old(), good(n), false
			},
			[]string{"day 5: near 90", "day 65: near 30", "day 70: near 30", "day 85: near 14", "day 92: near 7", "day 98: near 1"},
		},
	})
}

func TestAHundredDaysOfAnswersHaveExactlyTheseWarnings(t *testing.T) {
	compare(t, map[string]hundredDays{
		"it is deleted in the portal on day 20, made valid on day 23, deleted on day 40 again": {
			func(n int) (expiry.Known, expiry.Verdict, bool) {
				if n >= 20 && n < 23 || n >= 40 {
					return old(), answered(expiry.Refused, "secret-wrong", n), false
				}
				return old(), good(n), false
			},
			[]string{"day 5: near 90", "day 20: refused 0 secret-wrong", "day 40: refused 0 secret-wrong"},
		},
		"it is refused, and for some days nobody answers": {
			func(n int) (expiry.Known, expiry.Verdict, bool) {
				if n >= 30 && n%2 == 1 {
					return old(), answered(expiry.NoVerdict, "throttled", n), false
				}
				if n >= 30 {
					return old(), answered(expiry.Refused, "secret-wrong", n), false
				}
				return old(), good(n), false
			},
			[]string{"day 5: near 90", "day 30: refused 0 secret-wrong"},
		},
		"nobody told the last day until day 50": {
			func(n int) (expiry.Known, expiry.Verdict, bool) {
				if n < 50 {
					return expiry.Known{Identity: "old"}, good(n), false
				}
				return old(), good(n), false
			},
			[]string{"day 0: unknown 0", "day 50: near 90", "day 65: near 30", "day 81: near 14", "day 88: near 7", "day 94: near 1", "day 96: over 0"},
		},
	})
}

func TestASecondCheckOfADaySaysNothingNew(t *testing.T) {
	check := expiry.Check{Now: day(0), Known: expiry.Known{Identity: "a", LastDay: dayOf(3)}}
	due, state := expiry.Decide(check, thresholds(), expiry.State{})
	if len(due) != 1 || due[0].Threshold != 7 || due[0].DaysLeft != 3 {
		t.Fatalf("got %+v, want one for 7 days", due)
	}
	check.Now = check.Now.Add(time.Hour)
	if due, _ = expiry.Decide(check, thresholds(), state); len(due) != 0 {
		t.Errorf("got %+v, want none", due)
	}
}

func TestARefusalRightAfterAChangeIsNoVerdict(t *testing.T) {
	check := expiry.Check{
		Now: day(0), Known: expiry.Known{Identity: "a", LastDay: dayOf(300), SetAt: day(0).Add(-9 * time.Minute)},
		Verdict: answered(expiry.Refused, "secret-expired", 0),
	}
	due, state := expiry.Decide(check, thresholds(), expiry.State{})
	if len(due) != 0 || state.Level(expiry.Defaults().Limits(), day(0)) != expiry.OK {
		t.Errorf("got %+v and %+v, want nothing", due, state)
	}
	check.Now = check.Now.Add(2 * time.Minute)
	if due, _ = expiry.Decide(check, thresholds(), state); len(due) != 1 || due[0].Kind != expiry.Denied {
		t.Errorf("got %+v, want the refusal", due)
	}
}

func TestALevelStandsAsLongAsItsCauseDoes(t *testing.T) {
	limits := expiry.Defaults().Limits()
	for name, c := range map[string]struct {
		state expiry.State
		want  expiry.Level
	}{
		"31 days":  {expiry.State{LastDay: dayOf(31)}, expiry.OK},
		"30 days":  {expiry.State{LastDay: dayOf(30)}, expiry.Soon},
		"8 days":   {expiry.State{LastDay: dayOf(8)}, expiry.Soon},
		"7 days":   {expiry.State{LastDay: dayOf(7)}, expiry.Critical},
		"over":     {expiry.State{LastDay: dayOf(-1)}, expiry.Critical},
		"refused":  {expiry.State{LastDay: dayOf(300), Refused: "secret-wrong"}, expiry.Critical},
		"unknown":  {expiry.State{}, expiry.NotDecided},
		"nonsense": {expiry.State{LastDay: "soon"}, expiry.NotDecided},
	} {
		if got := c.state.Level(limits, day(0)); got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
}

func TestAStateOfAnotherHandIsRefused(t *testing.T) {
	for _, text := range []string{"{", `{"format": 2}`, `[]`, "nonsense"} {
		if _, err := expiry.ParseState([]byte(text)); err == nil {
			t.Errorf("%q was taken for a state", text)
		}
	}
	if s, err := expiry.ParseState(nil); err != nil || s.Identity != "" {
		t.Errorf("got %+v and %v for no file", s, err)
	}
}
