// Package secrets lists the client secrets of an installation's application
// through Microsoft Graph.
//
// # What it is
//
// Flows for administrators who may read or change the app registration. Nothing
// else of the program needs them: pasting a secret from the portal never asks
// Graph. Whose rights are used is up to a SignIn: those of a person, or of the
// application itself.
//
// # Invariants
//
// The token goes to the host that the tenant's discovery document names as
// Microsoft Graph, which a progress line tells, and nowhere else. Exactly the
// secret that was named is removed, and only where this host was proven to use
// another; one that cannot be told from the one in use never is. Neither token
// nor secret is in a report; of a secret only what the directory shows.
//
// # Errors
//
// Every error is a *fault.Error: graph-refused where Graph judged,
// entra-no-verdict where it could not be asked or asked for patience.
package secrets
