// Package svctest holds the contract of svc.Manager and a fake that keeps it.
//
// # What it is
//
// Run is the contract: the fake, the command driver, the real systemd (with
// -tags system) and the service control manager (on Windows, or Wine) pass it.
// Fake is a service manager in memory: services do what their Script says, by a
// clock that is a parameter. IIS plays Internet Information Services with
// workers that are real processes, and its appcmd.
//
// # Invariants
//
//   - The fake keeps state: a service runs until something ends it, each run
//     is another process, and what needs a stopped service stops with it.
//   - Calls of the fake that change something are recorded in order, also
//     those that failed.
//   - What appcmd prints and how it ends is Microsoft's as far as it is
//     documented. Not documented, and so never relied on by who drives it: the
//     words of its errors, and the status of a list of workers that is empty.
//
// # Sources
//
// Microsoft Learn, read in November 2026: Getting Started with AppCmd.exe;
// Start or Stop an Application Pool (IIS 7), cc732742; ApplicationPool.Recycle
// Method, ms690442 (a pool must be started to be recycled); Recycling Settings
// for an Application Pool <recycling> (overlap). That appcmd list ends with
// status 1 where its filter matches nothing, and that the act of a pool that is
// there already is an error, is what published scripts build on; Microsoft's
// pages are silent on both.
package svctest
