package expiry_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/expiry"
)

func about() expiry.About {
	return expiry.About{
		Environment: "PROD", Host: "web1", Product: "empower Backend", CredentialID: "6f1b2c3d-0000-4000-8000-00000000abcd",
		Configure: "installer configure --environment PROD",
	}
}

func TestEachWarningSaysWhatIsTheMatterAndWhatToDo(t *testing.T) {
	for _, c := range []struct {
		warning expiry.Warning
		subject string
		remedy  string
	}{
		{expiry.Warning{Kind: expiry.Near, Threshold: 14, DaysLeft: 12, LastDay: "2026-12-31"}, "the client secret expires in 12 days (2026-12-31)", "paste its Value: installer configure"},
		{expiry.Warning{Kind: expiry.Near, Threshold: 1, DaysLeft: 1, LastDay: "2026-12-31"}, "expires tomorrow (2026-12-31)", "Delete the old one in the portal after that"},
		{expiry.Warning{Kind: expiry.Near, Threshold: 1, LastDay: "2026-12-31"}, "expires today (2026-12-31)", "New client secret"},
		{expiry.Warning{Kind: expiry.Over, LastDay: "2026-12-31"}, "the last day of the client secret is over: 2026-12-31", "New client secret"},
		{expiry.Warning{Kind: expiry.Denied, Reason: "secret-expired"}, "refuses the client secret: it has expired (AADSTS7000222)", "New client secret"},
		{expiry.Warning{Kind: expiry.Denied, Reason: "secret-wrong"}, "it is not known, or was deleted (AADSTS7000215)", "New client secret"},
		{expiry.Warning{Kind: expiry.Denied, Reason: "app-disabled"}, "refuses the client secret: app-disabled", "installer configure"},
		{expiry.Warning{Kind: expiry.Unknown}, "the last day of the client secret is not known", "--expires DATE"},
		{expiry.Warning{Kind: expiry.Trial}, "nothing is the matter", "arrive here"},
	} {
		subject, text := c.warning.Subject(about()), c.warning.Text(about())
		if !strings.HasPrefix(subject, "empower Backend, environment PROD on web1: ") || !strings.Contains(subject, c.subject) || strings.Contains(subject, "\n") {
			t.Errorf("%s: got the subject %q, want it to say %q", c.warning.Kind, subject, c.subject)
		}
		if !strings.HasPrefix(text, subject+"\n") || !strings.Contains(text, c.remedy) || !strings.Contains(text, "Secret ID: 6f1b2c3d") {
			t.Errorf("%s: got the text %q, want it to say %q", c.warning.Kind, text, c.remedy)
		}
	}
}

func TestALineOfNagiosHasTextAndPerformanceData(t *testing.T) {
	limits := expiry.Limits{Warning: 30, Critical: 7}
	form := regexp.MustCompile(`^EMPOWER (OK|WARNING|CRITICAL|UNKNOWN) - [^|\n]+( \| ('[A-Za-z_-]+'=-?[0-9]+;[0-9]+:;[0-9]+: ?)+)?\n$`)
	for _, c := range []struct {
		all  []expiry.Standing
		want string
		exit int
	}{
		{nil, "EMPOWER UNKNOWN - nothing was looked at\n", 3},
		{
			[]expiry.Standing{{Environment: "PROD", Level: expiry.OK, Text: "fine", LastDay: dayOf(90), Limits: limits}},
			"EMPOWER OK - PROD: fine | 'days_left_PROD'=90;31:;8:\n", 0,
		},
		{
			[]expiry.Standing{
				{Environment: "PROD", Level: expiry.Soon, Text: "due", LastDay: dayOf(20), Limits: limits},
				{Environment: "TEST", Level: expiry.NotDecided, Text: "a | and\na line"},
			},
			"EMPOWER WARNING - PROD: due; TEST: a   and a line | 'days_left_PROD'=20;31:;8:\n", 1,
		},
		{
			[]expiry.Standing{{Environment: "A", Level: expiry.NotDecided, Text: "?"}, {Environment: "B", Level: expiry.Critical, Text: "!", LastDay: dayOf(-2), Limits: limits}},
			"EMPOWER CRITICAL - A: ?; B: ! | 'days_left_B'=-2;31:;8:\n", 2,
		},
	} {
		got, level := expiry.Nagios(c.all, begin())
		if got != c.want || level.Status() != c.exit || !form.MatchString(got) {
			t.Errorf("got %q with status %d, want %q with %d", got, level.Status(), c.want, c.exit)
		}
	}
}

func TestHowASecretStandsIsSaidInOneLine(t *testing.T) {
	for want, s := range map[string]expiry.State{
		"the client secret expires in 40 days (" + dayOf(40) + "), Entra ID accepted it 3 h ago":      {LastDay: dayOf(40), ProvenAt: begin().Add(-3 * time.Hour)},
		"the last day of the client secret is not known, Entra ID accepted it 5 days ago":             {ProvenAt: day(-5)},
		"Entra ID refuses the client secret: it has expired (AADSTS7000222)":                          {LastDay: dayOf(40), Refused: "secret-expired", ProvenAt: day(-5)},
		"the last day of the client secret is over: " + dayOf(-4):                                     {LastDay: dayOf(-4)},
		"the client secret expires today (" + dayOf(0) + "), no verdict at the last check: throttled": {LastDay: dayOf(0), Verdict: expiry.Verdict{Answer: expiry.NoVerdict, Reason: "throttled"}},
	} {
		if got := s.Stands(begin()); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
