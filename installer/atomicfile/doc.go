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
//   - Symbolic links are followed as the kernel follows them, and kept, and have
//     to lead to the same file still when it is replaced. Owner, mode, POSIX ACL, extended attributes,
//     SELinux label and the flags of chattr are set on the staged file before its
//     first byte, and are those of the file it replaces; on Windows owner and
//     access list. After a replacement they are read back, on Windows also hidden,
//     system and their like, and alternate data streams. Left out are attributes
//     that the kernel makes of a content (security.ima, security.evm).
//   - Where a rename would lose something or is impossible (hard links, a file
//     that is a mount point, a folder or attributes that this account may not
//     write), the file is written in place, with the backup on the disk, its space
//     taken before its first byte changes, and read back. It is written through a
//     descriptor that was compared with the file that was looked at: where the path
//     leads meanwhile does not matter. Set-ID bits and capabilities, which writing
//     takes, are given back; an account that could not is refused. Result says
//     which way was taken and why, and of a failure whether anything was touched.
//   - On an overlay a file of a layer that is only read becomes another one when it
//     is written. Its other names (hard links) then keep the old content, and
//     Result says so.
//   - A file that changed since it was read, in content, identity or metadata, or
//     that is another one of the same content, is not replaced. It is looked at
//     right before the replacement, on Linux with the time that nobody can set
//     (ctime). There the two names are exchanged, and exchanged back where what was
//     replaced is not what was seen. Where a file system has no exchange, and on
//     Windows, what somebody writes after that look and before the rename is lost;
//     so is, everywhere, what is written through a descriptor that was open before.
//     Revert replaces only the file that it looked at, and takes no name from
//     another file.
//   - A reader that has the file open keeps the old content (rename), or may see
//     a mixture for a moment (in place). On file systems through FUSE whose rename
//     is made of two steps a reader may find no file for a moment.
//   - A call that returned is on the disk: files and folders are flushed.
//   - Every call can be repeated. A full disk, a quota or a killed process lose
//     nothing: while the file is half written Clean keeps its backup.
//   - A Pending survives JSON with every path, UTF-8 or not. The time that nobody
//     can set does not: between processes content, identity and metadata decide.
//   - Read makes the one copy of a content; every other call holds at most
//     some hundred kilobytes of it.
//
// # Windows
//
// ReplaceFileW puts the new file in place, always with a name for the old one,
// which is brought back when the process ended in between. What other programs
// hold open is waited for within Pending.Patience; what still does not let
// itself be replaced is written in place, sharing everything. A file that is
// marked read-only is refused.
//
// A read-only mode (0444) on Unix keeps nobody from replacing the file who may
// write its folder; the mode stays.
//
// # Units
//
// Sizes in bytes, hashes SHA-256 in hexadecimal.
//
// # Errors
//
// The sentinels below, wrapped with what was attempted; the operating system's
// own errors otherwise. None quotes a content or an attribute's value.
//
// # Sources
//
// rename(2), fsync(2), fallocate(2), open(2), xattr(7), acl(5), ioctl_iflags(2),
// Linux man-pages 6.03; linux/fs.h; ReplaceFileW, MoveFileExW, CreateFileW,
// FindFirstStreamW: learn.microsoft.com/windows/win32/api, 2026; volumes of
// Kubernetes: kubernetes.io/docs/concepts/configuration/secret, 2026. The tests
// for Windows run under Wine; what Wine lacks they name, and it has not been run
// on a real Windows.
package atomicfile
