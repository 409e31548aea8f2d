package graph

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/empowersuite/backend-installer/installer/exchange"
)

// Cause is a reason of Microsoft Graph that somebody can act on. The words are
// stable.
type Cause string

// The causes.
const (
	Unauthenticated Cause = "graph-token"      // the token is expired, malformed or of another cloud
	Forbidden       Cause = "graph-forbidden"  // permission, consent, role or ownership is missing
	NotFound        Cause = "graph-not-found"  // no such application in the tenant, or not yet on this replica
	Gone            Cause = "graph-gone"       // no such password credential, or not yet on this replica
	Conflict        Cause = "graph-conflict"   // another change to the tenant is under way
	Throttled       Cause = "graph-throttled"  // too many requests
	Lifetime        Cause = "graph-lifetime"   // a policy limits the lifetime to less
	NoSecrets       Cause = "graph-no-secrets" // a policy forbids client secrets
	Full            Cause = "graph-full"       // the application holds too many credentials
	Disturbed       Cause = "graph-disturbed"  // 5xx
	Odd             Cause = "graph-odd"        // anything else
)

// Causes are all causes.
func Causes() []Cause {
	return []Cause{
		Unauthenticated, Forbidden, NotFound, Gone, Conflict, Throttled, Lifetime, NoSecrets, Full, Disturbed, Odd,
	}
}

// Error is a refusal by Microsoft Graph. It never holds a token, a secret or a
// body.
type Error struct {
	Cause      Cause
	Status     int
	Code       string        // Graph's own word, e.g. Authorization_RequestDenied
	Message    string        // on one line, cut
	RequestID  string        // for support
	RetryAfter time.Duration // 0 when not given
	Host       string        // that was asked
}

// Error names the host, the cause and Graph's word. What a policy says before Graph
// is asked has no word and no status.
func (e *Error) Error() string {
	switch {
	case e.Code != "":
		return fmt.Sprintf("%s: %s: %s", e.Host, e.Cause, e.Code)
	case e.Status != 0:
		return fmt.Sprintf("%s: %s: HTTP %d", e.Host, e.Cause, e.Status)
	}
	return fmt.Sprintf("%s: %s", e.Host, e.Cause)
}

// Reason is the cause, for reports.
func (e *Error) Reason() string { return string(e.Cause) }

const (
	maxMessageBytes = 300
	maxWordBytes    = 64
)

// refusal is what an answer that is none means: Graph's own error where it has
// one, else what something on the way there says.
func refusal(host string, from *exchange.Answer) error {
	general := from.Refused(host)
	var said struct {
		Error struct {
			Code    string `json:"code"`
			Message string `json:"message"`
		} `json:"error"`
	}
	if json.Unmarshal(from.Body, &said) != nil || said.Error.Code == "" {
		return general
	}
	return &Error{
		Cause: causeOf(from.Status, said.Error.Code), Status: from.Status, Host: host, RetryAfter: general.RetryAfter,
		Code: exchange.Plain(said.Error.Code, maxWordBytes), Message: exchange.Plain(said.Error.Message, maxMessageBytes),
		RequestID: exchange.Plain(from.Header.Get("Request-Id"), maxWordBytes),
	}
}

// causeOf goes by Graph's word where it says more than the status.
func causeOf(status int, code string) Cause {
	words := map[string]Cause{
		"InvalidAuthenticationToken":              Unauthenticated,
		"Authorization_RequestDenied":             Forbidden,
		"Request_ResourceNotFound":                NotFound,
		"Directory_ConcurrencyViolation":          Conflict,
		"CredentialInvalidLifetimeAsPerAppPolicy": Lifetime,
		"CredentialTypeNotAllowedAsPerAppPolicy":  NoSecrets,
		"Directory_ResourceSizeExceeded":          Full,
	}
	if cause, ok := words[code]; ok {
		return cause
	}
	statuses := map[int]Cause{
		http.StatusUnauthorized: Unauthenticated, http.StatusForbidden: Forbidden, http.StatusNotFound: NotFound,
		http.StatusConflict: Conflict, http.StatusTooManyRequests: Throttled,
	}
	if cause, ok := statuses[status]; ok {
		return cause
	}
	if status >= http.StatusInternalServerError {
		return Disturbed
	}
	return Odd
}
