package cli_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/entra/entratest"
	"github.com/empowersuite/backend-installer/installer/exchange"
	"github.com/empowersuite/backend-installer/installer/onetime"
	"github.com/empowersuite/backend-installer/installer/onetime/onetimetest"
	"github.com/empowersuite/backend-installer/installer/progress"
	"github.com/empowersuite/backend-installer/installer/secret"
	"github.com/empowersuite/backend-installer/installer/signin"
)

// signInBothWays has a person sign in by device code, and go half the way by a
// browser, at an Entra ID that gives more than was asked for.
func signInBothWays(t *testing.T, entra *entratest.Server) {
	t.Helper()
	entra.Set(entratest.Knobs{UnaskedTokens: true})
	source, err := signin.ByDeviceCode(signin.Options{
		Authority: entra.URL(), Tenant: entratest.TenantID, Resource: "https://graph.microsoft.com",
		Way: exchange.Options{CABundle: entra.CAPEM(), Now: time.Now}, ClientID: signin.DefaultClientID, Permission: signin.Read,
		Wait: func(context.Context, time.Duration) error {
			for _, code := range entra.DeviceCodes() {
				_ = entra.Approve(code.UserCode, "") // approved once
			}
			return nil
		},
		Show: func(signin.Instruction) {}, Progress: func(progress.Event) {},
	})
	if err == nil {
		_, err = source.Token(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(entra.CAPEM())
	browser := &http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true, TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, entra.URL()+"/"+entratest.TenantID+"/oauth2/v2.0/authorize?"+url.Values{
		"client_id": {entratest.PublicClientID}, "response_type": {"code"}, "redirect_uri": {"http://localhost:1"}, "scope": {"User.Read"},
	}.Encode(), nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := browser.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close() // only that it was answered is wanted
}

func TestScriptsHearEverythingThatWasGivenInThem(t *testing.T) {
	entra := entratest.Start(t, entratest.State{})
	s := &stage{entra: entra, secrets: []string{"password-of-the-mail-server"}}
	signInBothWays(t, entra)
	made := entra.Secret(t, entratest.ClientID)
	kinds := map[entratest.Kind]string{}
	for _, given := range entra.Given() {
		kinds[given.Kind] = given.Value.Reveal()
	}
	for _, kind := range []entratest.Kind{
		entratest.AccessToken, entratest.RefreshToken, entratest.IDToken, entratest.DeviceSecret, entratest.UserCode, entratest.AuthorizationCode,
	} {
		if kinds[kind] == "" {
			t.Fatalf("no %s was given: the test proves nothing", kind)
		}
		if got, want := s.isIn("told: "+kinds[kind]), kind != entratest.UserCode; got != want {
			t.Errorf("%s on a stream: heard %v, want %v", kind, got, want)
		}
	}
	all := map[string]string{"secret": made.Reveal(), "password": s.secrets[0]}
	for kind, text := range kinds {
		all[string(kind)] = text
	}
	server := onetimetest.Start(onetimetest.SnapPass, false)
	t.Cleanup(server.Close)
	s.onetime = append(s.onetime, server)
	all["link"] = putBehindALink(t, server)
	all["its end"] = all["link"][strings.LastIndex(all["link"], "/")+1:]
	wantHeardInFiles(t, s, all)
}

func putBehindALink(t *testing.T, server *onetimetest.Server) string {
	t.Helper()
	driver, err := onetime.Find(t.Context(), onetime.Options{Root: server.URL()})
	if err != nil {
		t.Fatal(err)
	}
	placed, err := driver.Put(t.Context(), onetime.Offer{Value: secret.New("any value"), TTL: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	return placed.Link.Reveal()
}

// wantHeardInFiles writes each text to a file of its own, in several forms.
func wantHeardInFiles(t *testing.T, s *stage, all map[string]string) {
	t.Helper()
	folder := t.TempDir()
	var want []string
	for name, text := range all {
		for i, form := range forms(text) {
			path := filepath.Join(folder, name+"."+string(rune('0'+i)))
			want = append(want, path+" holds a secret")
			if err := os.WriteFile(path, []byte("{"+form+"}"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := os.WriteFile(filepath.Join(folder, "clean"), []byte("nothing"), 0o600); err != nil {
		t.Fatal(err)
	}
	got := s.leaks(folder)
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
