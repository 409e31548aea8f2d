package entra_test

import (
	"context"
	"crypto/tls"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/entra"
	"github.com/empowersuite/backend-installer/installer/secret"
)

const (
	tenant = "6f0c1f1e-0000-4000-8000-000000000001"
	marked = "TST8Q~not/a+real=secret&0000000000000001"
)

// serve is a TLS server and a client that trusts it.
func serve(t *testing.T, handler http.HandlerFunc) (*httptest.Server, *entra.Client) {
	t.Helper()
	server := httptest.NewTLSServer(handler)
	t.Cleanup(server.Close)
	return server, client(t, options(server))
}

func options(server *httptest.Server) entra.Options {
	return entra.Options{
		Authority: server.URL, Tenant: tenant, Scope: "https://graph.microsoft.com/.default", UserAgent: "test",
		CABundle: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}),
	}
}

func client(t *testing.T, o entra.Options) *entra.Client {
	t.Helper()
	c, err := entra.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func reply(status int, contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body)) // the client may have gone
	}
}

const jsonType = "application/json; charset=utf-8"

func signIn(t *testing.T, c *entra.Client, server *httptest.Server) (entra.Grant, error) {
	t.Helper()
	endpoint := entra.Tenant{TokenEndpoint: server.URL + "/" + tenant + "/oauth2/v2.0/token"}
	return c.SignIn(t.Context(), endpoint, "client", secret.New(marked))
}

func wantClass(t *testing.T, name string, err error, want entra.Class) {
	t.Helper()
	_ = failure(t, name, err, want)
}

// failure is the *entra.Error of a class; it holds neither secret nor token.
func failure(t *testing.T, name string, err error, want entra.Class) *entra.Error {
	t.Helper()
	var f *entra.Error
	if !errors.As(err, &f) || f.Class != want {
		t.Fatalf("%s: got %v, want %s", name, err, want)
	}
	for _, form := range []string{marked, url.QueryEscape(marked), "eyJ"} {
		if strings.Contains(fmt.Sprintf("%v %+v", err, *f), form) {
			t.Errorf("%s: the failure holds the secret or a token: %+v", name, *f)
		}
	}
	return f
}

// recorded is a refusal of the real Entra ID.
type recorded struct {
	Source  string
	Status  int
	Class   entra.Class
	Code    int
	Headers map[string]string
	Body    string
	JSON    bool
}

func (b recorded) answer(w http.ResponseWriter, r *http.Request) {
	for name, value := range b.Headers {
		w.Header().Set(name, value)
	}
	contentType := "text/plain"
	if b.JSON {
		contentType = jsonType
	}
	reply(b.Status, contentType, b.Body)(w, r)
}

func TestRealRefusalsAreClassified(t *testing.T) {
	text, err := os.ReadFile("testdata/bodies.json")
	if err != nil {
		t.Fatal(err)
	}
	var bodies []recorded
	if err := json.Unmarshal(text, &bodies); err != nil || len(bodies) < 12 {
		t.Fatal(len(bodies), err)
	}
	for _, b := range bodies {
		server, c := serve(t, b.answer)
		_, err := signIn(t, c, server)
		f := failure(t, b.Source, err, b.Class)
		if f.Code != b.Code || f.Status != b.Status {
			t.Errorf("%s: got code %d, status %d, want %d, %d", b.Source, f.Code, f.Status, b.Code, b.Status)
		}
		if strings.Contains(f.Message, "Trace ID") || strings.ContainsAny(f.Message, "\r\n") {
			t.Errorf("%s: the message has its trailer: %q", b.Source, f.Message)
		}
		if want := b.Headers["Retry-After"]; want != "" && f.RetryAfter != time.Minute {
			t.Errorf("%s: retry after %s, want %s s", b.Source, f.RetryAfter, want)
		}
	}
}

// token is a JWT as Graph gives it, without a signature that anybody checks.
func token(claims string) string {
	part := base64.RawURLEncoding.EncodeToString
	return part([]byte(`{"typ":"JWT"}`)) + "." + part([]byte(claims)) + "." + part([]byte("signature"))
}

