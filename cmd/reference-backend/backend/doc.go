// Package backend is the reference backend: a server that keeps an Entra ID
// client secret in its configuration, signs in with it, and tells how it did.
//
// # What it is
//
// The payload of the demo and of the system tests. It behaves where it matters
// as the product does on .NET: it reads appsettings.json (comments, trailing
// commas and a byte order mark allowed, keys in any case), then
// appsettings.<environment>.json beside it, then environment variables with
// "__" for ":"; it reads them once, at its start. The environment's name is
// ASPNETCORE_ENVIRONMENT or DOTNET_ENVIRONMENT, else Production.
//
//	AzureAd:Instance, :TenantId, :ClientId, :ClientSecret, :Scope
//	Kestrel:Endpoints:Http:Url        http://127.0.0.1:5080
//	Diagnostics:SignInEverySeconds    30
//	Diagnostics:FingerprintKeyFile    key of the fingerprint it shows; none without it
//	Diagnostics:CABundle              PEM, trusted besides the system's authorities
//	Diagnostics:Proxy                 URL; else HTTPS_PROXY and NO_PROXY
//	Diagnostics:Fault                 fault injection for tests, see below
//	Diagnostics:FaultFile             the same for one start: the file holds a fault and is removed
//
// GET /health/live answers 200 while the process serves. GET /health/ready
// answers 200 only while the last sign-in succeeded, else 503, with a body of
// the form
//
//	{"status":"ready","since":"2026-11-23T12:00:00Z","pid":4711,
//	 "credential":{"fingerprint":"9f86d081-884c7d65","signedInAt":"2026-11-23T12:00:01Z"},
//	 "error":{"code":7000215,"message":"AADSTS7000215: Invalid client secret provided. …"}}
//
// Credential is the one that signed in last; error is there while status is
// "failing".
//
// As a service of Type=notify it reports READY once it listens, as the product
// does: a green start says nothing about the secret. With --service NAME it is
// a Windows service, which is start pending with a moving checkpoint until it
// listens, takes stop, shutdown and pre-shutdown at any time, and ends with the
// service-specific exit code 1 where it failed. Without a service manager,
// --daemon detaches it and returns when it listens.
//
// # Faults
//
// exit-at-start ends with status 1 before it listens; exit-after-ready five
// seconds after; hang-at-stop ignores SIGTERM; never-ready listens, but neither
// reports READY nor becomes ready.
//
// # Invariants
//
// The secret is in the request to Entra ID and nowhere else: not in a health
// body, a log line or an error.
//
// # Sources
//
// Microsoft, "Configuration in ASP.NET Core" (order of providers, "__"),
// learn.microsoft.com/aspnet/core/fundamentals/configuration, 2026; "sd_notify",
// systemd 252; "Service State Transitions" and "ControlService function" (stop is
// sent also to a service that is start pending and takes it), learn.microsoft.com,
// 2026.
package backend
