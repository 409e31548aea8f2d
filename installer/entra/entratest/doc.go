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
// client_credentials, authorization_code and device_code, the device
// authorization endpoint, the authorization endpoint (which signs in the
// tenant's first user, or login_hint, without a question), the signing keys and
// /oidc/userinfo. New starts it outside of tests, with the admin API below
// /admin where a token is given. Client secrets are taken from the body or from
// HTTP Basic; a public client needs none, with PKCE or by device code. A surface
// that joins later (Microsoft Graph below /v1.0) is a further handler in
// Server.handler; Server.bearer tells it what an access token stands for.
//
// A sign-in by device code waits until somebody answers for the user:
//
//	for _, waiting := range entra.DeviceCodes() {
//		err := entra.Approve(waiting.UserCode, "admin@test.example") // or Decline
//	}
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
//	    public: false                         # true: signs users in without a secret
//	    roles: [Application.ReadWrite.OwnedBy] # application permissions with consent
//	    redirectUris: ['http://127.0.0.1:4180/oauth2/callback']
//	    roles: [Application.ReadWrite.OwnedBy]  # of Graph, with consent
//	    owners: [11111111-0000-4000-8000-000000000002, test.user@demo.example]
//	    policy: {noSecrets: false, maxDays: 180} # of its own; else the tenant's: knobs
//	    passwords:
//	      - {name: first, keyId: …, value: …, start: 2026-01-01, end: 2026-12-31}
//	users:
//	  - {name: Test User, email: test.user@demo.example, admin: true}
//	knobs: {answer: throttled, answer-count: '3', retry-after: 5s}
//
// # Invariants
//
// Errors have the status, the members, the wording and the headers of the real
// service (answers.yaml and graph.yaml name each source); identifiers are fresh, times come
// from the server's clock, error_uri from the host that was asked. An AADSTS
// number without a wording is answered, too. The log of requests never holds a
// secret or a token. Secrets that the server makes up carry a marker and fail
// Entra's checksum, so that no scanner takes them for real. Given tells a test in
// process what was given away, so that it can look for it; the admin API does not.
//
// Propagation is deterministic: a fresh password is refused until the delay is
// over and the refusals are spent; with flapping every other request succeeds
// after the first third. A replica that does not know it answers 7000222 where
// all other passwords of the application have expired, else 7000215. Removal
// and expiry take effect at once for sign-ins; Graph reads the state of GraphLag
// ago, does not remove what that state lacks, and answers 404 for an application
// that is younger. The clock offset moves Date, timestamps and
// expiry, not the propagation and not the certificates.
//
// Every tenant knows the public client PublicClientID. A refresh token is given
// where offline_access was asked for, or with the knob unasked-tokens, and no grant
// takes it. Polling a device code too fast is not punished, since Microsoft
// documents no slow_down and its own Go client begins with polls 50 ms apart: the
// knob slow-downs answers so.
//
// # Units
//
// Durations are time.Duration, in text as Go writes them (20s).
//
// # Errors
//
// ErrUnknownApp, ErrUnknownPassword, ErrUnknownCode, ErrUnknownUser, ErrTaken and
// ErrMalformed are mistakes of whoever drives the server; ErrRefused is what the
// page for device codes shows under a policy.
//
// # Sources
//
// Microsoft, "OAuth 2.0 client credentials flow on the Microsoft identity
// platform", "Microsoft Entra authentication and authorization error codes",
// "OAuth 2.0 device authorization grant flow", "OAuth 2.0 authorization code
// flow" and "Redirect URI (reply URL) restrictions",
// learn.microsoft.com/entra/identity-platform, 2026; "application: addPassword",
// "application: removePassword", "tenantAppManagementPolicy resource type" and
// "Microsoft Graph error responses", learn.microsoft.com/graph, 2026; RFC 6749,
// 7636 and 8628; OpenID Connect Discovery 1.0; the issue threads in answers.yaml
// and graph.yaml.
package entratest
