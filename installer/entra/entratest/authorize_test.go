package entratest_test

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/entra/entratest"
)

const callback = "http://127.0.0.1:4180/oauth2/callback"

func website(t *testing.T) (*entratest.Server, string) {
	t.Helper()
	value := entratest.NewSecret()
	s := entratest.Start(t, entratest.State{
		Apps: []entratest.App{{
			ClientID: entratest.ClientID, RedirectURIs: []string{callback, "http://localhost/cb"},
			Passwords: []entratest.Password{{Value: value}},
		}},
		Users: []entratest.User{{Name: "First", Email: "first@test.example"}, {Name: "Second", Email: "second@test.example"}},
	})
	return s, value.Reveal()
}

// authorize is what a browser gets; pairs change the query.
func authorize(t *testing.T, s *entratest.Server, pairs ...string) reply {
	t.Helper()
	query := url.Values{
		"client_id": {entratest.ClientID}, "response_type": {"code"}, "redirect_uri": {callback},
		"scope": {"openid email"}, "state": {"s&1"}, "nonce": {"n1"},
	}
	for i := 0; i < len(pairs); i += 2 {
		query.Set(pairs[i], pairs[i+1])
	}
	return get(t, s, "/"+entratest.TenantID+"/oauth2/v2.0/authorize?"+query.Encode())
}

// code of a redirection back.
func (r reply) sentBack(t *testing.T) url.Values {
	t.Helper()
	target, err := url.Parse(r.header.Get("Location"))
	if err != nil || r.status != http.StatusFound {
		t.Fatalf("got %+v, want a redirection", r)
	}
	return target.Query()
}

func redeem(value, code string, pairs ...string) url.Values {
	return credentials(value, append([]string{"grant_type", "authorization_code", "code", code, "redirect_uri", callback}, pairs...)...)
}

func TestAUserSignsInByCode(t *testing.T) {
	s, value := website(t)
	back := authorize(t, s, "login_hint", "second@test.example").sentBack(t)
	if got := back.Get("state"); got != "s&1" {
		t.Errorf("state: got %q, want %q", got, "s&1")
	}
	got := post(t, s, entratest.TenantID, redeem(value, back.Get("code")))
	var body struct {
		ID     string `json:"id_token"`
		Access string `json:"access_token"`
	}
	if err := json.Unmarshal([]byte(got.text), &body); err != nil || got.status != http.StatusOK {
		t.Fatalf("got %+v, %v", got, err)
	}
	verify(t, s, body.ID)
	all := claims(t, body.ID)
	for name, want := range map[string]any{
		"aud": entratest.ClientID, "iss": s.URL() + "/" + entratest.TenantID + "/v2.0", "email": "second@test.example",
		"preferred_username": "second@test.example", "name": "Second", "nonce": "n1", "tid": entratest.TenantID, "ver": "2.0",
	} {
		if all[name] != want {
			t.Errorf("%s: got %q, want %q", name, all[name], want)
		}
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL()+"/oidc/userinfo", nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := do(t, s, request).status; got != http.StatusUnauthorized {
		t.Errorf("without a token: got %d, want 401", got)
	}
	request.Header.Set("Authorization", "Bearer "+body.Access)
	if got := do(t, s, request).text; !strings.Contains(got, "second@test.example") {
		t.Errorf("user: got %q", got)
	}
}

// verify checks the signature of a token by the published keys.
func verify(t *testing.T, s *entratest.Server, token string) {
	t.Helper()
	var published struct {
		Keys []struct{ Kid, N, E string }
	}
	text := get(t, s, "/"+entratest.TenantID+"/discovery/v2.0/keys").text
	if err := json.Unmarshal([]byte(text), &published); err != nil || len(published.Keys) != 1 {
		t.Fatalf("got keys %q, %v", text, err)
	}
	key := &rsa.PublicKey{N: number(t, published.Keys[0].N), E: int(number(t, published.Keys[0].E).Int64())}
	parts := strings.Split(token, ".")
	signature := number(t, parts[2]).FillBytes(make([]byte, key.Size()))
	sum := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	if err := rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], signature); err != nil {
		t.Error(err)
	}
	head, _ := base64.RawURLEncoding.DecodeString(parts[0])
	if want := `"kid":"` + published.Keys[0].Kid + `"`; !strings.Contains(string(head), want) {
		t.Errorf("got header %q, want %q in it", head, want)
	}
}

