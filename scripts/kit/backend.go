package kit

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"testing"
	"time"
)

// Ready is what the reference backend says of itself.
type Ready struct {
	Status     string     `json:"status"`
	PID        int        `json:"pid"`
	Credential Credential `json:"credential"`
	Error      struct {
		Code int `json:"code"`
	} `json:"error"`
}

// Credential is what the backend signed in with.
type Credential struct {
	Fingerprint string `json:"fingerprint"`
}

// AskReady asks once.
func AskReady(t *testing.T, listen string) (Ready, error) {
	t.Helper()
	var body Ready
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+listen+"/health/ready", nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return body, err
	}
	defer response.Body.Close() //nolint:errcheck // read-only
	text, err := io.ReadAll(response.Body)
	if err == nil {
		err = json.Unmarshal(text, &body)
	}
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("HTTP %d", response.StatusCode)
	}
	return body, err
}

// WantReady asks once, and the backend has to be ready.
func WantReady(t *testing.T, listen string) Ready {
	t.Helper()
	body, err := AskReady(t, listen)
	if err != nil || body.Status != "ready" {
		t.Fatalf("the backend is not ready: %+v, %v", body, err)
	}
	return body
}

// FreeAddress is one that nobody listens at.
func FreeAddress(t *testing.T) string {
	t.Helper()
	var config net.ListenConfig
	listener, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close() //nolint:errcheck // only its port was wanted
	return listener.Addr().String()
}
