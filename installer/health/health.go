// Package health asks a service once whether it is healthy.
package health

import "context"

// Check says how to ask. Exactly one of HTTP, TCP and Command is set.
type Check struct {
	HTTP       string   `json:"http,omitempty"       yaml:"http,omitempty"`
	Status     int      `json:"status,omitempty"     yaml:"status,omitempty"`     // wanted; 0 means 200
	Pointer    string   `json:"pointer,omitempty"    yaml:"pointer,omitempty"`    // RFC 6901 into the JSON body
	Equals     string   `json:"equals,omitempty"     yaml:"equals,omitempty"`     // what Pointer must read
	Credential string   `json:"credential,omitempty" yaml:"credential,omitempty"` // RFC 6901: where the body tells the fingerprint it signed in with
	CABundle   string   `json:"caBundle,omitempty"   yaml:"caBundle,omitempty"`
	TCP        string   `json:"tcp,omitempty"        yaml:"tcp,omitempty"`
	Command    []string `json:"command,omitempty"    yaml:"command,omitempty"` // exit 0 = healthy
}

// Result is one answer.
type Result struct {
	Healthy    bool
	Detail     string // why not, one line, no body text
	Credential string // the fingerprint read at Check.Credential; "" when there is none
}

// Prober asks. One call is one attempt, bounded by the context and by five
// seconds; it follows no redirects and opens a fresh connection. The error is
// for a Check that cannot be asked at all; an unhealthy service is a Result.
type Prober interface {
	Probe(ctx context.Context, c Check) (Result, error)
}
