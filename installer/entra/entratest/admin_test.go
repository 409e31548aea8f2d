package entratest_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/entra/entratest"
)

const adminToken = "TST-admin-token"

func administered(t *testing.T) *entratest.Server {
	t.Helper()
	s, err := entratest.New(entratest.Options{AdminToken: adminToken})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// admin asks the admin API; line is method and path.
func admin(t *testing.T, s *entratest.Server, line, body string) reply {
	t.Helper()
	method, path, _ := strings.Cut(line, " ")
	request, err := http.NewRequestWithContext(t.Context(), method, s.URL()+"/admin/"+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+adminToken)
	return do(t, s, request)
}

func TestTheAdminAPIWantsItsToken(t *testing.T) {
	s := administered(t)
	for _, header := range []string{"", "Bearer ", "Bearer TST-other", adminToken} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL()+"/admin/apps", nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", header)
		if got := do(t, s, request).status; got != http.StatusUnauthorized {
			t.Errorf("%q: got %d, want 401", header, got)
		}
	}
	if got := get(t, entratest.Start(t, entratest.State{}), "/admin/apps").status; got != http.StatusNotFound {
		t.Errorf("in process: got %d, want 404", got)
	}
}

func TestThePasswordsOfAnApplicationAreAdministered(t *testing.T) {
	s := administered(t)
	var added entratest.AdminPassword
	text := admin(t, s, "POST passwords", `{"app":"`+entratest.ClientID+`","name":"made up"}`).text
	if err := json.Unmarshal([]byte(text), &added); err != nil {
		t.Fatal(err)
	}
	if got := signIn(t, s, added.Value); got != 0 || added.Hint != "TST" {
		t.Errorf("made up: got %d with %q", got, text)
	}
	given := admin(t, s, "POST passwords", `{"app":"`+entratest.ClientID+`","value":"TST-given","end":"2999-01-01T00:00:00Z"}`).text
	if got := signIn(t, s, "TST-given"); got != 0 || strings.Contains(given, "TST-given") {
		t.Errorf("given: got %d with %q", got, given)
	}
	list := admin(t, s, "GET apps", "").text
	if !strings.Contains(list, `"end":"2999-01-01T00:00:00Z"`) || strings.Contains(list, added.Value) || strings.Contains(list, "TST-given") {
		t.Errorf("got list %q", list)
	}
}

func TestAPasswordIsExpiredAndRemoved(t *testing.T) {
	s := administered(t)
	added, err := s.AddPassword(entratest.ClientID, entratest.Password{})
	if err != nil {
		t.Fatal(err)
	}
	path, value := "apps/"+entratest.ClientID+"/passwords/"+added.KeyID, added.Value.Reveal()
	if got := admin(t, s, "POST "+path+"/expire", "").status; got != http.StatusOK || signIn(t, s, value) != 7000222 {
		t.Errorf("expire: got status %d", got)
	}
	if got := admin(t, s, "DELETE "+path, "").status; got != http.StatusOK || signIn(t, s, value) != 7000215 {
		t.Errorf("remove: got status %d", got)
	}
	if got := admin(t, s, "DELETE "+path, "").status; got != http.StatusNotFound {
		t.Errorf("remove again: got status %d, want 404", got)
	}
}

func TestApplicationsAreRegisteredAndChanged(t *testing.T) {
	s := administered(t)
	const id = "22222222-0000-4000-8000-000000000003"
	app := func() entratest.App {
		all := s.Apps()
		return all[len(all)-1]
	}
	for _, body := range []string{
		`{"clientId":"` + id + `","name":"Second","redirectUris":["http://localhost/"]}`,
		`{"clientId":"` + id + `","disabled":true}`,
	} {
		if got := admin(t, s, "PUT apps", body); got.status != http.StatusOK {
			t.Fatalf("%s: got %+v", body, got)
		}
	}
	if got := app(); got.ClientID != id || got.Name != "Second" || !got.Disabled || got.Blocked || len(got.RedirectURIs) != 1 {
		t.Errorf("got %+v", got)
	}
	admin(t, s, "PUT apps", `{"clientId":"`+id+`","disabled":false,"blocked":true}`)
	if got := app(); got.Disabled || !got.Blocked {
		t.Errorf("got %+v", got)
	}
}

func TestRolesOwnersAndPolicyAreAdministered(t *testing.T) {
	s := administered(t)
	const id = "22222222-0000-4000-8000-000000000003"
	admin(t, s, "PUT apps", `{"clientId":"`+id+`","roles":["Application.Read.All"],"owners":["`+id+`"],"policy":{"noSecrets":true,"maxDays":90}}`)
	all := s.Apps()
	got := all[len(all)-1]
	if strings.Join(got.Roles, " ") != "Application.Read.All" || strings.Join(got.Owners, " ") != id || *got.Policy != (entratest.Policy{NoSecrets: true, MaxLifetime: 90 * 24 * time.Hour}) {
		t.Errorf("got %+v", got)
	}
	if list := admin(t, s, "GET apps", "").text; !strings.Contains(list, `"policy":{"noSecrets":true,"maxDays":90}`) {
		t.Errorf("got list %s", list)
	}
}

func TestKnobsAndRequestsAreAdministered(t *testing.T) {
	s := administered(t)
	admin(t, s, "PATCH knobs", `{"answer":"53003"}`)
	admin(t, s, "PATCH knobs", `{"crlf":"true"}`)
	if got := s.Knobs(); got != (entratest.Knobs{Answer: "53003", CRLF: true}) {
		t.Errorf("got %+v", got)
	}
	if got := signIn(t, s, "TST-wrong"); got != 53003 {
		t.Errorf("got %d, want 53003", got)
	}
	admin(t, s, "DELETE knobs", "")
	if got := s.Knobs(); got != (entratest.Knobs{}) {
		t.Errorf("got %+v", got)
	}
	var log entratest.AdminRequests
	if err := json.Unmarshal([]byte(admin(t, s, "GET requests", "").text), &log); err != nil {
		t.Fatal(err)
	}
	if log.Counts[entratest.ClientID]["53003"] != 1 || len(log.Requests) != 1 {
		t.Errorf("got %+v", log)
	}
}

func TestTheAdminAPIRefusesWhatItDoesNotKnowWithoutQuotingIt(t *testing.T) {
	s := administered(t)
	for line, c := range map[string]struct {
		body string
		want int
	}{
		"POST passwords": {`{"app":"x","value":"TST-value"}`, http.StatusNotFound},
		"PATCH knobs":    {`{"answer":"TST-value"}`, http.StatusBadRequest},
		"PUT apps":       {`{"TST-value":true}`, http.StatusBadRequest},
		"GET nothing":    {"", http.StatusNotFound},
	} {
		got := admin(t, s, line, c.body)
		if got.status != c.want || strings.Contains(got.text, "TST-value") {
			t.Errorf("%s: got %+v, want %d", line, got, c.want)
		}
	}
}
