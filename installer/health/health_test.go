package health_test

import (
	"context"
	"encoding/pem"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/health"
)

func answer(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body)) // the prober may have gone
	}
}

func probe(t *testing.T, c health.Check) health.Result {
	t.Helper()
	r, err := health.Net{}.Probe(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestHTTPIsJudgedByStatusPointerAndCredential(t *testing.T) {
	const body = `{"status":"ready","list":[{"a/b":true}],"n":3,"large":12345678901234567890,"none":null,` +
		`"m~n":"tilde","credential":{"fingerprint":"1111-2222"}}`
	for name, c := range map[string]struct {
		status int
		body   string
		check  health.Check
		want   health.Result
	}{
		"200":               {200, "", health.Check{}, health.Result{Healthy: true}},
		"503":               {503, "", health.Check{}, health.Result{Detail: "HTTP 503, want 200"}},
		"wanted 204":        {204, "", health.Check{Status: 204}, health.Result{Healthy: true}},
		"a redirect":        {302, "", health.Check{}, health.Result{Detail: "HTTP 302, want 200"}},
		"pointer":           {200, body, health.Check{Pointer: "/status", Equals: "ready"}, health.Result{Healthy: true}},
		"pointer, escaped":  {200, body, health.Check{Pointer: "/list/0/a~1b", Equals: "true"}, health.Result{Healthy: true}},
		"pointer, number":   {200, body, health.Check{Pointer: "/n", Equals: "3"}, health.Result{Healthy: true}},
		"pointer, large":    {200, body, health.Check{Pointer: "/large", Equals: "12345678901234567890"}, health.Result{Healthy: true}},
		"pointer, tilde":    {200, body, health.Check{Pointer: "/m~0n", Equals: "tilde"}, health.Result{Healthy: true}},
		"pointer, index":    {200, body, health.Check{Pointer: "/list/00/a~1b", Equals: "true"}, health.Result{Detail: `/list/00/a~1b of the answer is not "true"`}},
		"pointer, null":     {200, body, health.Check{Pointer: "/none", Equals: ""}, health.Result{Detail: `/none of the answer is not ""`}},
		"pointer, object":   {200, body, health.Check{Pointer: "/credential", Equals: "x"}, health.Result{Detail: `/credential of the answer is not "x"`}},
		"two values":        {200, body + body, health.Check{Pointer: "/status", Equals: "ready"}, health.Result{Detail: "the answer is no JSON"}},
		"no credential":     {200, "{}", health.Check{Credential: "/credential/fingerprint"}, health.Result{Healthy: true}},
		"pointer, other":    {200, body, health.Check{Pointer: "/status", Equals: "up"}, health.Result{Detail: `/status of the answer is not "up"`}},
		"pointer, none":     {200, body, health.Check{Pointer: "/list/7", Equals: "up"}, health.Result{Detail: `/list/7 of the answer is not "up"`}},
		"no JSON":           {200, "<html>", health.Check{Pointer: "/status", Equals: "up"}, health.Result{Detail: "the answer is no JSON"}},
		"credential":        {200, body, health.Check{Credential: "/credential/fingerprint"}, health.Result{Healthy: true, Credential: "1111-2222"}},
		"credential in 503": {503, body, health.Check{Credential: "/credential/fingerprint"}, health.Result{Detail: "HTTP 503, want 200", Credential: "1111-2222"}},
	} {
		server := httptest.NewServer(answer(c.status, c.body))
		c.check.HTTP = server.URL
		if got := probe(t, c.check); got != c.want {
			t.Errorf("%s: got %+v, want %+v", name, got, c.want)
		}
		server.Close()
	}
}

func TestTLSIsTrustedByTheBundle(t *testing.T) {
	server := httptest.NewTLSServer(answer(200, ""))
	t.Cleanup(server.Close)
	bundle := filepath.Join(t.TempDir(), "ca.pem")
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(bundle, text, 0o600); err != nil {
		t.Fatal(err)
	}
	if got := probe(t, health.Check{HTTP: server.URL, CABundle: bundle}); !got.Healthy {
		t.Errorf("got %+v", got)
	}
	if got := probe(t, health.Check{HTTP: server.URL}); got.Healthy || !strings.Contains(got.Detail, "certificate") {
		t.Errorf("without the bundle: %+v", got)
	}
	if _, err := (health.Net{}).Probe(t.Context(), health.Check{HTTP: server.URL, CABundle: bundle + "x"}); err == nil {
		t.Error("a bundle that is not there is no error")
	}
}

func TestTCPAndCommands(t *testing.T) {
	server := httptest.NewServer(answer(200, ""))
	address := server.Listener.Addr().String()
	if got := probe(t, health.Check{TCP: address}); !got.Healthy {
		t.Errorf("got %+v", got)
	}
	server.Close()
	for _, c := range []health.Check{{TCP: address}, {HTTP: "http://" + address}} {
		if got := probe(t, c); got.Healthy || runtime.GOOS == "linux" && got.Detail != "nothing listens there" {
			t.Errorf("closed: %+v", got)
		}
	}
	if runtime.GOOS == "windows" {
		t.Skip("the commands below are those of Unix")
	}
	for _, c := range []struct {
		argv []string
		want health.Result
	}{
		{[]string{"/bin/sh", "-c", "exit 0"}, health.Result{Healthy: true}},
		{[]string{"/bin/sh", "-c", "exit 3"}, health.Result{Detail: "the check ended with status 3"}},
	} {
		if got := probe(t, health.Check{Command: c.argv}); got != c.want {
			t.Errorf("%q: got %+v, want %+v", c.argv, got, c.want)
		}
	}
	for _, c := range []health.Check{{}, {Command: []string{"/no/such/program"}}} {
		if _, err := (health.Net{}).Probe(t.Context(), c); err == nil {
			t.Errorf("%+v: no error", c)
		}
	}
}

func TestAProbeEndsWithItsContext(t *testing.T) {
	release := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	t.Cleanup(server.Close)
	t.Cleanup(func() { close(release) })
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	got, err := health.Net{}.Probe(ctx, health.Check{HTTP: server.URL})
	if err != nil || got.Healthy || got.Detail != "no answer in time" {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestAnAnswerThatIsTooLargeIsNotReadToItsEnd(t *testing.T) {
	server := httptest.NewServer(answer(200, `{"status":"`+strings.Repeat("x", 1<<20)+`"}`))
	t.Cleanup(server.Close)
	if got := probe(t, health.Check{HTTP: server.URL}); got.Healthy || !strings.Contains(got.Detail, "larger than") {
		t.Errorf("got %+v", got)
	}
}

func TestEachProbeConnectsAnewAndNoneFollowsOrTakesAProxy(t *testing.T) {
	t.Setenv("HTTP_PROXY", "http://127.0.0.1:1")
	var elsewhere atomic.Int32
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { elsewhere.Add(1) }))
	t.Cleanup(other.Close)
	var connections atomic.Int32
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, other.URL, http.StatusFound)
	}))
	server.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			connections.Add(1)
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	for range 3 {
		if got := probe(t, health.Check{HTTP: server.URL}); got.Detail != "HTTP 302, want 200" {
			t.Errorf("got %+v", got)
		}
	}
	if connections.Load() != 3 || elsewhere.Load() != 0 {
		t.Errorf("%d connections, %d redirects followed", connections.Load(), elsewhere.Load())
	}
}

func TestADetailQuotesNoBody(t *testing.T) {
	const marker = "TST8Q~not-a-real-secret-0000000000000001"
	server := httptest.NewServer(answer(200, `{"status":"`+marker+`"}`))
	t.Cleanup(server.Close)
	if got := probe(t, health.Check{HTTP: server.URL, Pointer: "/status", Equals: "ready"}); strings.Contains(got.Detail, marker) {
		t.Errorf("got %+v", got)
	}
}

func TestABundleThatIsNoBundle(t *testing.T) {
	folder := t.TempDir()
	empty := filepath.Join(folder, "ca.pem")
	if err := os.WriteFile(empty, []byte("no certificate"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, bundle := range []string{empty, folder} {
		if _, err := (health.Net{}).Probe(t.Context(), health.Check{HTTP: "https://127.0.0.1:1", CABundle: bundle}); err == nil {
			t.Errorf("%s: no error", bundle)
		}
	}
}
