// Package document finds and replaces single values in configuration files
// without touching any other byte.
//
// # What it is
//
// A rule: bytes in, bytes out. Find reads the value of a slot, Edit puts values
// into slots. A parser tells where a value lies, the new text is spliced in
// there, and the result is read again before it is returned. Nothing is ever
// decoded and encoded as a whole: no library does that without loss.
//
// JSONC is JSON as .NET's configuration reads it: comments, trailing commas, a
// byte order mark, UTF-8 or UTF-16; names match in any case, and
// "AzureAd:ClientSecret" is the same place as ClientSecret within AzureAd. YAML
// is what yaml.v3 reads, UTF-8 only. Raw is a file whose whole content is the
// value.
//
// A slot of JSONC and YAML is an RFC 6901 pointer. In a YAML stream of several
// documents it must lead to a value in exactly one of them.
//
// # Invariants
//
//   - Every byte outside the replaced texts is the same, byte order mark, line
//     ends and final newline included. A new text is one line of ASCII (a block
//     scalar: its header and one line), in the old one's quoting where that can
//     carry the value.
//   - A value that is already there changes nothing, whatever its notation.
//   - After Edit, Find returns what was set; every other value, its type, style,
//     anchor and tag are what they were, shifted in place only. This package's
//     own reader says so, and a second one: hujson with encoding/json for JSONC,
//     yaml.v3 beside our own reading of the replaced text for YAML.
//   - All changes are made or none.
//   - What is not certain is refused: see Kind.
//
// # Units
//
// Lines and columns count from 1, columns in characters. Reading takes time and
// memory in proportion to the file. MaxBytes is what a caller should read at
// most; MaxDepth bounds the nesting.
//
// # Errors
//
// All errors are *Error. They name place and reason, and the pointer or a part
// of it, never a value.
//
// # Sources
//
// .NET's reader: JsonConfigurationFileParser.cs and Utf8JsonReader in
// dotnet/runtime (read 2026-07). RFC 6901, RFC 8259, YAML 1.1 and 1.2.2. How 35
// ways of writing behave on the same files was measured before this was
// written; the rules for YAML spans and the refusals come from there.
package document
