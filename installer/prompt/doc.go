// Package prompt asks a person at a terminal.
//
// # What it is
//
// A driver for one noun: the person. [Terminal] asks at a real terminal, with
// cursor keys where the terminal has them and with plain numbered lines where
// it has not (TERM=dumb, a serial line, an old Windows console). Both read the
// same answers from the same keys. Package prompttest holds the contract test
// and a scripted person.
//
// # Invariants
//
// One gate stands in front of every question: unless In and Err are both
// terminals, every method returns ErrNoTerminal and neither prints nor reads.
// The terminal's mode is put back on every return, also when the context ends.
// Nothing is read beyond the Enter that ends an answer, so a script may write
// its answers ahead. CR, LF and CR LF are one Enter. A secret is never echoed,
// masked or kept; its length cannot be seen. Every printed text is stripped of
// control characters and fits the terminal's width. Blanks around a text are
// dropped; those around a secret are kept for whoever checks it.
//
// Promptui runs without its own handling of Enter: it draws again from a
// second goroutine while the first one returns (a data race), takes the Delete
// key for the end of input, suspends the parent process on Ctrl-Z, rings the
// bell for every Backspace and answers a Select on a pipe with the first item.
// So Terminal reads the keys itself, hands over those that edit and move, and
// ends the input where the person pressed Enter; by then promptui's goroutines
// have stopped.
//
// # Units
//
// Limits are in bytes of UTF-8, widths in columns.
//
// # Errors
//
// ErrNoTerminal, ErrCancelled, ErrBack. When a context ended, the error is
// ErrCancelled and the context's cause.
//
// # Sources
//
// https://no-color.org (2026); promptui v0.9.0 and chzyer/readline 2972be2,
// read 2026-07; termios(3).
package prompt
