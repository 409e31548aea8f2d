package outbound_test

import (
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/outbound"
)

func TestDialerTrustsTheBundle(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) }))
	t.Cleanup(server.Close)
	bundle := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	for name, row := range map[string]struct {
		bundle []byte
		works  bool
	}{"with the bundle": {bundle, true}, "without it": {nil, false}} {
		dial, err := outbound.Dialer(outbound.Options{CABundle: row.bundle, Within: 5 * time.Second})
		if err != nil {
			t.Fatal(err)
		}
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		response, err := dial().RoundTrip(request)
		if response != nil {
			_ = response.Body.Close()
		}
		if got := err == nil; got != row.works {
			t.Errorf("%s: got an answer: %v, want %v (%v)", name, got, row.works, err)
		}
	}
}

func TestDialerRefusesOptionsThatCannotBe(t *testing.T) {
	for name, row := range map[string]struct {
		options outbound.Options
		want    string
	}{
		"proxy":  {outbound.Options{Proxy: "proxy"}, "the proxy is no address such as http://proxy.example:3128"},
		"bundle": {outbound.Options{CABundle: []byte("nothing")}, "the CA bundle holds no certificate in PEM form"},
	} {
		if _, err := outbound.Dialer(row.options); err == nil || err.Error() != row.want {
			t.Errorf("%s: got %v, want %q", name, err, row.want)
		}
	}
}
