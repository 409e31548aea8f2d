package entratest_test

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/entra/entratest"
)

func TestARightSecretGetsAToken(t *testing.T) {
	s := entratest.Start(t, entratest.State{})
	value := s.Secret(t, entratest.ClientID).Reveal()
	for _, tenant := range []string{entratest.TenantID, strings.ToUpper(entratest.TenantID), entratest.TenantDomain} {
		got := post(t, s, tenant, credentials(value))
		names := members(t, []byte(got.text))
		want := "token_type expires_in ext_expires_in access_token"
		if got.status != http.StatusOK || strings.Join(names, " ") != want {
			t.Errorf("tenant %q: got status %d and members %q, want 200 and %q", tenant, got.status, names, want)
		}
	}
}

func TestASecretMayComeAsBasicCredentials(t *testing.T) {
	s := entratest.Start(t, entratest.State{})
	value := s.Secret(t, entratest.ClientID).Reveal()
	for name, sent := range map[string]string{"right": value, "wrong": value + "x"} {
		request := tokenRequest(t, s, entratest.TenantID, credentials("", "client_secret", "", "client_id", ""))
		request.SetBasicAuth(url.QueryEscape(entratest.ClientID), url.QueryEscape(sent))
		want := 0
		if name == "wrong" {
			want = 7000215
		}
		if got := do(t, s, request).code(t); got != want {
			t.Errorf("%s: got %d, want %d", name, got, want)
		}
	}
}

func TestMistakesGetTheirOwnNumber(t *testing.T) {
	const unknown = "22222222-0000-4000-8000-000000000003"
	s := entratest.Start(t, entratest.State{Tenants: []entratest.Tenant{{ID: entratest.TenantID, Domain: "one.example"}, {ID: unknown}}})
	value := s.Secret(t, entratest.ClientID).Reveal()
	for name, c := range map[string]struct {
		tenant string
		form   url.Values
		want   int
	}{
		"wrong secret":             {entratest.TenantID, credentials("TST-wrong"), 7000215},
		"no secret":                {entratest.TenantID, credentials(""), 7000216},
		"Secret ID":                {entratest.TenantID, credentials(unknown), 7000215},
		"client not a GUID":        {entratest.TenantID, credentials(value, "client_id", "x"), 700038},
		"client unknown":           {entratest.TenantID, credentials(value, "client_id", unknown), 700016},
		"client of another tenant": {unknown, credentials(value), 700016},
		"no client":                {entratest.TenantID, credentials(value, "client_id", ""), 900144},
		"no grant":                 {entratest.TenantID, credentials(value, "grant_type", ""), 900144},
		"grant misspelt":           {entratest.TenantID, credentials(value, "grant_type", "client_credential"), 70003},
		"no scope":                 {entratest.TenantID, credentials(value, "scope", ""), 900144},
		"two scopes":               {entratest.TenantID, credentials(value, "scope", graphScope+" "+graphScope), 70011},
		"scope not a default":      {entratest.TenantID, credentials(value, "scope", "https://graph.microsoft.com/User.Read"), 1002012},
		"scope of another cloud":   {entratest.TenantID, credentials(value, "scope", "https://graph.microsoft.us/.default"), 500011},
		"scopes of OpenID":         {entratest.TenantID, credentials(value, "scope", graphScope+" openid offline_access profile"), 0},
		"only OpenID":              {entratest.TenantID, credentials(value, "scope", "openid"), 900144},
		"own scope":                {entratest.TenantID, credentials(value, "scope", "api://"+entratest.ClientID+"/.default"), 0},
		"tenant unknown":           {"33333333-0000-4000-8000-000000000004", credentials(value), 90002},
		"tenant word":              {"secrets", credentials(value), 90002},
		"tenant almost a GUID":     {entratest.TenantID + "0", credentials(value), 900023},
		"tenant with a blank":      {"a%20b", credentials(value), 900023},
		"tenant common":            {"common", credentials(value), 9001023},
		"tenant organizations":     {"organizations", credentials(value), 50059},
	} {
		if got := post(t, s, c.tenant, c.form).code(t); got != c.want {
			t.Errorf("%s: got %d, want %d", name, got, c.want)
		}
	}
}

