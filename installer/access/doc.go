// Package access is who may read what on Windows, worked out as text.
//
// # What it is
//
// ParseAccount reads the names of accounts that a service can run as. List
// writes the access list of a file or folder that is for few; Parse reads a
// list that is there, and tells which large groups can read or change what it
// guards, and what the list is without them. Lists are in the security
// descriptor definition language (SDDL).
//
// # Invariants
//
// Nothing is asked of the operating system, so that what is decided here is
// tested on every system; a driver makes the one call. A list that List writes
// takes nothing from its folder and denies nobody anything.
//
// # Errors
//
// ErrAccount and ErrList, with what is wrong.
//
// # Sources
//
// Microsoft Learn, 2026: "LocalSystem Account", "LocalService Account" and
// "NetworkService Account", "Group Managed Service Accounts Overview", "Security
// identifiers" (S-1-5-80: a service's SID is the SHA-1 of its name in capitals,
// UTF-16), "Security Descriptor String Format", "ACE Strings", "SID Strings",
// "File Access Rights Constants".
package access
