// Package tomldoc finds and replaces the strings of a TOML file.
//
// # What it is
//
// TOML 1.0 and 1.1 as go-toml reads them, in UTF-8. An address is an RFC 6901
// pointer: /server/tls/key; /servers/0/key is in the first element of an array
// or of an array of tables.
//
// Only strings can be changed. "…" stays "…"; '…' stays '…' where that can hold
// the value; a string of several lines becomes "…". What "…" holds is ASCII, all
// else is escaped.
//
// A key is added behind the last key of its table, in the notation of that one:
// on a line with its indentation, as a dotted key, or within the braces of an
// inline table. Tables and elements are not added.
//
// # Invariants
//
// A byte order mark stays, though not every reader takes it: a file that has one
// is read by one that does. Keys and tables that are there twice make the whole
// file invalid, as TOML says, and so does every other mistake, at its place.
// Numbers and dates are left to the second parser, BurntSushi/toml, which must
// accept the file before it is edited.
//
// # Units
//
// Reading takes time and memory in proportion to the file. Tables, keys and
// arrays nest 1,000 deep at most, and paths may not take many times the size of
// the file.
//
// # Errors
//
// All are *syntax.Error.
//
// # Sources
//
// TOML 1.0.0 and 1.1.0 (toml.io). Which tables may be defined again is as
// go-toml's decoder has it (v2.4.3), which looks through all keys for each key
// and is therefore not asked itself.
package tomldoc
