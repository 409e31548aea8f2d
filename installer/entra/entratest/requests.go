package entratest

import (
	"slices"
	"strings"
	"time"
)

const maxRequests = 10_000

// Request is one request that was answered. It never holds a secret or a token.
type Request struct {
	Time     time.Time `json:"time"`     // by the server's clock
	Endpoint string    `json:"endpoint"` // token, devicecode, discovery, keys, authorize, userinfo or graph
	Tenant   string    `json:"tenant"`   // as the path had it
	App      string    `json:"app,omitempty"`
	Grant    string    `json:"grant,omitempty"` // of Graph: read, add, remove, policy or other
	KeyID    string    `json:"keyId,omitempty"` // the password that was sent, where it is one of the application's
	Outcome  string    `json:"outcome"`         // token, code, slow_down, ok, an AADSTS number, or the Answer that a knob demanded
	Code     int       `json:"code,omitempty"`  // AADSTS number
	Status   int       `json:"status"`
}

// note is called under the server's lock.
func (s *Server) note(r Request) {
	s.requests = append(s.requests, r)
	if len(s.requests) > maxRequests {
		s.requests = slices.Delete(s.requests, 0, len(s.requests)-maxRequests)
	}
}

// Requests is what was answered so far, oldest first; the last 10,000.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}

// TokenRequests counts token requests of an application; with outcomes, only
// those that ended in one of them.
func (s *Server) TokenRequests(clientID string, outcomes ...string) int {
	n := 0
	for _, r := range s.Requests() {
		if r.Endpoint == endpointToken && strings.EqualFold(r.App, clientID) &&
			(len(outcomes) == 0 || slices.Contains(outcomes, r.Outcome)) {
			n++
		}
	}
	return n
}
