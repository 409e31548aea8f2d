package entratest_test

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/entra/entratest"
)

const graphScope = "https://graph.microsoft.com/.default"

// reply is an answer that was read whole.
type reply struct {
	status int
	header http.Header
	text   string
}

// failure is what a test looks at in an error body.
type failure struct {
	Error       string `json:"error"`
	Description string `json:"error_description"`
	Codes       []int  `json:"error_codes"`
	TraceID     string `json:"trace_id"`
	Correlation string `json:"correlation_id"`
	Timestamp   string `json:"timestamp"`
	Access      string `json:"access_token"`
}

func browser(t *testing.T, s *entratest.Server) *http.Client {
	t.Helper()
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(s.CAPEM())
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{
		Transport:     transport,
		Timeout:       20 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

func do(t *testing.T, s *entratest.Server, request *http.Request) reply {
	t.Helper()
	response, err := browser(t, s).Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return reply{response.StatusCode, response.Header, string(text)}
}

func get(t *testing.T, s *entratest.Server, path string) reply {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL()+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	return do(t, s, request)
}

func post(t *testing.T, s *entratest.Server, tenant string, form url.Values) reply {
	t.Helper()
	return do(t, s, tokenRequest(t, s, tenant, form))
}

func tokenRequest(t *testing.T, s *entratest.Server, tenant string, form url.Values) *http.Request {
	t.Helper()
	address := s.URL() + "/" + tenant + "/oauth2/v2.0/token"
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return request
}

// credentials is a sound request of the application ClientID; pairs change it,
// an empty value removes a parameter.
func credentials(value string, pairs ...string) url.Values {
	form := url.Values{
		"grant_type": {"client_credentials"}, "client_id": {entratest.ClientID}, "scope": {graphScope},
		"client_secret": {value},
	}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
		if pairs[i+1] == "" {
			form.Del(pairs[i])
		}
	}
	return form
}

func (r reply) failure(t *testing.T) failure {
	t.Helper()
	var f failure
	if err := json.Unmarshal([]byte(r.text), &f); err != nil {
		t.Fatalf("not JSON: %q: %v", r.text, err)
	}
	return f
}

func (r reply) code(t *testing.T) int {
	t.Helper()
	if f := r.failure(t); len(f.Codes) == 1 {
		return f.Codes[0]
	}
	return 0
}

// signIn is the AADSTS number of a sign-in, 0 for a token.
func signIn(t *testing.T, s *entratest.Server, value string) int {
	t.Helper()
	r := post(t, s, entratest.TenantID, credentials(value))
	if (r.status == http.StatusOK) != (r.failure(t).Access != "") {
		t.Fatalf("got status %d with %q", r.status, r.text)
	}
	return r.code(t)
}

func TestWhatStandsAroundSeesEveryRequestFirst(t *testing.T) {
	var seen []string
	s, err := entratest.New(entratest.Options{Around: func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			seen = append(seen, r.URL.Path)
			if len(seen) == 1 {
				w.WriteHeader(http.StatusTeapot)
				return
			}
			next.ServeHTTP(w, r)
		})
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	path := "/" + entratest.TenantID + "/v2.0/.well-known/openid-configuration"
	for _, want := range []int{http.StatusTeapot, http.StatusOK} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL()+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := do(t, s, request).status; got != want {
			t.Errorf("got %d, want %d", got, want)
		}
	}
	if len(seen) != 2 || seen[0] != path {
		t.Errorf("got %q, want both requests", seen)
	}
}
