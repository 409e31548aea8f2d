// Package run carries out a change as acts with undo, under a journal.
//
// # What it is
//
// A change is a list of acts. Each act's step is plain data that the journal
// keeps from the beginning, so that another process can undo or finish what a
// killed one began. Execute does the acts in order; when one fails, or the
// context ends, it undoes in reverse order all that were begun. Recover does
// for a journal that was left what Execute would have done. A change that has to
// be confirmed stays open until Settle, or until its time is over.
//
// # Invariants
//
//   - An act is announced in the journal, on the disk, before it is done, and
//     so is its undo.
//   - Undo ignores the cancelled context and has a deadline of its own.
//   - Do and Undo of a step are idempotent, and Undo is right for a step that
//     was begun and did not end.
//   - Decide is pure: what to do with a journal follows from its records and from
//     the Facts: the time, whether the host boots, and what each file holds.
//   - All files are old or all are new. Where somebody else wrote one that was
//     switched and the change would have to go back, nothing is touched (ErrHands).
//
// # Records
//
// "begin" (the Head), "do", "done", "undo", "undone" (an act's index),
// "committed". The journal is removed when nothing is left to do. A change that
// waits for its confirmation has all acts done and no "committed".
//
// # Errors
//
// *FailedError: which act failed, why, and whether everything was put back;
// ErrHands.
package run