func TestTheFormIsPostedOnceWithTheSecretEncoded(t *testing.T) {
	var posted []url.Values
	var header http.Header
	server, c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil {
			t.Error(err)
		}
		posted, header = append(posted, r.PostForm), r.Header
		reply(200, jsonType, `{"token_type":"Bearer","expires_in":3599,"access_token":"`+
			token(`{"tid":"`+tenant+`","appid":"client"}`)+`"}`)(w, r)
	})
	grant, err := signIn(t, c, server)
	if err != nil {
		t.Fatal(err)
	}
	if grant.TenantID != tenant || grant.AppID != "client" || grant.Lifetime != time.Hour {
		t.Errorf("got %+v", grant)
	}
	if !strings.HasPrefix(grant.Token.Reveal(), "eyJ") || strings.Contains(fmt.Sprintf("%+v", grant), "eyJ") {
		t.Error("the token is not kept, or printed")
	}
	want := url.Values{
		"grant_type": {"client_credentials"}, "client_id": {"client"}, "client_secret": {marked},
		"scope": {"https://graph.microsoft.com/.default"},
	}
	if len(posted) != 1 || posted[0].Encode() != want.Encode() {
		t.Errorf("got %d posts: %v", len(posted), posted)
	}
	if header.Get("Authorization") != "" || header.Get("User-Agent") != "test" {
		t.Errorf("headers: %v", header)
	}
}

func TestTokensOfEveryFormAreTaken(t *testing.T) {
	for name, body := range map[string]string{
		"v2":               `{"token_type":"Bearer","expires_in":"3599","access_token":"` + token(`{"tid":"`+tenant+`","azp":"client"}`) + `"}`,
		"with roles":       `{"token_type":"Bearer","access_token":"` + token(`{"tid":"`+tenant+`","appid":"client","roles":["Directory.Read.All"]}`) + `"}`,
		"opaque":           `{"token_type":"Bearer","expires_in":3599,"access_token":"opaque"}`,
		"not a JWT inside": `{"token_type":"Bearer","access_token":"a.b.c"}`,
	} {
		server, c := serve(t, reply(200, jsonType, body))
		grant, err := signIn(t, c, server)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if name == "v2" && (grant.AppID != "client" || !grant.Powerless) || name == "with roles" && grant.AppID != "client" {
			t.Errorf("%s: got %+v", name, grant)
		}
		if name != "v2" && grant.Powerless {
			t.Errorf("%s: it is taken for one without permissions", name)
		}
	}
}

