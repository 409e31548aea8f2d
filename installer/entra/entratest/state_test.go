package entratest_test

import (
	"errors"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/entra/entratest"
)

const stateFile = `
cloud: usgov
tenants:
  - {id: aaaaaaaa-0000-4000-8000-000000000001, domain: one.example}
  - {id: bbbbbbbb-0000-4000-8000-000000000001}
apps:
  - clientId: 11111111-0000-4000-8000-000000000002
    name: Demo backend
    redirectUris: ['http://127.0.0.1:4180/oauth2/callback']
    roles: [Application.ReadWrite.OwnedBy]
    owners: [11111111-0000-4000-8000-000000000002]
    policy: {noSecrets: true, maxDays: 90}
    passwords:
      - {name: first, keyId: cccccccc-0000-4000-8000-000000000001, value: TST-first, end: 2999-01-01}
      - {name: old, value: TST-old, start: 2020-01-01, end: 2021-01-01}
  - {tenant: bbbbbbbb-0000-4000-8000-000000000001, clientId: 22222222-0000-4000-8000-000000000002, disabled: true}
  - {clientId: 33333333-0000-4000-8000-000000000002, blocked: true, passwords: [{value: TST-blocked}]}
users:
  - {name: Someone, email: someone@one.example, admin: true}
knobs: {crlf: true, refusals: 1, graph-lag: 15s}
`

func TestAStateFileHoldsTenantsAppsAndKnobs(t *testing.T) {
	state, err := entratest.ParseState([]byte(stateFile))
	if err != nil {
		t.Fatal(err)
	}
	s := entratest.Start(t, state)
	const scope = "https://graph.microsoft.us/.default"
	for _, c := range []struct {
		tenant, app, value string
		want               int
	}{
		{"one.example", entratest.ClientID, "TST-first", 0},
		{"one.example", entratest.ClientID, "TST-old", 7000222},
		{"bbbbbbbb-0000-4000-8000-000000000001", "22222222-0000-4000-8000-000000000002", "x", 7000112},
		{"one.example", "33333333-0000-4000-8000-000000000002", "TST-blocked", 53003},
	} {
		got := post(t, s, c.tenant, credentials(c.value, "client_id", c.app, "scope", scope))
		if code := got.code(t); code != c.want {
			t.Errorf("%s: got %d, want %d", c.value, code, c.want)
		}
		if got.status != http.StatusOK && !strings.Contains(got.failure(t).Description, "\r\nTrace ID") {
			t.Errorf("%s: got %q, want line breaks", c.value, got.text)
		}
	}
	first := s.Apps()[0].Passwords[0]
	if first.KeyID != "cccccccc-0000-4000-8000-000000000001" || first.Name != "first" || first.Hint() != "TST" || first.End.Year() != 2999 {
		t.Errorf("got %+v", first)
	}
}

func TestAStateFileTellsWhatGraphAllows(t *testing.T) {
	state, err := entratest.ParseState([]byte(stateFile))
	if err != nil {
		t.Fatal(err)
	}
	app := state.Apps[0]
	if app.Roles[0] != "Application.ReadWrite.OwnedBy" || app.Owners[0] != entratest.ClientID ||
		*app.Policy != (entratest.Policy{NoSecrets: true, MaxLifetime: 90 * 24 * time.Hour}) ||
		!state.Users[0].Admin || state.Knobs.GraphLag != 15*time.Second {
		t.Errorf("got %+v", state)
	}
}

func TestMistakesInAStateFileAreNamedWithoutTheirText(t *testing.T) {
	for text, want := range map[string]string{
		"apps: [{clientid: x}]":                       `unknown key "clientid"`,
		"apps: [{passwords: [{value: [TST-value]}]}]": "one value is wanted",
		"knobs: {flaps: true}":                        `no knob "flaps"`,
		"knobs: {answer: TST-value}":                  `knob "answer"`,
	} {
		_, err := entratest.ParseState([]byte(text))
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "TST-value") {
			t.Errorf("%s: got %v, want %q", text, err, want)
		}
	}
}

