package graph_test

import (
	"context"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/entra/entratest"
	"github.com/empowersuite/backend-installer/installer/exchange"
	"github.com/empowersuite/backend-installer/installer/graph"
	"github.com/empowersuite/backend-installer/installer/secret"
)

const day = 24 * time.Hour

// owner is an application that owns itself and may read policies.
func owner() entratest.App {
	return entratest.App{
		ClientID: entratest.ClientID, Name: "Portal", Owners: []string{entratest.ClientID},
		Roles: []string{"Application.ReadWrite.OwnedBy", "Policy.Read.All"},
	}
}

// open starts a Graph, and a client that is the application itself.
func open(t *testing.T, app entratest.App) (*entratest.Server, *graph.Client) {
	t.Helper()
	s := entratest.Start(t, entratest.State{Apps: []entratest.App{app}})
	return s, with(t, s, s.GraphToken(t, app.ClientID, ""))
}

func with(t *testing.T, s *entratest.Server, token secret.Value) *graph.Client {
	t.Helper()
	c, err := graph.New(graph.Options{Root: s.URL(), Token: token, CABundle: s.CAPEM(), UserAgent: "test"})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestAPasswordIsMadeFoundAndRemoved(t *testing.T) {
	s, c := open(t, owner())
	app, err := c.Application(t.Context(), entratest.ClientID)
	if err != nil || app.Name != "Portal" || app.ClientID != entratest.ClientID || app.ObjectID == "" || len(app.Credentials) != 0 {
		t.Fatalf("got %+v, %v", app, err)
	}
	end := app.Now.Add(180 * day)
	made, err := c.AddPassword(t.Context(), entratest.ClientID, graph.Wanted{Name: "installer on web1", End: end})
	if err != nil || !made.Value.Equal(s.Apps()[0].Passwords[0].Value) || made.Hint != "TST" {
		t.Fatalf("got %+v, %v", made, err)
	}
	wantListed(t, c, made, end)
	if err := c.RemovePassword(t.Context(), entratest.ClientID, made.KeyID); err != nil {
		t.Fatal(err)
	}
	wantCause(t, "again", c.RemovePassword(t.Context(), entratest.ClientID, made.KeyID), graph.Gone)
}

func wantListed(t *testing.T, c *graph.Client, made graph.Created, end time.Time) {
	t.Helper()
	app, err := c.Application(t.Context(), entratest.ClientID)
	if err != nil || len(app.Credentials) != 1 {
		t.Fatalf("got %+v, %v", app, err)
	}
	if got := app.Credentials[0]; got.KeyID != made.KeyID || got.Name != "installer on web1" || !got.End.Equal(end.Truncate(time.Second)) || got.Start.IsZero() {
		t.Errorf("got %+v, want the one that was made, until %s", got, end)
	}
}

func wantCause(t *testing.T, name string, err error, want graph.Cause) {
	t.Helper()
	_ = refused(t, name, err, want)
}

// refused is the refusal of a cause.
func refused(t *testing.T, name string, err error, want graph.Cause) *graph.Error {
	t.Helper()
	var refusal *graph.Error
	if !errors.As(err, &refusal) || refusal.Cause != want {
		t.Fatalf("%s: got %v, want %s", name, err, want)
	}
	return refusal
}

func TestTheServersClockIsTold(t *testing.T) {
	s, c := open(t, owner())
	s.Set(entratest.Knobs{ClockOffset: -10 * time.Minute})
	app, err := c.Application(t.Context(), entratest.ClientID)
	if behind := time.Since(app.Now); err != nil || behind < 9*time.Minute || behind > 11*time.Minute {
		t.Errorf("got %s behind, %v, want 10 minutes", behind, err)
	}
}

func TestRefusalsOfGraphAreToldApart(t *testing.T) {
	for word, want := range map[entratest.Answer]graph.Cause{
		"unauthenticated": graph.Unauthenticated, "forbidden": graph.Forbidden, "not-found": graph.NotFound,
		"conflict": graph.Conflict, "conflict-503": graph.Conflict, "throttled": graph.Throttled, "lifetime": graph.Lifetime,
		"no-secrets": graph.NoSecrets, "full": graph.Full, "unavailable": graph.Disturbed, "bad-request": graph.Odd,
	} {
		s, c := open(t, owner())
		s.Set(entratest.Knobs{GraphAnswer: word, RetryAfter: 7 * time.Second})
		_, err := c.AddPassword(t.Context(), entratest.ClientID, graph.Wanted{Name: "x", End: time.Now().Add(day)})
		refusal := refused(t, string(word), err, want)
		if refusal.Code == "" || refusal.Message == "" || refusal.RequestID == "" || refusal.Host == "" {
			t.Errorf("%s: got %+v, want word, message and identifier", word, refusal)
		}
		if want == graph.Throttled && refusal.RetryAfter != 7*time.Second {
			t.Errorf("got Retry-After %s, want 7s", refusal.RetryAfter)
		}
	}
}

func TestWhatIsOnTheWayToGraphIsToldApart(t *testing.T) {
	for word, want := range map[entratest.Answer]exchange.Class{
		entratest.Gateway: exchange.Transient, entratest.ProxyPage: exchange.ProxyPage, entratest.ProxyAuth: exchange.ProxyAuth,
		entratest.Redirect: exchange.ProxyPage, entratest.Malformed: exchange.Protocol, entratest.Huge: exchange.Protocol,
		entratest.Cut: exchange.Unreachable, entratest.Lost: exchange.Unreachable,
	} {
		s, c := open(t, owner())
		s.Set(entratest.Knobs{GraphAnswer: word})
		_, err := c.AddPassword(t.Context(), entratest.ClientID, graph.Wanted{Name: "x", End: time.Now().Add(day)})
		var failed *exchange.Error
		if !errors.As(err, &failed) || failed.Class != want {
			t.Errorf("%s: got %v, want %s", word, err, want)
		}
	}
}

func TestAReplicaThatIsBehindIsNotFoundOrGone(t *testing.T) {
	s, c := open(t, owner())
	made, err := c.AddPassword(t.Context(), entratest.ClientID, graph.Wanted{Name: "x", End: time.Now().Add(day)})
	if err != nil {
		t.Fatal(err)
	}
	s.Set(entratest.Knobs{GraphLag: time.Hour})
	app, err := c.Application(t.Context(), entratest.ClientID)
	if err != nil || len(app.Credentials) != 0 {
		t.Errorf("got %+v, %v, want the state of an hour ago", app, err)
	}
	wantCause(t, "remove", c.RemovePassword(t.Context(), entratest.ClientID, made.KeyID), graph.Gone)
	const other = "11111111-0000-4000-8000-00000000000f"
	_, err = c.Application(t.Context(), other)
	wantCause(t, "unknown", err, graph.NotFound)
}

func TestThePolicyOfTheApplicationWinsOverTheTenants(t *testing.T) {
	for name, c := range map[string]struct {
		own    *entratest.Policy
		tenant entratest.Knobs
		want   graph.Policy
	}{
		"none":                 {nil, entratest.Knobs{}, graph.Policy{}},
		"tenant's":             {nil, entratest.Knobs{PolicyLifetime: 180 * day}, graph.Policy{Longest: 180 * day}},
		"tenant's, no secrets": {nil, entratest.Knobs{PolicyNoSecrets: true}, graph.Policy{Forbidden: true}},
		"own":                  {&entratest.Policy{MaxLifetime: 90 * day}, entratest.Knobs{PolicyNoSecrets: true}, graph.Policy{Longest: 90 * day}},
	} {
		app := owner()
		app.Policy = c.own
		s, client := open(t, app)
		s.Set(c.tenant)
		of, err := client.Application(t.Context(), entratest.ClientID)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := client.Policy(t.Context(), of); err != nil || got != c.want {
			t.Errorf("%s: got %+v, %v, want %+v", name, got, err, c.want)
		}
	}
}

func TestAPolicyThatMayNotBeReadIsForbidden(t *testing.T) {
	app := owner()
	app.Roles = app.Roles[:1]
	_, c := open(t, app)
	_, err := c.Policy(t.Context(), graph.Application{ClientID: entratest.ClientID})
	wantCause(t, "policy", err, graph.Forbidden)
}

// serve is a Graph that gives one answer, and what it was sent.
func serve(t *testing.T, status int, body string) (*graph.Client, *string) {
	t.Helper()
	var sent string
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, _ := io.ReadAll(r.Body) // a request that breaks off is shorter
		sent = r.Method + " " + r.URL.Path + " " + string(text)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body) // the client may have left
	}))
	t.Cleanup(server.Close)
	c, err := graph.New(graph.Options{
		Root: server.URL, Token: secret.New("TST-token-of-graph"),
		CABundle: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}),
	})
	if err != nil {
		t.Fatal(err)
	}
	return c, &sent
}

