// Package edit changes one value of one file, whatever the file belongs to.
//
// # What it is
//
// It needs no installation, no root and no journal: the file's own folder holds the
// lock and what is staged. Where that folder takes no files (it belongs to others, or
// the file is mounted on its own), a folder of this account holds them, under a name
// made of the file's path, and the file is written in place.
//
// # Invariants
//
//   - Where nothing is to be changed, nothing is written, and no lock taken.
//   - What was seen before the lock decides nothing: under it the file is looked at,
//     read and planned anew. An edit that finds another waits a moment, and begins
//     with what that one left.
//   - What an edit left that was killed is put right first, by the next one that can
//     read it. A backup is removed only where the file is whole, or was not touched.
//   - What somebody saves or removes while an edit runs stays so.
//   - How the file stands after a failure is looked at, not assumed.
//   - Edits of accounts of which one may write the file's folder and the other may
//     not have two locks. They are kept apart by what atomicfile compares.
package edit
