// Package adopt registers an installation that others made, so that configure,
// verify and status work on it. It changes nothing of that installation.
//
// # What it is
//
// Run registers a description that somebody wrote. Detect looks for what the
// vendor's installer made and works out descriptions of it; Accept registers one
// that a person, or --yes, has confirmed.
//
// # Invariants
//
//   - Nothing of the installation is written, moved or opened for writing, its
//     files of state included; Detect writes nothing at all.
//   - Looking is bounded: in the number of files, their size and their depth. What
//     was left out is told.
//
// # Errors
//
// All are *fault.Error.
package adopt