func TestNoStartIsSentForANewPassword(t *testing.T) {
	c, sent := serve(t, http.StatusOK, `{"keyId":"k","secretText":"TST-value"}`)
	end := time.Date(2027, time.May, 1, 12, 0, 0, 0, time.FixedZone("CEST", 7200))
	if _, err := c.AddPassword(t.Context(), entratest.ClientID, graph.Wanted{Name: "n", End: end}); err != nil {
		t.Fatal(err)
	}
	want := "POST /v1.0/applications(appId='" + entratest.ClientID + "')/addPassword " +
		`{"passwordCredential":{"displayName":"n","endDateTime":"2027-05-01T10:00:00Z"}}`
	if *sent != want {
		t.Errorf("got %q, want %q", *sent, want)
	}
}

func TestNeitherTokenNorValueIsInAnErrorOrAnAnswer(t *testing.T) {
	for _, answer := range []struct {
		status int
		body   string
	}{
		{http.StatusOK, `{"keyId":"","secretText":"TST-value"}`},
		{http.StatusOK, `{"keyId":7,"secretText":"TST-value"}`},
		{http.StatusOK, `{"keyId":"k","secretText":{"TST-value":1}}`},
		{http.StatusOK, `{"keyId":"k","secretText":"TST-value"}`},
		{http.StatusOK, `"TST-value`},
		{http.StatusNoContent, ""},
		{http.StatusTeapot, `TST-value`},
	} {
		c, _ := serve(t, answer.status, answer.body)
		made, err := c.AddPassword(t.Context(), entratest.ClientID, graph.Wanted{})
		if good := strings.Contains(answer.body, `"k","secretText":"`); good != (err == nil) {
			t.Errorf("%s: got error %v", answer.body, err)
		}
		for _, text := range []string{fmt.Sprintf("%v %+v %#v", err, err, made), fmt.Sprint(made)} {
			if strings.Contains(text, "TST-") {
				t.Errorf("%s: got %s", answer.body, text)
			}
		}
	}
}

