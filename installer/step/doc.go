// Package step holds the acts that change a host, each with its undo.
//
// # What it is
//
// Small structs for package run: a file staged and switched, services guarded,
// restarted and proven, a state file saved, and what an installation makes
// from nothing. Exported fields are journaled; unexported ones are drivers and
// content, which never are.
//
// # Invariants
//
//   - Do and Undo are idempotent, and Undo is right for a step that was begun
//     and did not end.
//   - What was there before a step is not removed by its undo.
//   - No exported field holds a secret or a file's content; Save, which keeps
//     the program's own state files, is the exception: they hold no secret.
package step