func number(t *testing.T, text string) *big.Int {
	t.Helper()
	b, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return new(big.Int).SetBytes(b)
}

func TestACodeIsGoodOnceAndOnlyForItsOwner(t *testing.T) {
	s, value := website(t)
	sum := sha256.Sum256([]byte("verifier"))
	code := authorize(t, s, "code_challenge", base64.RawURLEncoding.EncodeToString(sum[:]), "code_challenge_method", "S256").sentBack(t).Get("code")
	for _, c := range []struct {
		name string
		form url.Values
		want int
	}{
		{"no secret", redeem("", code), 7000218},
		{"wrong secret", redeem("TST-wrong", code), 7000215},
		{"unknown code", redeem(value, "x"), 70000},
		{"other redirection", redeem(value, code, "redirect_uri", "http://localhost/cb"), 70000},
		{"no verifier", redeem(value, code), 501481},
		{"right", redeem(value, code, "code_verifier", "verifier"), 0},
		{"again", redeem(value, code, "code_verifier", "verifier"), 54005},
	} {
		if got := post(t, s, entratest.TenantID, c.form).code(t); got != c.want {
			t.Errorf("%s: got %d, want %d", c.name, got, c.want)
		}
	}
}

func TestAPublicClientSignsInWithPKCEOnAnyPortOfLocalhost(t *testing.T) {
	s := entratest.Start(t, entratest.State{})
	sum := sha256.Sum256([]byte("verifier"))
	ask := []string{
		"client_id", entratest.PublicClientID, "redirect_uri", "http://localhost:4711", "scope", writeScope,
		"code_challenge", base64.RawURLEncoding.EncodeToString(sum[:]), "code_challenge_method", "S256",
	}
	back := authorize(t, s, ask...)
	if got, want := back.header.Get("Location"), "http://localhost:4711/?"; !strings.HasPrefix(got, want) {
		t.Errorf("got %q, want %q first", got, want)
	}
	code := back.sentBack(t).Get("code")
	public := func(value string, pairs ...string) url.Values {
		return redeem(value, code, append([]string{"client_id", entratest.PublicClientID, "redirect_uri", "http://localhost:4711"}, pairs...)...)
	}
	for _, c := range []struct {
		name string
		form url.Values
		want int
	}{
		{"a secret", public("TST-any", "code_verifier", "verifier"), 700025},
		{"other verifier", public("", "code_verifier", "other"), 501481},
		{"by itself", public("", "grant_type", "client_credentials"), 7000216},
	} {
		if got := post(t, s, entratest.TenantID, c.form).code(t); got != c.want {
			t.Errorf("%s: got %d, want %d", c.name, got, c.want)
		}
	}
	got := post(t, s, entratest.TenantID, public("", "code_verifier", "verifier"))
	if holder, ok := s.Holder(got.failure(t).Access); !ok || holder.User == nil || len(holder.Scopes) != 1 {
		t.Errorf("got %+v of %+v", holder, got)
	}
	plain := authorize(t, s, append(ask, "code_challenge", "as it is", "code_challenge_method", "plain")...).sentBack(t).Get("code")
	if got := post(t, s, entratest.TenantID, public("", "code", plain, "code_verifier", "as it is")).code(t); got != 0 {
		t.Errorf("plain: got %d, want a token", got)
	}
}