func TestAnswersThatAreNotEntraIDs(t *testing.T) {
	long := strings.Repeat("a", 2<<20)
	for name, c := range map[string]struct {
		handler http.HandlerFunc
		want    entra.Class
	}{
		"a page":              {reply(200, "text/html", "<html>Please log in</html>"), entra.ProxyPage},
		"a page without type": {reply(403, "", "<!DOCTYPE html>"), entra.ProxyPage},
		"a redirect":          {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/portal", http.StatusFound) }, entra.ProxyPage},
		"407":                 {reply(407, "text/html", "<html>"), entra.ProxyAuth},
		"502":                 {reply(502, "text/html", "<html>Bad gateway"), entra.Transient},
		"503 without a body":  {reply(503, "text/plain", ""), entra.Transient},
		"429":                 {reply(429, "text/plain", "Too Many Requests"), entra.Throttled},
		"broken JSON":         {reply(200, jsonType, `{"access_token":`), entra.Protocol},
		"an array":            {reply(200, jsonType, `[]`), entra.Protocol},
		"no token":            {reply(200, jsonType, `{"token_type":"Bearer"}`), entra.Protocol},
		"a huge answer":       {reply(200, jsonType, `{"access_token":"`+long+`"}`), entra.Protocol},
		"a huge error":        {reply(400, jsonType, `{"error":"`+long+`"}`), entra.Protocol},
		"an unknown code":     {reply(400, jsonType, `{"error":"invalid_request","error_codes":[123456]}`), entra.Protocol},
		"a client, no code":   {reply(401, jsonType, `{"error":"invalid_client"}`), entra.SecretWrong},
		"stacked codes":       {reply(401, jsonType, `{"error":"invalid_client","error_codes":[70002,50012]}`), entra.SecretWrong},
		"codes as texts":      {reply(401, jsonType, `{"error":"invalid_client","error_codes":["7000222"]}`), entra.SecretExpired},
		"an object for error": {reply(401, jsonType, `{"error":{"code":"InvalidAuthenticationToken"}}`), entra.Protocol},
		"a body that is cut":  {cut, entra.Unreachable},
		"tenant restrictions": {reply(400, jsonType, `{"error":"access_denied","error_codes":[500021]}`), entra.TenantRestrictions},
		"another cloud":       {reply(400, jsonType, `{"error":"invalid_request","error_codes":[900382]}`), entra.CloudWrong},
		"a loop":              {reply(400, jsonType, `{"error":"invalid_grant","error_codes":[50196]}`), entra.Throttled},
	} {
		t.Run(name, func(t *testing.T) {
			server, client := serve(t, c.handler)
			_, err := signIn(t, client, server)
			wantClass(t, name, err, c.want)
			if _, err := client.Discover(t.Context()); err == nil {
				t.Error("it passes for a tenant's document")
			}
		})
	}
}

func cut(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Length", "1000")
	w.Header().Set("Content-Type", jsonType)
	_, _ = w.Write([]byte(`{"access_token":`)) // and no more
}

func TestDiscoveryNamesTheTokenEndpoint(t *testing.T) {
	var asked string
	server, c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked = r.Method + " " + r.URL.Path
		reply(200, jsonType, `{"issuer":"https://issuer","token_endpoint":"https://host/token"}`)(w, r)
	})
	_ = server
	got, err := c.Discover(t.Context())
	if err != nil || got.TokenEndpoint != "https://host/token" || got.Issuer != "https://issuer" {
		t.Errorf("got %+v, %v", got, err)
	}
	if want := "GET /" + tenant + "/v2.0/.well-known/openid-configuration"; asked != want {
		t.Errorf("asked %q, want %q", asked, want)
	}
	_, insecure := serve(t, reply(200, jsonType, `{"token_endpoint":"http://host/token"}`))
	_, err = insecure.Discover(t.Context())
	wantClass(t, "a token endpoint without TLS", err, entra.Protocol)
	_, other := serve(t, http.NotFound)
	_, err = other.Discover(t.Context())
	wantClass(t, "404", err, entra.CloudWrong)
}

func TestDiscoveryNamesTheTenantsGraph(t *testing.T) {
	for host, want := range map[string]string{
		"graph.microsoft.com": "https://graph.microsoft.com", "dod-graph.microsoft.us": "https://dod-graph.microsoft.us",
		"127.0.0.1:4433": "https://127.0.0.1:4433", "": "", "graph.microsoft.com/x": "", "user@other.example": "", "a b": "", "?": "",
	} {
		_, c := serve(t, reply(200, jsonType, `{"token_endpoint":"https://host/token","msgraph_host":"`+host+`"}`))
		if got, err := c.Discover(t.Context()); err != nil || got.Graph != want {
			t.Errorf("%q: got %q, %v, want %q", host, got.Graph, err, want)
		}
	}
}

func TestEveryQuestionIsAFreshConnection(t *testing.T) {
	connections := 0
	server := httptest.NewUnstartedServer(reply(200, jsonType, `{"access_token":"opaque","token_type":"Bearer"}`))
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections++
		}
	}
	server.StartTLS()
	t.Cleanup(server.Close)
	c := client(t, options(server))
	for range 3 {
		if _, err := signIn(t, c, server); err != nil {
			t.Fatal(err)
		}
	}
	if connections != 3 {
		t.Errorf("%d connections, want 3", connections)
	}
}

