// Package secrets lists the client secrets of an installation's application, makes
// one and switches to it, and retires them, through Microsoft Graph.
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
// What is made is in the ledger (site.Ledger) before Graph is asked, and its value in
// the box (package handed) before anything else is done with it: a run that is killed
// at any point leaves what the next one goes on with, or removes by ID. What fails
// after a secret was made removes exactly that one; what cannot be removed is owed,
// and PayOwed pays. configure does the switch, in the same session.
//
// # Errors
//
// Every error is a *fault.Error: graph-refused where Graph judged,
// entra-no-verdict where it could not be asked or asked for patience.
package secrets
