package notify_test

import (
	"context"
	"encoding/json"
	"encoding/pem"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/notify"
	"github.com/empowersuite/backend-installer/installer/notify/notifytest"
	"github.com/empowersuite/backend-installer/installer/secret"
)

const (
	key  = "shared-key-of-the-webhook-42"
	path = "/hook/sig-of-the-address-4711"
)

// receiver takes what is posted, and answers with a status.
type receiver struct {
	*httptest.Server
	mu     sync.Mutex
	bodies []string
	heads  []http.Header
}

func receive(t *testing.T, status int) *receiver {
	t.Helper()
	r := &receiver{}
	r.Server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, _ := io.ReadAll(req.Body)
		r.mu.Lock()
		defer r.mu.Unlock()
		r.bodies, r.heads = append(r.bodies, string(body)), append(r.heads, req.Header)
		if status == http.StatusFound {
			w.Header().Set("Location", "https://example.com/"+key)
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, "you said "+req.URL.Path+" "+key)
	}))
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) arrived() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]string(nil), r.bodies...)
}

func (r *receiver) hook() notify.Webhook {
	return notify.Webhook{
		URL: secret.New(r.URL + path), Key: secret.New(key), UserAgent: "backend-installer/test",
		CABundle: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: r.Certificate().Raw}),
		Now:      func() time.Time { return time.Unix(1764150000, 0) },
	}
}

func TestAWebhookKeepsTheContract(t *testing.T) {
	for _, teams := range []bool{false, true} {
		notifytest.Run(t, func(t *testing.T) (notify.Sink, func() []string) {
			t.Helper()
			r := receive(t, http.StatusAccepted)
			hook := r.hook()
			hook.Teams = teams
			return hook, r.arrived
		})
	}
}

func TestAReceiverCanCheckTheSignature(t *testing.T) {
	r := receive(t, http.StatusOK)
	if err := r.hook().Send(t.Context(), notifytest.Message()); err != nil {
		t.Fatal(err)
	}
	head, body := r.heads[0], r.bodies[0]
	timestamp := head.Get(notify.TimestampHeader)
	if want := "v1=" + notify.Sign(secret.New(key), timestamp, []byte(body)); timestamp != "1764150000" || head.Get(notify.SignatureHeader) != want {
		t.Errorf("got %q at %q, want %q", head.Get(notify.SignatureHeader), timestamp, want)
	}
	for _, changed := range []string{
		notify.Sign(secret.New(key), timestamp, []byte(body+" ")), notify.Sign(secret.New(key), "1764150001", []byte(body)),
		notify.Sign(secret.New(key+"x"), timestamp, []byte(body)),
	} {
		if head.Get(notify.SignatureHeader) == "v1="+changed {
			t.Error("another body, time or key has the same signature")
		}
	}
	var got map[string]any
	if err := json.Unmarshal([]byte(body), &got); err != nil {
		t.Fatal(err)
	}
	m := notifytest.Message()
	for name, want := range map[string]any{
		"version": 1.0, "id": "id-1", "at": "2026-11-26T09:30:00Z", "kind": "near", "severity": "critical", "environment": "PROD",
		"host": "web1", "product": m.Product, "subject": m.Subject, "text": m.Text, "facts": map[string]any{"last day": "2026-12-31"},
	} {
		if !reflect.DeepEqual(got[name], want) {
			t.Errorf("%s: got %v, want %v", name, got[name], want)
		}
	}
}

