// Package watch warns in time of a client secret that ends.
//
// # What it is
//
// Run is one check, made for schedulers: it looks which secret is in place, asks
// Entra ID about it once, decides by package expiry what to warn of, and has it
// told. Try sends a test message. Install and Remove see to the scheduler of the
// host.
//
// # Invariants
//
//   - What is to be told is on record before anybody is told, and off it once it was
//     taken: a warning that a sink did not take, or that a kill cut off, is sent by
//     the next check. Killed between both, it is sent twice.
//   - Sinks are told side by side, each within two minutes; none waits for another.
//   - Nothing of the installation is changed, and no secret is told: what leaves the
//     host is masked.
//   - While a change of the installation is under way nothing is decided.
//
// # Errors
//
// A *fault.Error.
package watch
