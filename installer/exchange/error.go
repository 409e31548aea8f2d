package exchange

import (
	"fmt"
	"time"
)

// Class is a cause that an administrator can act on. The words are stable.
type Class string

// The classes. Comments name the codes of error_bodies and FACTS §2.
const (
	SecretWrong        Class = "secret-wrong"        // 7000215, 70002+50012
	SecretExpired      Class = "secret-expired"      // 7000222
	SecretIDPasted     Class = "secret-id-pasted"    // 7000215 and the value is a GUID
	ClientWrong        Class = "client-wrong"        // 700016, 700038, 700025
	AppDisabled        Class = "app-disabled"        // 7000112, 70001
	TenantWrong        Class = "tenant-wrong"        // 90002, 900023, 50059
	CloudWrong         Class = "cloud-wrong"         // 90038, 900382, 900432, 500011, unknown host's discovery
	ConditionalAccess  Class = "conditional-access"  // 53003, 530032, 530034 ...
	TenantRestrictions Class = "tenant-restrictions" // 500021, 500022, 50002
	Throttled          Class = "throttled"           // 429, 50196, 90055
	Transient          Class = "transient"           // 5xx, 90033, 90006, 90012, 90024, 90090 ...
	TLSVersion         Class = "tls-version"         // 1002016, protocol version alert
	TLSUnknownCA       Class = "tls-unknown-ca"      // certificate not signed by a known authority
	TLSInspection      Class = "tls-inspection"      // the chain is of an inspection proxy, or the name does not match
	ProxyAuth          Class = "proxy-auth"          // 407
	ProxyPage          Class = "proxy-page"          // HTML or a redirect where JSON is due
	DNS                Class = "dns"                 // the name does not resolve
	Unreachable        Class = "unreachable"         // refused, no route, time-out
	ClockSkew          Class = "clock-skew"          // Date differs by more than five minutes, certificate not yet valid
	Protocol           Class = "protocol"            // anything else
)

// Classes are all classes, those that blame the credential first.
func Classes() []Class {
	return []Class{
		SecretWrong, SecretExpired, SecretIDPasted, ClientWrong, AppDisabled, TenantWrong, CloudWrong,
		ConditionalAccess, TenantRestrictions, Throttled, Transient, TLSVersion, TLSUnknownCA, TLSInspection,
		ProxyAuth, ProxyPage, DNS, Unreachable, ClockSkew, Protocol,
	}
}

// Error is a question that was not answered with what was asked for. It never
// holds a token, a secret or a body.
type Error struct {
	Class         Class
	Code          int    // AADSTS number; 0 when there is none
	Status        int    // HTTP; 0 when there was no answer
	OAuth         string // the OAuth error word
	Message       string // first sentence(s) of error_description, cut before "Trace ID", control characters removed
	SubError      string // e.g. consent_required; "" when there is none
	TraceID       string
	CorrelationID string
	Timestamp     string        // as Entra ID wrote it
	RetryAfter    time.Duration // 0 when not given
	Host          string        // the host that was asked
	Skew          time.Duration // server's Date minus our clock; 0 when unknown
	Cause         error         // transport error; nil for an answer
}

// Error names the class, the host and the code.
func (f *Error) Error() string {
	if f.Code != 0 {
		return fmt.Sprintf("%s: %s: AADSTS%d", f.Host, f.Class, f.Code)
	}
	if f.Cause != nil {
		return fmt.Sprintf("%s: %s: %v", f.Host, f.Class, f.Cause)
	}
	return fmt.Sprintf("%s: %s: HTTP %d", f.Host, f.Class, f.Status)
}

// Unwrap returns the transport error.
func (f *Error) Unwrap() error { return f.Cause }

// Reason is the class, for reports.
func (f *Error) Reason() string { return string(f.Class) }
