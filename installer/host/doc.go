// Package host reads and changes facts of the operating system: who runs us,
// what the machine is called, space, folders and the service user.
//
// # What it is
//
// Four small interfaces, System, Accounts, Folders and Guards, and OS, the driver
// of all four for the system that the program runs on. Facts are what pre-flight
// judges of Windows; a fact that cannot be read is missing, not an error.
//
// # Invariants
//
//   - Every change tells what it really made, so that an undo removes exactly
//     that and nothing that was there before.
//   - A new folder has its final owner and mode before its name is known to a
//     caller; until then nobody but the caller can enter it.
//   - Programs are run by argument vector, and no argument is a secret.
//
// # Units
//
// Space is in bytes. Paths are absolute.
//
// # Errors
//
// Sentinels of this package and those of io/fs, wrapped with what was
// attempted. A program that refused is named with its exit status, never with
// its output.
//
// # Sources
//
// useradd(8) and userdel(8) of shadow 4.13 for the exit statuses; getent(1);
// proc(5), /proc/self/loginuid (man-pages 6.03).
//
// Microsoft Learn, 2026: "Determine which .NET Framework versions are installed"
// (Release), "How to use Group Policy to deploy WinHTTP proxy settings" (where
// WinHttpSettings is; its form is not documented: read from what netsh writes),
// "WinINet: setting and retrieving Internet options". The .NET design
// "install-locations" for InstalledVersions, which is in the 32-bit part of the
// registry. The reasons for a restart are those that Microsoft's own
// xPendingReboot tells.
package host
