// Package access is who may read what on Windows, worked out as text.
//
// # What it is
//
// ParseAccount reads the names of accounts that a service can run as.
//
// # Invariants
//
// Nothing is asked of the operating system, so that what is decided here is
// tested on every system; a driver makes the one call.
//
// # Errors
//
// ErrAccount, with what is wrong.
//
// # Sources
//
// Microsoft Learn, 2026: "LocalSystem Account", "LocalService Account" and
// "NetworkService Account", "Group Managed Service Accounts Overview", "Security
// identifiers" (S-1-5-80: a service's SID is the SHA-1 of its name in capitals,
// UTF-16).
package access
