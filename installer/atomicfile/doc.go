// Package atomicfile replaces files so that they are old or new, never in
// between, and otherwise stay what they were.
//
// # What it is
//
// A replacement is planned (Plan, no I/O), staged beside the file (Stage: a
// backup and the new content), committed (Commit) and cleaned up (Clean), or
// reverted (Revert). Each is a call of its own, so that a journal can announce
// it; a Pending works again in another process. Create and Remove are for the
// program's own small files.
//
// # Invariants
//
//   - Symbolic links are followed and kept. Owner, mode, POSIX ACL, extended
//     attributes and SELinux label are set on the staged file before its first
//     byte, and are those of the file it replaces.
//   - Where a rename would lose something or is impossible (hard links, a file
//     that is a mount point, a folder or attributes that this account may not
//     write), the file is written in place, with the backup on the disk, and read
//     back. Result says which way was taken and why.
//   - A file that changed since it was read is not replaced.
//   - A call that returned is on the disk: files and folders are flushed.
//   - Every call can be repeated.
//
// # Units
//
// Sizes in bytes, hashes SHA-256 in hexadecimal.
//
// # Errors
//
// The sentinels below, wrapped with what was attempted; the operating system's
// own errors otherwise. None quotes a content.
//
// # Sources
//
// rename(2), fsync(2), open(2), xattr(7), acl(5), Linux man-pages 6.03; volumes of
// Kubernetes:
// kubernetes.io/docs/concepts/configuration/secret, 2026.
package atomicfile
