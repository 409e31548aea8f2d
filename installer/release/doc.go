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
//   - Every mistake of a text is told in one error, with line and column where
//     there is one.
//   - What ParseInstallation returned is whole: formats and managers are filled
//     in, references between its parts are good.
//   - A description holds no secret: settings that are secrets are refused in it.
//
// # Errors
//
// *InvalidError lists the mistakes; *OrderError tells a cycle.
package release
