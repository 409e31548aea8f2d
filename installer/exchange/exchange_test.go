package exchange_test

import (
	"context"
	"encoding/pem"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/exchange"
)

// serve is a TLS server that answers so, and a client that trusts it.
func serve(t *testing.T, handler http.HandlerFunc) (string, *exchange.Client) {
	t.Helper()
	server := httptest.NewTLSServer(handler)
	t.Cleanup(server.Close)
	client, err := exchange.New(exchange.Options{
		UserAgent: "test", CABundle: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}),
	})
	if err != nil {
		t.Fatal(err)
	}
	return server.URL, client
}

func request(ctx context.Context, t *testing.T, url string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestAnAnswerOfAnyStatusIsSentBack(t *testing.T) {
	for _, status := range []int{http.StatusNoContent, http.StatusFound, http.StatusConflict, http.StatusServiceUnavailable} {
		url, c := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) })
		got, err := c.Send(request(t.Context(), t, url))
		if err != nil || got.Status != status {
			t.Errorf("got %+v, %v, want %d", got, err, status)
		}
	}
}

func TestOnlyJSONIsAnAnswerToAQuestion(t *testing.T) {
	for name, c := range map[string]struct {
		status     int
		kind, body string
		want       exchange.Class
	}{
		"JSON":             {200, "application/json", `{}`, ""},
		"no JSON":          {200, "application/json", `{`, exchange.Protocol},
		"a page":           {200, "text/html", `<html>`, exchange.ProxyPage},
		"another status":   {201, "application/json", `{}`, exchange.Protocol},
		"more than 1 MiB":  {200, "application/json", `"` + strings.Repeat("a", 1<<20) + `"`, exchange.Protocol},
		"device unmanaged": {401, "application/json", `{"error":"interaction_required","error_codes":[50097]}`, exchange.ConditionalAccess},
	} {
		url, client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", c.kind)
			w.WriteHeader(c.status)
			_, _ = w.Write([]byte(c.body)) // the client may have gone
		})
		_, err := client.Ask(request(t.Context(), t, url))
		var f *exchange.Error
		if errors.As(err, &f); f == nil && c.want != "" || f != nil && f.Class != c.want {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
}

func TestTheEndOfTheCallersContextIsNotAnAnswer(t *testing.T) {
	release := make(chan struct{})
	url, c := serve(t, func(http.ResponseWriter, *http.Request) { <-release })
	t.Cleanup(func() { close(release) })
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := c.Send(request(ctx, t, url))
	var f *exchange.Error
	if !errors.As(err, &f) || f.Class != exchange.Unreachable {
		t.Errorf("got %v, want %q", err, exchange.Unreachable)
	}
	if got := exchange.Ended(ctx, err); !errors.Is(got, context.DeadlineExceeded) {
		t.Errorf("got %v, want the context's end", got)
	}
	if got := exchange.Ended(ctx, nil); got != nil {
		t.Errorf("got %v, want nothing", got)
	}
}

func TestARefusalThatABrowserBroughtIsRead(t *testing.T) {
	got := exchange.Said("login.example", "access_denied",
		"AADSTS65004: User declined to consent to access the app.\r\nTrace ID: 1\r\nCorrelation ID: 2")
	if got.Code != 65004 || got.OAuth != "access_denied" || got.Message != "AADSTS65004: User declined to consent to access the app." {
		t.Errorf("got %+v", got)
	}
}

func TestATextFromOutsideIsOneShortLine(t *testing.T) {
	if got := exchange.Plain("a\r\n\x1b[31mb\u202e c", 600); got != "a [31mb c" {
		t.Errorf("got %q", got)
	}
	if got := exchange.Plain("größer", 4); got != "gr\u00f6 …" {
		t.Errorf("got %q", got)
	}
}