func TestTheWayThere(t *testing.T) {
	good := reply(200, jsonType, `{"access_token":"opaque","token_type":"Bearer"}`)
	server := httptest.NewUnstartedServer(good)
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	ask := func(change func(*entra.Options)) error {
		o := options(server)
		change(&o)
		_, err := client(t, o).Discover(t.Context())
		return err
	}
	wantClass(t, "unknown authority", ask(func(o *entra.Options) { o.CABundle = nil }), entra.TLSUnknownCA)
	_, port, err := net.SplitHostPort(server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	wantClass(t, "another name", ask(func(o *entra.Options) { o.Authority = "https://localhost:" + port }), entra.TLSInspection)
	wantClass(t, "no such name", ask(func(o *entra.Options) { o.Authority = "https://no-such-host.invalid" }), entra.DNS)
	wantClass(t, "refused", ask(func(o *entra.Options) { o.Authority = "https://127.0.0.1:1" }), entra.Unreachable)
	plain := httptest.NewServer(good)
	t.Cleanup(plain.Close)
	wantClass(t, "no TLS there", ask(func(o *entra.Options) { o.Authority = strings.Replace(plain.URL, "http:", "https:", 1) }), entra.ProxyPage)

	old := httptest.NewUnstartedServer(good)
	old.TLS = &tls.Config{MaxVersion: tls.VersionTLS11, MinVersion: tls.VersionTLS10}
	old.Config.ErrorLog = log.New(io.Discard, "", 0)
	old.StartTLS()
	t.Cleanup(old.Close)
	_, err = client(t, options(old)).Discover(t.Context())
	wantClass(t, "TLS 1.1", err, entra.TLSVersion)
}

func TestAProxyInBetween(t *testing.T) {
	for status, want := range map[int]entra.Class{407: entra.ProxyAuth, 403: entra.ProxyPage, 502: entra.Unreachable} {
		proxy := httptest.NewServer(reply(status, "text/html", "<html>"))
		t.Cleanup(proxy.Close)
		_, err := client(t, entra.Options{Authority: "https://login.invalid", Tenant: tenant, Proxy: proxy.URL}).Discover(t.Context())
		wantClass(t, fmt.Sprint(status), err, want)
	}
}

func TestTheServersClockIsCompared(t *testing.T) {
	server, c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", time.Now().Add(24*time.Hour).UTC().Format(http.TimeFormat))
		reply(200, jsonType, `{"access_token":"opaque","token_type":"Bearer"}`)(w, r)
	})
	grant, err := signIn(t, c, server)
	if err != nil || grant.Skew < 24*time.Hour-3*time.Second || grant.Skew > 24*time.Hour+3*time.Second {
		t.Errorf("got %s, %v", grant.Skew, err)
	}
}

func TestTheContextEndsAQuestion(t *testing.T) {
	release := make(chan struct{})
	server, c := serve(t, func(http.ResponseWriter, *http.Request) { <-release })
	t.Cleanup(func() { close(release) })
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := c.Discover(ctx)
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	_, err = c.SignIn(ctx, entra.Tenant{TokenEndpoint: server.URL}, "client", secret.New(marked))
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

func TestASecretIDIsToldFromAWrongSecret(t *testing.T) {
	server, c := serve(t, reply(401, jsonType, `{"error":"invalid_client","error_codes":[7000215]}`))
	_, err := c.SignIn(t.Context(), entra.Tenant{TokenEndpoint: server.URL}, "client", secret.New(tenant))
	wantClass(t, "a GUID", err, entra.SecretIDPasted)
}

func TestOptionsThatCannotBeUsed(t *testing.T) {
	for name, o := range map[string]entra.Options{
		"http":   {Authority: "http://127.0.0.1:8443"},
		"none":   {},
		"proxy":  {Authority: "https://a", Proxy: "proxy"},
		"bundle": {Authority: "https://a", CABundle: []byte("no certificate")},
	} {
		if _, err := entra.New(o); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestTheCloudsOfMicrosoft(t *testing.T) {
	for _, name := range []string{"public", "usgov", "china"} {
		authority, scope, ok := entra.Cloud(name)
		if !ok || !strings.HasPrefix(authority, "https://login.") || !strings.HasSuffix(scope, "/.default") {
			t.Errorf("%s: got %q, %q, %v", name, authority, scope, ok)
		}
	}
	if _, _, ok := entra.Cloud("germany"); ok {
		t.Error("a cloud that was closed in 2021 is known")
	}
}