func TestAStateThatCannotBeIsRefused(t *testing.T) {
	for name, state := range map[string]entratest.State{
		"tenant":         {Tenants: []entratest.Tenant{{ID: "one"}}},
		"cloud":          {Cloud: "germany"},
		"application":    {Apps: []entratest.App{{ClientID: "one"}}},
		"unknown tenant": {Apps: []entratest.App{{ClientID: entratest.ClientID, Tenant: "two.example"}}},
		"key ID":         {Apps: []entratest.App{{ClientID: entratest.ClientID, Passwords: []entratest.Password{{KeyID: "1"}}}}},
		"user":           {Users: []entratest.User{{Tenant: "two.example"}}},
	} {
		if s, err := entratest.New(entratest.Options{State: state}); !errors.Is(err, entratest.ErrMalformed) {
			t.Errorf("%s: got %v and %v, want %v", name, s, err, entratest.ErrMalformed)
		}
	}
	twice := []entratest.App{{ClientID: entratest.ClientID}, {ClientID: entratest.ClientID}}
	if _, err := entratest.New(entratest.Options{State: entratest.State{Apps: twice}}); !errors.Is(err, entratest.ErrTaken) {
		t.Errorf("twice: got %v, want %v", err, entratest.ErrTaken)
	}
}

func TestWhoeverDrivesTheServerIsToldOfMistakes(t *testing.T) {
	s := entratest.Start(t, entratest.State{})
	const nobody = "22222222-0000-4000-8000-000000000003"
	p, err := s.AddPassword(entratest.ClientID, entratest.Password{})
	if err != nil {
		t.Fatal(err)
	}
	if want := time.Now().AddDate(1, 11, 0); p.End.Before(want) {
		t.Errorf("got end %v, want two years", p.End)
	}
	add := func(app string, p entratest.Password) error {
		_, err := s.AddPassword(app, p)
		return err
	}
	for name, c := range map[string]struct{ got, want error }{
		"add to nobody":       {add(nobody, entratest.Password{}), entratest.ErrUnknownApp},
		"add twice":           {add(entratest.ClientID, entratest.Password{KeyID: p.KeyID}), entratest.ErrTaken},
		"remove from nobody":  {s.RemovePassword(nobody, p.KeyID), entratest.ErrUnknownApp},
		"remove nothing":      {s.RemovePassword(entratest.ClientID, nobody), entratest.ErrUnknownPassword},
		"expire nothing":      {s.Expire(entratest.ClientID, nobody), entratest.ErrUnknownPassword},
		"change nobody":       {s.ChangeApp(nobody, func(*entratest.App) {}), entratest.ErrUnknownApp},
		"turn what is not":    {s.Turn(map[string]string{"x": ""}), entratest.ErrMalformed},
		"application is back": {s.AddApp(entratest.App{ClientID: entratest.ClientID}), entratest.ErrTaken},
	} {
		if !errors.Is(c.got, c.want) {
			t.Errorf("%s: got %v, want %v", name, c.got, c.want)
		}
	}
}

// failing is a TB that notes that it was ended.
type failing struct {
	*testing.T
	ended bool
}

func (f *failing) Fatal(...any) {
	f.ended = true
	runtime.Goexit()
}

func TestHelpersEndATestThatTheyCannotServe(t *testing.T) {
	for name, help := range map[string]func(entratest.TB){
		"Start":  func(tb entratest.TB) { entratest.Start(tb, entratest.State{Cloud: "germany"}) },
		"Secret": func(tb entratest.TB) { entratest.Start(t, entratest.State{}).Secret(tb, "nobody") },
	} {
		tb, ended := &failing{T: t}, make(chan struct{})
		go func() {
			defer close(ended)
			help(tb)
		}()
		<-ended
		if !tb.ended {
			t.Errorf("%s: the test goes on", name)
		}
	}
}