func TestAUserWhoDeclinesConsentIsSentBackWithTheRefusal(t *testing.T) {
	s, _ := website(t)
	s.Set(entratest.Knobs{DeclineConsent: true})
	back := authorize(t, s).sentBack(t)
	if back.Get("error") != "access_denied" || !strings.HasPrefix(back.Get("error_description"), "AADSTS65004: ") || back.Get("state") != "s&1" || back.Has("code") {
		t.Errorf("got %v", back)
	}
}

func TestATokenIsKnownUntilItExpires(t *testing.T) {
	s := entratest.Start(t, entratest.State{Apps: []entratest.App{{ClientID: entratest.ClientID, Roles: []string{"Application.ReadWrite.OwnedBy"}}}})
	token := post(t, s, entratest.TenantID, credentials(s.Secret(t, entratest.ClientID).Reveal())).failure(t).Access
	holder, ok := s.Holder(token)
	if !ok || holder.User != nil || len(holder.Roles) != 1 || holder.ClientID != entratest.ClientID {
		t.Errorf("got %+v, %v", holder, ok)
	}
	if _, ok := s.Holder(token + "x"); ok {
		t.Error("another token is known")
	}
	s.Set(entratest.Knobs{ClockOffset: time.Hour})
	if _, ok := s.Holder(token); ok {
		t.Error("it never expires")
	}
}

func TestABrowserThatCannotBeSentBackSeesAPage(t *testing.T) {
	s, _ := website(t)
	for name, c := range map[string]struct{ parameter, value, want string }{
		"unknown application":    {"client_id", entratest.TenantID, "AADSTS700016"},
		"unregistered address":   {"redirect_uri", callback + "/x", "AADSTS50011"},
		"address of another app": {"redirect_uri", "https://evil.example/", "AADSTS50011"},
		"unknown PKCE method":    {"code_challenge_method", "S1", "AADSTS90013"},
		"implicit flow":          {"response_type", "token", "AADSTS90013"},
	} {
		got := authorize(t, s, c.parameter, c.value)
		if got.status != http.StatusBadRequest || !strings.Contains(got.text, c.want) || got.header.Get("Location") != "" {
			t.Errorf("%s: got %+v, want a page with %q", name, got, c.want)
		}
	}
}

func TestThePortOfLocalhostIsFree(t *testing.T) {
	s, _ := website(t)
	got := authorize(t, s, "redirect_uri", "http://localhost:4711/cb").header.Get("Location")
	if want := "http://localhost:4711/cb?"; !strings.HasPrefix(got, want) {
		t.Errorf("got %q, want %q first", got, want)
	}
}

func TestTheDiscoveryDocumentIsOnTheHostThatWasAsked(t *testing.T) {
	s, _ := website(t)
	for tenant, issuer := range map[string]string{
		entratest.TenantID: entratest.TenantID, entratest.TenantDomain: entratest.TenantID, "common": "{tenantid}",
	} {
		var body map[string]any
		got := get(t, s, "/"+tenant+"/v2.0/.well-known/openid-configuration")
		if err := json.Unmarshal([]byte(got.text), &body); err != nil {
			t.Fatal(err)
		}
		for name, want := range map[string]string{
			"issuer":                 "/" + issuer + "/v2.0",
			"token_endpoint":         "/" + tenant + "/oauth2/v2.0/token",
			"authorization_endpoint": "/" + tenant + "/oauth2/v2.0/authorize",
			"jwks_uri":               "/" + tenant + "/discovery/v2.0/keys",
			"userinfo_endpoint":      "/oidc/userinfo",
		} {
			if got := body[name]; got != s.URL()+want {
				t.Errorf("%s: %s: got %q, want %q", tenant, name, got, s.URL()+want)
			}
		}
	}
	unknown := get(t, s, "/33333333-0000-4000-8000-000000000004/v2.0/.well-known/openid-configuration")
	if got := unknown.code(t); unknown.status != http.StatusBadRequest || got != 90002 {
		t.Errorf("unknown tenant: got %d %d, want 400 90002", unknown.status, got)
	}
}
