// Package yamldoc finds, replaces and adds strings in YAML.
//
// # What it is
//
// YAML 1.1 and 1.2 as yaml.v3 reads it, in UTF-8: block and flow collections,
// every style of scalar, anchors, aliases, tags, several documents. A place is an
// RFC 6901 pointer; it must lead to a value in exactly one of a stream's
// documents. yaml.v3 tells where a scalar starts; where it ends this package finds
// out by reading the text itself, and only where both agree the place is sure.
//
// A value keeps its style where that can carry it: plain where every reader of
// YAML 1.1 and 1.2 takes it for a string, single quotes where it is printable, a
// block where it is one line. Else it is written in double quotes and ASCII.
//
// An entry is added behind the last one of its mapping, with its indentation and
// in the quotes of most of its strings, or below a key that has no value, or
// between braces, on a line of its own where the last one has one, or as all of a
// file that has no value. What belongs to
// the next entry, as comments and blank lines, stays behind it. What JSON reads
// before an edit it reads afterwards.
//
// # Invariants
//
//   - Both bodies are read by yaml.v3 and by its successor v4, which was right on
//     every file of the public suite where v3 was not: on the file as it is they
//     must see the same nodes, and in the result the same nodes but for the edits,
//     which must resolve to strings.
//   - Every other node keeps its style, anchor and tag, and moves with the text
//     before it only.
//   - Refused: aliases, anchors in use, values that a merge key brings in, tags
//     other than !!str, keys that are there twice, expressions of templates,
//     values that sops, Ansible or a cluster's controller keeps, data of a
//     Kubernetes Secret (package kubernetes reads that), and what readers differ
//     on: NEL, LS, PS, a lone CR, a byte order mark within, the tag !, and UTF-16,
//     which many do not read.
//   - Refused as places for an entry: lists, keys behind a question mark, pairs
//     without braces, and the end of a block whose meaning it would change.
//   - Time and memory grow with the file; 10,000 levels are read.
//
// # Units
//
// Offsets are bytes of the body, columns characters.
//
// # Errors
//
// All are *syntax.Error. Where the text is no YAML, the place is that which v4 tells.
//
// # Sources
//
// YAML 1.1 (2005) and 1.2.2 (2021). How three parsers place and read the public
// test suite was measured in 2026-07; the rules for the ends of scalars come from
// there.
package yamldoc
