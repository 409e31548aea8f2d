// Package fault is the one error that people see: a code, what happened, what
// to do about it, and the cause.
//
// Drivers and rules return sentinels and plain errors; flows translate them
// into a fault, because only a flow knows the remedy; package cli prints it.
package fault

import (
	"errors"
	"fmt"
)

// Code names a kind of failure. The words are stable: scripts branch on them.
type Code string

// The codes, append only. Each is listed in the README with its exit status.
const (
	Internal        Code = "internal"
	Usage           Code = "usage"
	NotElevated     Code = "not-elevated"
	NotInstalled    Code = "not-installed"
	VersionMismatch Code = "version-mismatch"
	ConfigInvalid   Code = "config-invalid"
	Busy            Code = "busy"
	WriteFailed     Code = "write-failed"
	Preflight       Code = "preflight"
	SecretMalformed Code = "secret-malformed"
	SecretRejected  Code = "secret-rejected"
	EntraNoVerdict  Code = "entra-no-verdict"
	RolledBack      Code = "rolled-back"
	RollbackFailed  Code = "rollback-failed"
	Cancelled       Code = "cancelled"
	Unhealthy       Code = "unhealthy"
	Drifted         Code = "drifted"
	Undecided       Code = "undecided"
	GraphRefused    Code = "graph-refused"
	LinkRefused     Code = "link-refused"
	LinkNoAnswer    Code = "link-no-answer"
	NotDelivered    Code = "not-delivered"
)

// Row is one line of the table of codes.
type Row struct {
	Code    Code
	Exit    int
	Meaning string
}

// Table lists every code with its exit status, in order of the exit status.
func Table() []Row {
	return []Row{
		{Internal, 1, "a defect in the installer; nothing is known to have changed"},
		{Usage, 2, "flags, answers or environment are incomplete or wrong; nothing was touched"},
		{NotElevated, 3, "the account may not read or write what the command needs"},
		{NotInstalled, 4, "no installation of that environment on this host"},
		{VersionMismatch, 4, "the installation was made by another version of the installer"},
		{ConfigInvalid, 5, "a configuration file cannot be edited safely"},
		{Drifted, 5, "verify: the client secret in the file is not the one that was set last"},
		{Undecided, 5, "adopt --detect: what was found leaves something to decide; nothing was registered"},
		{Busy, 6, "another run holds the environment"},
		{WriteFailed, 7, "a file could not be written; nothing changed"},
		{Preflight, 8, "the host is not ready for the change; nothing changed"},
		{SecretMalformed, 10, "the value cannot be a client secret"},
		{SecretRejected, 10, "Entra ID refused the secret, the application or the tenant"},
		{GraphRefused, 10, "Microsoft Graph refused: the token, its permissions, the application, or a policy; nothing changed"},
		{LinkRefused, 10, "a one-time link is malformed, used up, or its key or passphrase is wrong"},
		{EntraNoVerdict, 11, "Entra ID or Microsoft Graph gave no verdict: network, proxy, TLS, throttling, Conditional Access"},
		{LinkNoAnswer, 11, "the server for one-time links was not reached, refused, or is none"},
		{NotDelivered, 12, "watch: a warning did not arrive everywhere; the next check tries again"},
		{RolledBack, 20, "a service did not come up; everything was put back"},
		{Unhealthy, 20, "verify: a service does not run, is not healthy, or does not use the secret in the file"},
		{RollbackFailed, 21, "a service did not come up and not everything could be put back; hands needed"},
		{Cancelled, 130, "cancelled; nothing changed, or everything was put back"},
	}
}

// Exit is the exit status of a code; 1 for a code that is not in the table.
func (c Code) Exit() int {
	for _, row := range Table() {
		if row.Code == c {
			return row.Exit
		}
	}
	return 1
}

// Error is a failure as a person reads it.
//
// What says in lower case, without a full stop, what was attempted and how it
// ended. Remedy is an instruction that names a command, a file, a setting or a
// page. Neither holds a secret.
type Error struct {
	Code   Code
	What   string
	Remedy string
	Cause  error
}

// New is an Error without a cause.
func New(code Code, what, remedy string) *Error {
	return &Error{Code: code, What: what, Remedy: remedy}
}

// Wrap is an Error with the cause that an errors.As finds.
func Wrap(code Code, cause error, what, remedy string) *Error {
	return &Error{Code: code, What: what, Remedy: remedy, Cause: cause}
}

// Error is the code and what happened, then the cause.
func (e *Error) Error() string {
	if e.Cause == nil {
		return e.What
	}
	return fmt.Sprintf("%s: %v", e.What, e.Cause)
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Cause }

// Of finds the Error in a chain; an error without one is reported as Internal,
// nil as nil.
func Of(err error) *Error {
	if err == nil {
		return nil
	}
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return Wrap(Internal, err, "unexpected failure",
		"run it again with --log-level debug and send the log to support")
}
