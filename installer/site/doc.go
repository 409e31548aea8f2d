// Package site is an installation as it stands on this host: its description,
// what the program remembers of it, and the values its files hold now.
//
// # What it is
//
// The Store is the folder of the program's own state, one folder per
// environment:
//
//	installation.yaml   the description (package release)
//	record.json         what the last change left (Record)
//	fingerprint.key     the key of fingerprints on this host
//	journal/            of a change that is under way
//	lock                of the run that is under way
//	log/                of the runs
//	watch.json          what was warned of (package expiry)
//	watch.yaml          whom to warn and when (package expiry)
//	watch.lock          of the check by watch that is under way
//
// # Invariants
//
//   - Nothing here holds a secret. Values of secret settings are read from the
//     configuration files each time.
//   - Open and Read change nothing.
//
// # Errors
//
// ErrNone, ErrSeveral, *FileError; everything else is the file system's.
package site
