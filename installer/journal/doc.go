// Package journal is the durable record of a change and the lock around it.
//
// # What it is
//
// A Journal is one file per run, "<run ID>.journal" in a folder of its own.
// Each record is appended and flushed to the disk before the act that it
// announces, so that after a kill or a power cut the file tells at least
// everything that was begun.
//
// A Lock is held by one run per environment, across processes and containers that
// share the folder; the kernel frees it when the holder dies. One that another host
// took and did not free is not taken over: its kernel may be another, and whether
// the holder lives cannot be told from here.
//
// # Invariants
//
//   - Records are only appended. What Append adds is on the disk when it
//     returns; what Note adds is there at the next Append.
//   - The folder entry of a new journal is on the disk when Create returns.
//   - A torn tail (the last line cut short or damaged) is ignored by Read and
//     cut off by Resume. A damaged line with sound ones behind it is ErrDamaged.
//   - No record holds a secret or a file's content: that is the caller's duty,
//     kept by what the steps of package step marshal.
//
// # Format 1
//
// One record a line: the CRC-32C (Castagnoli, RFC 3720 appendix B.4) of the
// JSON text as eight hexadecimal digits, a blank, the JSON text, a newline.
// The JSON object has "seq" (from 1, without gaps), "time" (RFC 3339, UTC),
// "kind" and "data". The first record has the kind "begin" and its data has
// "format": 1.
//
// # Errors
//
// ErrDamaged and *BusyError; everything else is the file system's.
//
// # Sources
//
// flock(2), fsync(2), Linux man-pages 6.03; LockFileEx, Microsoft Learn, 2024.
package journal
