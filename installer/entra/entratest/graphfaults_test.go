package entratest_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/entra/entratest"
)

func TestPoliciesForbidOrLimitSecrets(t *testing.T) {
	s := entratest.Start(t, itself("Application.ReadWrite.All"))
	year := `{"passwordCredential":{"endDateTime":"` + time.Now().AddDate(1, 0, 0).UTC().Format(time.RFC3339) + `"}}`
	add := func() string { return graph(t, s, "POST "+ofApp+"/addPassword", year).refused(t) }
	s.Set(entratest.Knobs{PolicyLifetime: 180 * 24 * time.Hour})
	if got := add(); got != "CredentialInvalidLifetimeAsPerAppPolicy" {
		t.Errorf("lifetime: got %q", got)
	}
	s.Set(entratest.Knobs{PolicyNoSecrets: true})
	if got := add(); got != "CredentialTypeNotAllowedAsPerAppPolicy" {
		t.Errorf("no secrets: got %q", got)
	}
	if err := s.ChangeApp(entratest.ClientID, func(a *entratest.App) { a.Policy = &entratest.Policy{} }); err != nil {
		t.Fatal(err)
	}
	if got := add(); got != "" {
		t.Errorf("the application's own policy: got %q, want it to win", got)
	}
}

func TestPoliciesCanBeRead(t *testing.T) {
	state := itself("Policy.Read.All")
	state.Apps[0].Policy = &entratest.Policy{MaxLifetime: 90 * 24 * time.Hour}
	state.Knobs = entratest.Knobs{PolicyNoSecrets: true, PolicyLifetime: 180 * 24 * time.Hour}
	s := entratest.Start(t, state)
	text := graph(t, s, "GET /v1.0/policies/defaultAppManagementPolicy", "").text
	if !strings.Contains(text, `"maxLifetime":"P180D"`) || !strings.Contains(text, `"passwordAddition"`) || !strings.Contains(text, `"isEnabled":true`) {
		t.Errorf("default: got %s", text)
	}
	if text := graph(t, s, "GET "+ofApp+"/appManagementPolicies", "").text; !strings.Contains(text, `"maxLifetime":"P90D"`) {
		t.Errorf("own: got %s", text)
	}
}

func TestAReplicaThatIsBehindAnswersTheOlderState(t *testing.T) {
	now := time.Now()
	s, err := entratest.New(entratest.Options{State: itself("Application.ReadWrite.All"), Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	count := func() int {
		var app shownApp
		graph(t, s, "GET "+ofApp, "").decode(t, &app)
		return len(app.PasswordCredentials)
	}
	bearer := token(t, s)
	s.Set(entratest.Knobs{GraphLag: 15 * time.Second})
	now = now.Add(time.Minute)
	var added shownCredential
	graphWith(t, s, bearer, "POST "+ofApp+"/addPassword", `{}`).decode(t, &added)
	remove := func() reply {
		return graphWith(t, s, bearer, "POST "+ofApp+"/removePassword", `{"keyId":"`+added.KeyID+`"}`)
	}
	if got := remove(); got.status != http.StatusBadRequest || count() != 1 {
		t.Errorf("just added: got %+v and %d passwords", got, count())
	}
	const fresh = "11111111-0000-4000-8000-00000000000f"
	if err := s.AddApp(entratest.App{ClientID: fresh}); err != nil {
		t.Fatal(err)
	}
	read := func() int { return graphWith(t, s, bearer, "GET /v1.0/applications(appId='"+fresh+"')", "").status }
	if got := read(); got != http.StatusNotFound {
		t.Errorf("an application just made: got %d, want 404", got)
	}
	now = now.Add(16 * time.Second)
	if got := read(); got != http.StatusOK {
		t.Errorf("an application later: got %d, want 200", got)
	}
	before := count()
	if got := remove(); got.status != http.StatusNoContent {
		t.Errorf("later: got %+v", got)
	}
	if got := count(); got < before {
		t.Errorf("just removed: got %d passwords, want %d still", got, before)
	}
	now = now.Add(16 * time.Second)
	if got := remove(); got.status != http.StatusBadRequest {
		t.Errorf("removed twice: got %+v", got)
	}
}

func TestGraphFailsAsTheKnobSays(t *testing.T) {
	s := entratest.Start(t, itself("Application.ReadWrite.All"))
	turn := func(turned map[string]string) {
		t.Helper()
		if err := s.Turn(turned); err != nil {
			t.Fatal(err)
		}
	}
	turn(map[string]string{"graph-answer": "throttled", "graph-answer-count": "1", "graph-answer-at": "add"})
	if got := graph(t, s, "GET "+ofApp, "").status; got != http.StatusOK {
		t.Errorf("read: got %d, want 200", got)
	}
	if got := graph(t, s, "POST "+ofApp+"/addPassword", "{}"); got.status != http.StatusTooManyRequests || got.header.Get("Retry-After") != "10" {
		t.Errorf("got %+v, want 429 with Retry-After", got)
	}
	if got := graph(t, s, "POST "+ofApp+"/addPassword", "{}").status; got != http.StatusOK {
		t.Errorf("the next: got %d, want 200", got)
	}
	turn(map[string]string{"graph-answer": "gateway", "graph-answer-at": ""})
	if got := graph(t, s, "GET "+ofApp, "").status; got != http.StatusBadGateway {
		t.Errorf("gateway: got %d, want 502", got)
	}
	if err := s.Turn(map[string]string{"graph-answer": "7000215"}); err == nil {
		t.Error("an AADSTS number is no answer of Graph: got no error")
	}
}

func TestAnAnswerCanGetLostAfterThePasswordWasMade(t *testing.T) {
	s := entratest.Start(t, itself("Application.ReadWrite.All"))
	bearer := token(t, s)
	s.Set(entratest.Knobs{GraphAnswer: entratest.Lost})
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL()+ofApp+"/addPassword", strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+bearer)
	if response, err := browser(t, s).Do(request); err == nil {
		_ = response.Body.Close()
		t.Errorf("got %s, want no answer", response.Status)
	}
	if got := len(s.Apps()[0].Passwords); got != 2 {
		t.Errorf("got %d passwords, want the one that was made besides that of the sign-in", got)
	}
}
