// Package wizard asks an administrator for what an answers file would say.
//
// # What it is
//
// Install walks through the sections of the settings' table, Configure offers
// first what administrators come for: a new client secret. Both yield the
// structure of an answers file, and the secrets that were typed; what happens
// with them is the same as without a wizard. Confirm shows a plan.
//
// # Invariants
//
//   - A setting that was given by a flag, the environment or a file is not asked.
//   - A value is checked at Enter, with the rules of the answers file.
//   - "<" goes one question back; before anything happens all is shown once more.
//   - A secret is never shown: its present value is "set, fingerprint …".
//
// # Errors
//
// Those of package prompt: ErrNoTerminal, ErrCancelled.
package wizard
