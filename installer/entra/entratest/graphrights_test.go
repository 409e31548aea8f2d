package entratest_test

import (
	"maps"
	"net/http"
	"regexp"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/entra/entratest"
)

func TestRightsDecideWhatGraphAllows(t *testing.T) {
	const denied = "Authorization_RequestDenied"
	all := map[string]string{"GET " + ofApp: "", "POST " + ofApp + "/addPassword": "", "GET /v1.0/policies/defaultAppManagementPolicy": ""}
	with := func(changed map[string]string) map[string]string {
		want := maps.Clone(all)
		maps.Copy(want, changed)
		return want
	}
	read, add, policy := "GET "+ofApp, "POST "+ofApp+"/addPassword", "GET /v1.0/policies/defaultAppManagementPolicy"
	for name, c := range map[string]struct {
		roles []string
		owned bool
		want  map[string]string
	}{
		"no role":             {nil, true, with(map[string]string{read: denied, add: denied, policy: denied})},
		"reader":              {[]string{"Application.Read.All"}, true, with(map[string]string{add: denied, policy: denied})},
		"owned by, owner":     {[]string{"Application.ReadWrite.OwnedBy"}, true, with(map[string]string{policy: denied})},
		"owned by, not owner": {[]string{"Application.ReadWrite.OwnedBy"}, false, with(map[string]string{read: denied, add: denied, policy: denied})},
		"everything":          {[]string{"Application.ReadWrite.All", "Policy.Read.All"}, false, all},
	} {
		state := itself("")
		state.Apps[0].Roles = c.roles
		if !c.owned {
			state.Apps[0].Owners = nil
		}
		s := entratest.Start(t, state)
		for line, want := range c.want {
			if got := graph(t, s, line, `{}`).refused(t); got != want {
				t.Errorf("%s: %s: got %q, want %q", name, line, got, want)
			}
		}
	}
}

func TestATokenForGraphIsWanted(t *testing.T) {
	s := entratest.Start(t, itself("Application.ReadWrite.All"))
	value := s.Secret(t, entratest.ClientID).Reveal()
	other := post(t, s, entratest.TenantID, credentials(value, "scope", "api://"+entratest.ClientID+"/.default")).failure(t).Access
	good := token(t, s)
	for name, token := range map[string]string{"none": "", "unknown": "eyJ.TST.x", "of another resource": other} {
		got := graphWith(t, s, token, "GET "+ofApp, "")
		if got.status != http.StatusUnauthorized || got.refused(t) != "InvalidAuthenticationToken" || got.header.Get("WWW-Authenticate") == "" {
			t.Errorf("%s: got %+v", name, got)
		}
	}
	s.Set(entratest.Knobs{ClockOffset: 2 * time.Hour})
	if got := graphWith(t, s, good, "GET "+ofApp, "").status; got != http.StatusUnauthorized {
		t.Errorf("expired: got %d, want 401", got)
	}
}

func TestADelegatedTokenNeedsAScopeAndARightOfTheUser(t *testing.T) {
	const scope = "https://graph.microsoft.com/Application.ReadWrite.All"
	for name, c := range map[string]struct {
		scope  string
		admin  bool
		owners []string
		want   string
	}{
		"administrator":           {scope, true, nil, ""},
		"owner":                   {scope, false, []string{"u@test.example"}, ""},
		"neither":                 {scope, false, nil, "Authorization_RequestDenied"},
		"administrator, no scope": {"openid", true, nil, "Authorization_RequestDenied"},
		"administrator, may read": {"Application.Read.All", true, nil, "Authorization_RequestDenied"},
	} {
		state := itself("")
		state.Apps[0].RedirectURIs, state.Apps[0].Owners = []string{"http://localhost/back"}, c.owners
		state.Users = []entratest.User{{Name: "U", Email: "u@test.example", Admin: c.admin}}
		s := entratest.Start(t, state)
		bearer := delegated(t, s, c.scope)
		if got := graphWith(t, s, bearer, "POST "+ofApp+"/addPassword", "{}").refused(t); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

// delegated is the access token of a user who came by browser.
func delegated(t *testing.T, s *entratest.Server, scope string) string {
	t.Helper()
	const redirect = "http://localhost/back"
	sent := get(t, s, "/"+entratest.TenantID+"/oauth2/v2.0/authorize?response_type=code&client_id="+entratest.ClientID+"&redirect_uri="+redirect+"&scope="+scope)
	code := regexp.MustCompile(`code=([^&]+)`).FindStringSubmatch(sent.header.Get("Location"))
	if code == nil {
		t.Fatalf("got %+v, want a code", sent)
	}
	return post(t, s, entratest.TenantID, credentials(s.Secret(t, entratest.ClientID).Reveal(),
		"grant_type", "authorization_code", "code", code[1], "redirect_uri", redirect)).failure(t).Access
}

func TestTheTokenOfAnApplicationNamesItsRoles(t *testing.T) {
	s := entratest.Start(t, itself("Application.ReadWrite.OwnedBy"))
	roles, _ := claims(t, token(t, s))["roles"].([]any)
	if len(roles) != 1 || roles[0] != "Application.ReadWrite.OwnedBy" {
		t.Errorf("got roles %v", roles)
	}
}