func TestAMessageOfGraphIsOneLine(t *testing.T) {
	c, _ := serve(t, http.StatusForbidden, `{"error":{"code":"Authorization_RequestDenied","message":"first\r\n\u001b[31msecond"}}`)
	_, err := c.Application(t.Context(), entratest.ClientID)
	if got := refused(t, "message", err, graph.Forbidden).Message; got != "first [31msecond" {
		t.Errorf("got %q", got)
	}
}

func TestOnlyAnHTTPSRootAndAGUIDAreAskedFor(t *testing.T) {
	for _, root := range []string{"http://graph.microsoft.com", "graph.microsoft.com", "", "https://"} {
		if _, err := graph.New(graph.Options{Root: root}); err == nil {
			t.Errorf("%q: got no error", root)
		}
	}
	c, sent := serve(t, http.StatusOK, "{}")
	for _, id := range []string{"", "x')/owners", entratest.ClientID + "/"} {
		if _, err := c.Application(t.Context(), id); !errors.Is(err, graph.ErrClientID) || *sent != "" {
			t.Errorf("%q: got %v and sent %q", id, err, *sent)
		}
	}
}

func TestACancelledContextIsItsCause(t *testing.T) {
	s, c := open(t, owner())
	s.Set(entratest.Knobs{GraphAnswer: entratest.NoAnswer})
	cause := errors.New("stop")
	ctx, cancel := context.WithCancelCause(t.Context())
	time.AfterFunc(50*time.Millisecond, func() { cancel(cause) })
	if _, err := c.Application(ctx, entratest.ClientID); !errors.Is(err, cause) {
		t.Errorf("got %v, want the cause", err)
	}
}
