// Package eventlog reports what becomes of a run to the log of the operating
// system, where monitoring looks.
//
// # What it is
//
// Log is the interface, OS its driver: the Application log of Windows, and the
// journal of systemd.
//
// # Invariants
//
//   - Each call ends after three seconds at the latest.
//   - What Windows is told is worked out as text (Registration, Message) and
//     tested on every system; a call is all that is left.
//   - The IDs are append only: monitoring filters by them.
//
// # Errors
//
// ErrNone where this system has no such log. Everything else is an error of the
// operating system, wrapped with what was attempted.
//
// # Sources
//
// Microsoft Learn, 2026: "Event Sources" (several message files, one after the
// other), "ReportEventW function" (31,839 characters, no %n), "eventcreate" (its
// own message file knows the IDs 1 to 1000 only, so it is not used here),
// "EventLog.CreateEventSource" (the .NET Framework's EventLogMessages.dll, whose
// text is %1 for every ID from 0 to 65535; it is part of Windows Server since
// 2012). systemd.journal-fields(7), and "Native Journal Protocol" of systemd.
package eventlog