// printf '1764150000.{}' | openssl dgst -sha256 -hmac shared-key-of-the-webhook-42.
func TestTheSignatureIsTheOneThatOthersCompute(t *testing.T) {
	const want = "79e47bd63d80980961682a8d76ba68bd40d3383a78caed1a265117d2dd9fdb62"
	if got := notify.Sign(secret.New(key), "1764150000", []byte("{}")); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestTeamsGetsACard(t *testing.T) {
	r := receive(t, http.StatusAccepted)
	hook := r.hook()
	hook.Teams = true
	if err := hook.Send(t.Context(), notifytest.Message()); err != nil {
		t.Fatal(err)
	}
	var got any
	if err := json.Unmarshal([]byte(r.arrived()[0]), &got); err != nil {
		t.Fatal(err)
	}
	block := func(text string) map[string]any {
		return map[string]any{"type": "TextBlock", "text": text, "wrap": true}
	}
	title := block(`empower Backend, environment PROD on web1: größer als \*gedacht\*, 100 %`)
	title["weight"], title["size"], title["color"] = "bolder", "medium", "attention"
	want := map[string]any{
		"type": "message",
		"attachments": []any{map[string]any{
			"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": nil,
			"content": map[string]any{
				"$schema": "http://adaptivecards.io/schemas/adaptive-card.json", "type": "AdaptiveCard", "version": "1.4",
				"body": []any{
					title, block("Create a new one."), block("."), block("from here on"), block(strings.Repeat("a long line ", 30)),
					map[string]any{"type": "FactSet", "facts": []any{map[string]any{"title": "last day", "value": "2026-12-31"}}},
				},
			},
		}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

func TestAWebhookThatDoesNotTakeAMessageSaysWhyAndNoSecret(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		change func(*notify.Webhook)
		want   string
		final  bool
	}{
		"gone":                {http.StatusNotFound, nil, "HTTP 404", true},
		"moved":               {http.StatusFound, nil, "HTTP 302", true},
		"too many":            {http.StatusTooManyRequests, nil, "HTTP 429", false},
		"broken":              {http.StatusBadGateway, nil, "HTTP 502", false},
		"another certificate": {http.StatusOK, func(w *notify.Webhook) { w.CABundle = nil }, "certificate", false},
		"no certificate":      {http.StatusOK, func(w *notify.Webhook) { w.CABundle = []byte("none") }, "holds no certificate", true},
		"nobody listens":      {http.StatusOK, func(w *notify.Webhook) { w.URL = secret.New("https://127.0.0.1:1" + path) }, "127.0.0.1:1", false},
		"no address":          {http.StatusOK, func(w *notify.Webhook) { w.URL = secret.New("https://127.0.0.1:x" + path) }, "its address is none", true},
	} {
		r := receive(t, c.status)
		hook := r.hook()
		if c.change != nil {
			c.change(&hook)
		}
		err := hook.Send(t.Context(), notifytest.Message())
		if err == nil || !strings.Contains(err.Error(), c.want) || errors.Is(err, notify.ErrFinal) != c.final {
			t.Errorf("%s: got %v, want %q in it, final %v", name, err, c.want, c.final)
			continue
		}
		if strings.Contains(err.Error(), path) || strings.Contains(err.Error(), key) {
			t.Errorf("%s: the error holds a secret: %q", name, err)
		}
		if got := r.arrived(); len(got) > 1 {
			t.Errorf("%s: %d requests, want one at most", name, len(got))
		}
	}
}

func TestAWebhookIsReachedThroughAProxy(t *testing.T) {
	var asked string
	proxy := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { asked = r.URL.Host }))
	defer proxy.Close()
	hook := notify.Webhook{URL: secret.New("http://127.0.0.1:1" + path), Proxy: proxy.URL}
	if err := hook.Send(t.Context(), notifytest.Message()); err != nil || asked != "127.0.0.1:1" {
		t.Errorf("got %v, and the proxy was asked for %q", err, asked)
	}
	hook.Proxy = "://"
	if err := hook.Send(t.Context(), notifytest.Message()); !errors.Is(err, notify.ErrFinal) {
		t.Errorf("got %v of a proxy that is none", err)
	}
}

func TestAReceiverThatDoesNotAnswerIsLeft(t *testing.T) {
	done := make(chan struct{})
	slow := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-done }))
	defer slow.Close()
	defer close(done)
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	err := notify.Webhook{URL: secret.New(slow.URL + path)}.Send(ctx, notifytest.Message())
	if !errors.Is(err, context.DeadlineExceeded) || strings.Contains(err.Error(), path) {
		t.Errorf("got %v", err)
	}
}
