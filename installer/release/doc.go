// Package release reads what a backend consists of: the manifest of a release
// (release.yaml) and the description of an installation.
//
// # What it is
//
// The program knows no service and no file by heart. A Manifest says which
// templates become which files, where in them the settings are, which services
// there are and how each proves itself; Realise works an installation out of
// it. An Installation is the same for what stands on a host, made by this
// program or by others.
//
// # Invariants
//
//   - Pure: texts in, structs and texts out.
//   - Every mistake of a text is told in one error, in the order of the text,
//     with its line and column. What Realise worked out is no text that anybody
//     wrote: its mistakes name the entry instead.
//   - What ParseInstallation returned is whole: formats and managers are filled
//     in, references between its parts are good.
//   - A description holds no secret: settings that are secrets are refused in it.
//   - An environment's name and a version can each name one folder and lead
//     nowhere else.
//
// # Units
//
// Durations are written with their unit: 60s, 1m30s.
//
// # Errors
//
// *InvalidError lists the mistakes; *OrderError tells a circle, *UnknownError
// a service that is not there.
//
// # Sources
//
// IETF, RFC 6901 (pointers), April 2013.
package release
