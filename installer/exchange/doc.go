// Package exchange is one bounded request to a service of Microsoft over HTTPS,
// and what an answer that is none means.
//
// # What it is
//
// What the packages that ask Entra ID and Microsoft Graph have in common: TLS
// 1.2 or later, the system's authorities and a bundle, the proxy of the settings
// or of the environment, a fresh connection for each request, a bound on size
// and time, and the class of what went wrong. Nothing is tried again here.
//
// # Invariants
//
// An Error never holds a body, a token or a secret: of an answer it keeps the
// members that Entra ID documents for errors, cleaned and cut.
//
// # Sources
//
// Microsoft, "Microsoft Entra authentication and authorization error codes",
// learn.microsoft.com/entra/identity-platform/reference-error-codes, 2026, and
// bodies that were seen; RFC 9110; RFC 8446.
package exchange
