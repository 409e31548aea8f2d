// Package document finds, replaces and adds single values in configuration files
// without touching any other byte.
//
// # What it is
//
// A rule: bytes in, bytes out. Find reads the value of a slot, Edit puts values
// into slots (Replace also tells what was there), Add makes a slot that is missing,
// List tells all that is there.
// Find asks the second parser, too: what it takes can be edited. A parser tells where a value
// lies, the new text is spliced in there, and the result is read again before it
// is returned. Nothing is ever decoded and encoded as a whole: no library does
// that without loss.
//
// Each format is a package below this one, whose documentation tells what it
// reads and what it refuses; syntax is their common ground. What Slot.At means:
//
//	jsonc         an RFC 6901 pointer: /AzureAd/ClientSecret; names match in any
//	              case, and "AzureAd:ClientSecret" is the same place
//	json, toml    an RFC 6901 pointer; names match as they are written
//	yaml          the same; it must lead to a value in one of a stream's documents
//	kubernetes    [NAME:]/stringData/KEY or /data/KEY of a Secret; #FORMAT:AT
//	              behind it leads into the file that the key holds
//	xml           /configuration/appSettings/add[@key="ClientSecret"]/@value, or
//	              an element: /settings/server/password
//	ini           section/key; /key before any section; ~1 is a slash in a name
//	env           KEY
//	systemd-env   KEY
//	systemd-unit  Section/Key, or Service/Environment/NAME
//	properties    the key
//	raw           nothing: the file is the value
//
// # Invariants
//
//   - Every byte outside the replaced texts is the same, byte order mark, line
//     ends and final newline included. A new text is one line of ASCII where the
//     format has escapes, in the old one's quoting where that can carry the value,
//     else in the least change of it that can.
//   - A value that is already there changes nothing, whatever its notation.
//   - After Edit, Find returns what was set; every other value, its type, style,
//     anchor and tag are what they were, shifted in place only. The format's own
//     reader says so, and a second parser that shares no code with it, where one
//     exists.
//   - All changes are made or none.
//   - What is not certain is refused: see syntax.Kind.
//
// # Units
//
// Lines and columns count from 1, columns in characters. Reading takes time in
// proportion to the file. JSON takes no memory but for the result; the other
// formats some tens of bytes for each value. MaxBytes is what a caller should
// read at most; syntax.MaxDepth bounds the nesting.
//
// # Errors
//
// All errors are *syntax.Error. They name place and reason, and the address or a
// part of it, never a value. A value that cannot be represented is told with where
// it was meant to go, a place that is missing with what is nearest to it.
//
// What looks like a value that sops or Ansible encrypted is read from no format and
// given to none. A byte order mark is refused where it becomes a part of the first
// name or of the value (env, systemd-env, properties, raw), UTF-16 where the
// format or its readers know UTF-8 only (yaml, toml, systemd-unit).
//
// # Sources
//
// How 35 ways of writing behave on the same files was measured before this was
// written (2026-07); the refusals come from there. Each format's package names
// its own sources.
package document
