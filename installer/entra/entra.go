// Package entra asks Microsoft Entra ID whether a credential is good.
package entra

import (
	"context"
	"time"

	"github.com/empowersuite/backend-installer/installer/exchange"
	"github.com/empowersuite/backend-installer/installer/secret"
)

// Class is a cause that an administrator can act on.
type Class = exchange.Class

// Error is a question that was not answered with a token. It never holds a
// token, a secret or a body.
type Error = exchange.Error

// The classes.
const (
	SecretWrong        = exchange.SecretWrong
	SecretExpired      = exchange.SecretExpired
	SecretIDPasted     = exchange.SecretIDPasted
	ClientWrong        = exchange.ClientWrong
	AppDisabled        = exchange.AppDisabled
	TenantWrong        = exchange.TenantWrong
	CloudWrong         = exchange.CloudWrong
	ConditionalAccess  = exchange.ConditionalAccess
	TenantRestrictions = exchange.TenantRestrictions
	Throttled          = exchange.Throttled
	Transient          = exchange.Transient
	TLSVersion         = exchange.TLSVersion
	TLSUnknownCA       = exchange.TLSUnknownCA
	TLSInspection      = exchange.TLSInspection
	ProxyAuth          = exchange.ProxyAuth
	ProxyPage          = exchange.ProxyPage
	DNS                = exchange.DNS
	Unreachable        = exchange.Unreachable
	ClockSkew          = exchange.ClockSkew
	Protocol           = exchange.Protocol
)

// Classes are all classes, those that blame the credential first.
func Classes() []Class { return exchange.Classes() }

// Cloud is the authority and the scope of one of Microsoft's clouds: public,
// usgov or china.
// https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud (2026).
func Cloud(name string) (authority, scope string, ok bool) {
	clouds := map[string][2]string{
		"public": {"https://login.microsoftonline.com", "https://graph.microsoft.com/.default"},
		"usgov":  {"https://login.microsoftonline.us", "https://graph.microsoft.us/.default"},
		"china":  {"https://login.partner.microsoftonline.cn", "https://microsoftgraph.chinacloudapi.cn/.default"},
	}
	c, ok := clouds[name]
	return c[0], c[1], ok
}

// Options says where and how to ask.
type Options struct {
	Authority string // https root, e.g. https://login.microsoftonline.com; https only
	Tenant    string // GUID or verified domain
	Scope     string // e.g. https://graph.microsoft.com/.default
	Proxy     string // "" = from the environment
	CABundle  []byte // PEM added to the system's roots; nil = none
	UserAgent string
	Now       func() time.Time
}

// Tenant is what the discovery document tells.
type Tenant struct {
	Issuer        string
	TokenEndpoint string
	Graph         string // https root of the tenant's Microsoft Graph; "" where it is not told
	Skew          time.Duration
}

// Grant is a token that was received, and what it says of itself.
type Grant struct {
	Token    secret.Value // for the scope that was asked for
	TenantID string       // tid; "" when the token is opaque
	AppID    string       // appid or azp; "" when the token is opaque
	Lifetime time.Duration
	Skew     time.Duration // server's Date minus our clock

	// Powerless is a token that can be read and names no application permission, which
	// Entra ID gives to an application without any: "roles" is absent then.
	// https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference (2026).
	Powerless bool
}

// Authority asks one tenant of one cloud.
//
// Discover tells a wrong tenant, a wrong cloud and a broken way there apart
// from a wrong secret; SignIn is one fresh token request with client
// credentials over a fresh connection. Each is one attempt of at most ten
// seconds; every error is a *Error (or the context's).
type Authority interface {
	Discover(ctx context.Context) (Tenant, error)
	SignIn(ctx context.Context, tenant Tenant, clientID string, value secret.Value) (Grant, error)
}
