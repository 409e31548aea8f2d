package exchange

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
)

// classOfCode knows the AADSTS numbers that say more than the OAuth error.
// https://learn.microsoft.com/entra/identity-platform/reference-error-codes
// (2026), and bodies that were seen.
func classOfCode(code int) (Class, bool) {
	known := map[Class][]int{
		SecretWrong:        {7000215, 7000216, 50012},
		SecretExpired:      {7000222},
		ClientWrong:        {700016, 700038, 700025, 7000218},
		AppDisabled:        {7000112, 70001},
		TenantWrong:        {90002, 900023, 50059, 90010, 9001023, 50194},
		CloudWrong:         {90038, 900382, 900432, 500011, 50049},
		ConditionalAccess:  {53000, 53001, 53002, 53003, 53004, 50097, 530032, 530034, 530035, 530084, 50074, 50076, 50079},
		TenantRestrictions: {500021, 500022, 50002},
		Throttled:          {50196, 90055},
		Transient:          {90033, 90006, 90012, 90024, 90036, 90090, 50033, 50000},
		TLSVersion:         {1002016},
		ClockSkew:          {700024},
	}
	for class, codes := range known {
		if slices.Contains(codes, code) {
			return class, true
		}
	}
	return "", false
}

// classOfError is for a refusal whose code says nothing: Microsoft advises to
// decide on status and error word.
func classOfError(word string) Class {
	words := map[string]Class{
		"invalid_client": SecretWrong, "unauthorized_client": ClientWrong, "invalid_tenant": TenantWrong,
		"invalid_instance": CloudWrong, "invalid_resource": CloudWrong,
		"temporarily_unavailable": Transient, "server_error": Transient, "slow_down": Throttled,
	}
	if class, ok := words[word]; ok {
		return class
	}
	return Protocol
}

// Refused is what an answer that does not carry what was asked for means. It is
// worded for the sign-in service: status, error word and number of its body.
func (a *Answer) Refused(host string) *Error {
	f := a.Odd(host)
	said := a.takeDown(f)
	switch {
	case a.Status == http.StatusProxyAuthRequired:
		f.Class = ProxyAuth
	case a.Status == http.StatusTooManyRequests:
		f.Class = Throttled
	case said && (f.Code != 0 || f.Class != Protocol):
	case a.Status >= http.StatusInternalServerError:
		f.Class = Transient
	case a.Status >= 300 && a.Status < 400, a.isPage():
		f.Class, f.Cause = ProxyPage, errPage
	case a.huge:
		f.Cause = fmt.Errorf("the answer is larger than %d bytes", maxBodyBytes)
	}
	return f
}

// takeDown notes what Entra ID itself says, where it does.
func (a *Answer) takeDown(f *Error) bool {
	var r refusal
	if a.huge || json.Unmarshal(a.Body, &r) != nil || r.Error == "" {
		return false
	}
	f.takeDown(r)
	return true
}

func (f *Error) takeDown(r refusal) {
	f.OAuth, f.Message, f.Timestamp = Plain(r.Error, maxIdentifierLen), r.message(), Plain(r.Timestamp, maxIdentifierLen)
	f.SubError, f.TraceID = Plain(r.SubError, maxIdentifierLen), Plain(r.TraceID, maxIdentifierLen)
	f.CorrelationID = Plain(r.CorrelationID, maxIdentifierLen)
	f.Class, f.Code = classOfRefusal(r)
}

// Said is a refusal that came another way than as an answer: in the address that
// a browser was sent back to. Word and description are Entra ID's.
func Said(host, word, description string) *Error {
	f := &Error{Host: host}
	f.takeDown(refusal{Error: word, Description: description})
	return f
}

func classOfRefusal(r refusal) (Class, int) {
	codes := r.codes()
	for _, code := range codes {
		if class, ok := classOfCode(code); ok {
			return class, code
		}
	}
	if len(codes) > 0 {
		return classOfError(r.Error), codes[0]
	}
	return classOfError(r.Error), 0
}

// isPage reports HTML, whatever the header says.
func (a *Answer) isPage() bool {
	head := strings.ToLower(strings.TrimSpace(string(a.Body[:min(len(a.Body), 512)])))
	return strings.HasPrefix(head, "<") || strings.Contains(strings.ToLower(a.Header.Get("Content-Type")), "text/html")
}

// unanswered is what an exchange without an answer means. The context's own
// cancellation stays what it is.
func unanswered(ctx context.Context, host string, err error) error {
	if errors.Is(ctx.Err(), context.Canceled) {
		return context.Cause(ctx)
	}
	f := &Error{Class: classOfTransport(err), Host: host, Cause: err}
	if errors.Is(ctx.Err(), context.DeadlineExceeded) && f.Class == Unreachable {
		f.Cause = fmt.Errorf("no answer within %s", Within)
	}
	return f
}

func classOfTransport(err error) Class {
	var dns *net.DNSError
	var refused *proxyError
	switch {
	case errors.As(err, &refused):
		return refused.class()
	case errors.As(err, &dns):
		return DNS
	}
	return classOfTLS(err)
}

func classOfTLS(err error) Class {
	var unknown x509.UnknownAuthorityError
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	var verification *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	var alert tls.AlertError
	const protocolVersion = tls.AlertError(70) // RFC 8446 section 6.2
	switch {
	case errors.As(err, &unknown):
		return TLSUnknownCA
	case errors.As(err, &name):
		return TLSInspection
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired: // also: not yet valid
		return ClockSkew
	case errors.As(err, &verification):
		return TLSInspection
	case errors.As(err, &alert) && alert == protocolVersion,
		strings.Contains(err.Error(), "unsupported protocol version"), strings.Contains(err.Error(), "protocol version not supported"):
		return TLSVersion
	case errors.As(err, &record):
		return ProxyPage
	}
	return Unreachable
}

// proxyError is a proxy that does not let through.
type proxyError struct{ status int }

func (e *proxyError) Error() string {
	if e.status == http.StatusProxyAuthRequired {
		return "the proxy wants a user and a password (HTTP 407)"
	}
	return fmt.Sprintf("the proxy refused to connect (HTTP %d)", e.status)
}

func (e *proxyError) class() Class {
	switch {
	case e.status == http.StatusProxyAuthRequired:
		return ProxyAuth
	case e.status >= http.StatusInternalServerError:
		return Unreachable
	}
	return ProxyPage
}
