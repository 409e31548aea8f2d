package backend

import (
	"encoding/json"
	"net/http"
	"os"
	"sync"
	"time"
)

// condition is what the health endpoints tell. It is safe for concurrent use.
type condition struct {
	mu         sync.Mutex
	since      time.Time
	credential credential
	failure    *refusal
}

type credential struct {
	Fingerprint string    `json:"fingerprint"`
	SignedInAt  time.Time `json:"signedInAt"`
}

type report struct {
	Status     string      `json:"status"`
	Since      time.Time   `json:"since"`
	PID        int         `json:"pid"`
	Credential *credential `json:"credential,omitempty"`
	Error      *refusal    `json:"error,omitempty"`
}

func newCondition() *condition {
	return &condition{since: now(), failure: &refusal{Message: "not signed in yet"}}
}

// note records the outcome of a sign-in.
func (c *condition) note(fingerprint string, failure *refusal) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.failure = failure
	if failure == nil {
		c.credential = credential{Fingerprint: fingerprint, SignedInAt: now()}
	}
}

func (c *condition) report() report {
	c.mu.Lock()
	defer c.mu.Unlock()
	r := report{Status: "ready", Since: c.since, PID: os.Getpid(), Error: c.failure}
	if c.failure != nil {
		r.Status = "failing"
	}
	if !c.credential.SignedInAt.IsZero() {
		known := c.credential
		r.Credential = &known
	}
	return r
}

func (c *condition) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /health/live", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, http.StatusOK, report{Status: "live", Since: c.since, PID: os.Getpid()})
	})
	mux.HandleFunc("GET /health/ready", func(w http.ResponseWriter, _ *http.Request) {
		r := c.report()
		status := http.StatusOK
		if r.Error != nil {
			status = http.StatusServiceUnavailable
		}
		answer(w, status, r)
	})
	return mux
}

func answer(w http.ResponseWriter, status int, body report) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) //nolint:errchkjson // times of this century encode; a client that went away is no concern
}

func now() time.Time { return time.Now().UTC().Truncate(time.Second) }
