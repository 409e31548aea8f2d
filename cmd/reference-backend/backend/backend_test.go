package backend_test

import (
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/empowersuite/backend-installer/cmd/reference-backend/backend"
	"github.com/empowersuite/backend-installer/installer/secret"
)

const (
	goodSecret = "TST8Q~not-a-real-secret-0000000000000001"
	badSecret  = "TST8Q~not-a-real-secret-0000000000000002"
	tenant     = "11111111-1111-4111-8111-111111111111"
	client     = "22222222-2222-4222-8222-222222222222"
)

// TestMain lets the test binary stand in for the program. A service manager
// starts it without the variable.
func TestMain(m *testing.M) {
	if os.Getenv("BACKEND_TEST_PROGRAM") != "" || len(os.Args) > 1 && os.Args[1] == "--service" {
		os.Exit(backend.Main(os.Args[1:], os.Environ(), os.Stdout, os.Stderr))
	}
	os.Exit(m.Run())
}

// tokenEndpoint is as much of Entra ID as these tests need; accepts says which
// secret it takes now.
type tokenEndpoint struct {
	*httptest.Server
	accepts  atomic.Value
	requests atomic.Int32
	bundle   string
}

func startTokenEndpoint(t *testing.T) *tokenEndpoint {
	t.Helper()
	e := &tokenEndpoint{}
	e.accepts.Store(goodSecret)
	e.Server = httptest.NewUnstartedServer(http.HandlerFunc(e.token))
	e.Config.ErrorLog = log.New(io.Discard, "", 0) // a backend that is stopped hangs up
	e.StartTLS()
	t.Cleanup(e.Close)
	e.bundle = filepath.Join(t.TempDir(), "ca.pem")
	block := &pem.Block{Type: "CERTIFICATE", Bytes: e.Certificate().Raw}
	if err := os.WriteFile(e.bundle, pem.EncodeToMemory(block), 0o600); err != nil {
		t.Fatal(err)
	}
	return e
}

func (e *tokenEndpoint) token(w http.ResponseWriter, r *http.Request) {
	e.requests.Add(1)
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	switch {
	case r.URL.Path != "/"+tenant+"/oauth2/v2.0/token" || r.PostFormValue("client_id") != client ||
		r.PostFormValue("scope") != "https://graph.microsoft.com/.default":
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, `{"error":"unauthorized_client","error_description":"AADSTS700016: …","error_codes":[700016]}`)
	case r.PostFormValue("client_secret") != e.accepts.Load():
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = io.WriteString(w, `{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret provided.\r\nTrace ID: d23f0824\r\nCorrelation ID: 9531985d","error_codes":[7000215]}`)
	default:
		_, _ = io.WriteString(w, `{"token_type":"Bearer","expires_in":3599,"ext_expires_in":3599,"access_token":"not-a-real-token"}`)
	}
}

// writeConfig writes an appsettings.json with a secret and returns its path;
// extra is JSON members of the section Diagnostics.
func (e *tokenEndpoint) writeConfig(t *testing.T, clientSecret, extra string) string {
	t.Helper()
	dir := t.TempDir()
	key := filepath.Join(dir, "fingerprint.key")
	write(t, key, strings.Repeat("ab", secret.KeyBytes)+"\n")
	return write(t, filepath.Join(dir, "appsettings.json"), fmt.Sprintf(`{
		// as an administrator would write it
		"AzureAd": {"Instance": %q, "TenantId": %q, "ClientId": %q, "ClientSecret": %q,},
		"Kestrel": {"Endpoints": {"Http": {"Url": "http://127.0.0.1:0"}}},
		"Diagnostics": {"CABundle": %q, "FingerprintKeyFile": %q, %s},
	}`, e.URL+"/", tenant, client, clientSecret, e.bundle, key, extra))
}

func fingerprintOf(t *testing.T, clientSecret string) string {
	t.Helper()
	key, err := secret.ParseKey(strings.Repeat("ab", secret.KeyBytes))
	if err != nil {
		t.Fatal(err)
	}
	return key.Fingerprint(secret.New(clientSecret))
}

func write(t *testing.T, path, text string) string {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

type healthBody struct {
	Status     string
	Since      string
	PID        int
	Credential *struct{ Fingerprint, SignedInAt string }
	Error      *struct {
		Code    int
		Message string
	}
}

// ask reads a health endpoint: status, decoded body, body as text.
func ask(t *testing.T, address, path string) (int, healthBody, string) {
	t.Helper()
	r, err := http.Get("http://" + address + path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Body.Close() }()
	text, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	var body healthBody
	if err := json.Unmarshal(text, &body); err != nil {
		t.Fatalf("%s: %v in %q", path, err, text)
	}
	return r.StatusCode, body, string(text)
}
