// Package proof waits until Entra ID has proved a credential, or has not.
//
// # What it is
//
// Credential asks until Entra ID has accepted a credential several times in a
// row, each time over a fresh connection, or until there is nothing to wait for.
// Once asks a single time. Fault turns the outcome into words for people.
//
// # Invariants
//
//   - A fresh secret is given a window: replicas of Entra ID learn of it one
//     after the other, so that 7000215, 7000222 (expired!) and 700016 mean "not
//     yet" within it, and success may alternate with failure.
//   - Never more than Policy.MaxRequests requests: Entra ID takes more for a loop
//     (AADSTS50196) and blocks the client.
//   - A wait is told before it begins, and ends with the context.
//   - Nothing of a token or a secret is kept or told.
//
// # Errors
//
// *RefusedError, or the context's.
//
// # Sources
//
// Azure/ARO-HCP pull request 2723 (two minutes), 2025; microsoftgraph
// microsoft-graph-docs issue 17966 (4–18 s), 2022; Microsoft, "Microsoft Entra
// authentication and authorization error codes", learn.microsoft.com, 2026.
package proof
