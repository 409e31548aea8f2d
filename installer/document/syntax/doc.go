// Package syntax is what the formats of configuration files have in common.
//
// # What it is
//
// A format's package turns a body (Text, without byte order mark, in UTF-8) into
// a File: it finds the text of a value, writes another text for it, and reads
// the result again. Formats that are a list of values are a Grammar, for which
// Listed does all but reading, writing and naming; the others (JSON, which is
// read as a stream, and YAML, which is a graph) implement File themselves.
//
// # Invariants
//
// Nothing here does I/O, keeps state between calls, or changes a slice that it
// was given.
//
// # Units
//
// Offsets are bytes of a body. Lines and columns count from 1, columns in
// characters; a line ends at LF, CRLF or CR.
//
// # Errors
//
// All errors are *Error. They name a place, a path, a reason, and never a value.
package syntax
