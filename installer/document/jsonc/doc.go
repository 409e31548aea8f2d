// Package jsonc finds, replaces and adds strings in JSON.
//
// # What it is
//
// Two dialects. Open reads JSON as .NET's configuration does: comments, trailing
// commas, a byte order mark, UTF-8 or UTF-16; names match in any case, as
// OrdinalIgnoreCase compares them, and
// "AzureAd:ClientSecret" is the same place as ClientSecret within AzureAd.
// OpenStrict reads RFC 8259, where names are what they are. A place is an RFC
// 6901 pointer.
//
// A body is read as a stream, once to find a value and once to prove the result:
// nothing is kept of it but one byte for each level of nesting.
//
// # Invariants
//
//   - A new value is written in double quotes and in ASCII.
//   - The result has the same tokens in the same order, as the scanner of this
//     package sees them and as jsontext does, to which comments and trailing
//     commas are shown as blanks by code that knows no grammar.
//   - A member is added behind the last one of its object, on a line of its own
//     where that one has one, with its indentation, its colon and its line end; a
//     comment behind the last member stays with it.
//
// # Errors
//
// Refused are names that occur twice on the way, values that are no string, half
// of a surrogate pair, line separators within a comment (readers differ on where
// it ends), values that sops or Ansible encrypted, and files that sops has signed.
//
// # Sources
//
// JsonConfigurationFileParser.cs and Utf8JsonReader in dotnet/runtime (read
// 2026-07), RFC 8259, RFC 6901.
package jsonc
