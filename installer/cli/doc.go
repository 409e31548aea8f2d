// Package cli is the command line: argv, environment and streams become
// options, errors become text and an exit status.
//
// # What it is
//
// Main is the program. A command's constructor turns its flags into a filled
// request and hands it to a flow; wire.go names the real drivers. Nobody else
// prints: stdout carries the result, stderr is for people, the log is for
// support.
//
// # Invariants
//
//   - A secret is never the value of a flag, and never printed.
//   - Without a terminal nothing is asked: what is missing is named, with exit
//     status 2.
//   - The first SIGINT, SIGTERM or SIGHUP ends the run at its next safe point;
//     a second one tells what is waited for. A closed stdout or stderr does not
//     stop a run.
package cli
