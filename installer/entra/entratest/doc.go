// Package entratest is a local Entra ID: a real TLS server on loopback for
// tests and for the program entra-emulator.
//
// # What it is
//
// A test starts one in process:
//
//	entra := entratest.Start(t, entratest.State{})
//	value := entra.Secret(t, entratest.ClientID)  // a fresh client secret
//	client := …                               // authority entra.URL(), roots entra.CAPEM() or entra.CAFile()
//	entra.Set(entratest.Knobs{Answer: entratest.AADSTS(53003)})
//	entra.Set(entratest.Knobs{Refusals: 3, Flapping: true})  // for secrets that are added from now on
//	n := entra.TokenRequests(entratest.ClientID, "token")
//
// It serves the discovery document, the token endpoint with the grants
// client_credentials and authorization_code, the authorization endpoint (which
// signs in the tenant's first user, or login_hint, without a question), the
// signing keys and /oidc/userinfo. New starts it outside of tests, with the
// admin API below /admin where a token is given. Client secrets are taken from
// the body or from HTTP Basic. Surfaces that join later (Microsoft Graph below
// /v1.0, the device code grant) are a further handler in Server.handler and a
// further case in call.token.
//
// A state file:
//
//	cloud: public                             # public, usgov, china: which Graph there is
//	tenants:
//	  - {id: 6f0c1f1e-0000-4000-8000-000000000001, domain: demo.example}
//	apps:
//	  - tenant: 6f0c1f1e-0000-4000-8000-000000000001
//	    clientId: 11111111-0000-4000-8000-000000000002
//	    name: Demo backend
//	    disabled: false                       # true: 7000112
//	    blocked: false                        # true: 53003, by Conditional Access
//	    redirectUris: ['http://127.0.0.1:4180/oauth2/callback']
//	    passwords:
//	      - {name: first, keyId: …, value: …, start: 2026-01-01, end: 2026-12-31}
//	users:
//	  - {name: Test User, email: test.user@demo.example}
//	knobs: {answer: throttled, answer-count: '3', retry-after: 5s}
//
// # Invariants
//
// Errors have the status, the members, the wording and the headers of the real
// service (answers.yaml names each source); identifiers are fresh, times come
// from the server's clock, error_uri from the host that was asked. An AADSTS
// number without a wording is answered, too. The log of requests never holds a
// secret or a token. Secrets that the server makes up carry a marker and fail
// Entra's checksum, so that no scanner takes them for real.
//
// Propagation is deterministic: a fresh password is refused until the delay is
// over and the refusals are spent; with flapping every other request succeeds
// after the first third. A replica that does not know it answers 7000222 where
// all other passwords of the application have expired, else 7000215. Removal
// and expiry take effect at once. The clock offset moves Date, timestamps and
// expiry, not the propagation and not the certificates.
//
// # Units
//
// Durations are time.Duration, in text as Go writes them (20s).
//
// # Errors
//
// ErrUnknownApp, ErrUnknownPassword, ErrTaken and ErrMalformed are mistakes of
// whoever drives the server.
//
// # Sources
//
// Microsoft, "OAuth 2.0 client credentials flow on the Microsoft identity
// platform" and "Microsoft Entra authentication and authorization error codes",
// learn.microsoft.com/entra/identity-platform, 2026; RFC 6749; OpenID Connect
// Discovery 1.0; the issue threads in answers.yaml.
package entratest