func TestABodyThatIsNotAFormCountsAsEmpty(t *testing.T) {
	s := entratest.Start(t, entratest.State{})
	request := tokenRequest(t, s, entratest.TenantID+"/", nil)
	request.URL.Path = "/" + entratest.TenantID + "/oauth2/v2.0/token"
	request.URL.RawQuery = credentials("TST-wrong").Encode()
	request.Header.Set("Content-Type", "application/json")
	if got := do(t, s, request).code(t); got != 900144 {
		t.Errorf("got %d, want 900144", got)
	}
}

func TestADisabledAndABlockedApplicationAreRefused(t *testing.T) {
	s := entratest.Start(t, entratest.State{})
	value := s.Secret(t, entratest.ClientID).Reveal()
	turn := func(disabled, blocked bool) {
		t.Helper()
		err := s.ChangeApp(entratest.ClientID, func(a *entratest.App) { a.Disabled, a.Blocked = disabled, blocked })
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		disabled, blocked bool
		value             string
		want              int
	}{
		{true, false, value, 7000112},
		{false, true, value, 53003},
		{false, true, "TST-wrong", 7000215},
		{false, false, value, 0},
	} {
		turn(c.disabled, c.blocked)
		if got := signIn(t, s, c.value); got != c.want {
			t.Errorf("disabled %t, blocked %t: got %d, want %d", c.disabled, c.blocked, got, c.want)
		}
	}
}

func TestTokensSayWhoseTheyAre(t *testing.T) {
	s := entratest.Start(t, entratest.State{})
	value := s.Secret(t, entratest.ClientID).Reveal()
	for _, c := range []struct {
		knobs entratest.Knobs
		claim string
		want  any
	}{
		{entratest.Knobs{}, "appid", entratest.ClientID},
		{entratest.Knobs{}, "tid", entratest.TenantID},
		{entratest.Knobs{}, "iss", "https://sts.windows.net/" + entratest.TenantID + "/"},
		{entratest.Knobs{Token: "v2"}, "azp", entratest.ClientID},
		{entratest.Knobs{Token: "v2"}, "iss", s.URL() + "/" + entratest.TenantID + "/v2.0"},
		{entratest.Knobs{ForeignTokens: true}, "appid", "99999999-0000-4000-8000-000000000009"},
		{entratest.Knobs{Token: "opaque"}, "tid", nil},
	} {
		s.Set(c.knobs)
		token := post(t, s, entratest.TenantID, credentials(value)).failure(t).Access
		if got := claims(t, token)[c.claim]; got != c.want {
			t.Errorf("%+v: %s: got %q, want %q", c.knobs, c.claim, got, c.want)
		}
	}
}

// claims of a token; none of an opaque one.
func claims(t *testing.T, token string) map[string]any {
	t.Helper()
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return nil
	}
	text, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]any
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestTheLogOfRequestsTellsOutcomesAndNoSecret(t *testing.T) {
	s := entratest.Start(t, entratest.State{})
	p, err := s.AddPassword(entratest.ClientID, entratest.Password{})
	if err != nil {
		t.Fatal(err)
	}
	value := p.Value.Reveal()
	post(t, s, entratest.TenantID, credentials(value))
	post(t, s, entratest.TenantID, credentials("TST-wrong"))
	post(t, s, entratest.TenantID, credentials("TST-wrong", "client_id", value))
	text, err := json.Marshal(s.Requests())
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(text), value) || strings.Contains(string(text), "TST-wrong") || strings.Contains(string(text), "eyJ") {
		t.Errorf("the log holds what was sent: %s", text)
	}
}

func TestTheLogOfRequestsCounts(t *testing.T) {
	s := entratest.Start(t, entratest.State{})
	p, err := s.AddPassword(entratest.ClientID, entratest.Password{})
	if err != nil {
		t.Fatal(err)
	}
	post(t, s, entratest.TenantID, credentials(p.Value.Reveal()))
	post(t, s, entratest.TenantID, credentials("TST-wrong"))
	get(t, s, "/"+entratest.TenantID+"/v2.0/.well-known/openid-configuration")
	log := s.Requests()
	if len(log) != 3 || log[0].KeyID != p.KeyID || log[0].Outcome != "token" || log[1].Outcome != "7000215" || log[2].Endpoint != "discovery" {
		t.Errorf("got %+v", log)
	}
	if got := s.TokenRequests(entratest.ClientID); got != 2 {
		t.Errorf("got %d token requests, want 2", got)
	}
	if got := s.TokenRequests(entratest.ClientID, "token"); got != 1 {
		t.Errorf("got %d tokens, want 1", got)
	}
}
