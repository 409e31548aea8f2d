// Package svctest holds the contract of svc.Manager and a fake that keeps it.
//
// # What it is
//
// Run is the contract: the fake, the command driver, the real systemd (with
// -tags system) and the service control manager (on Windows, or Wine) pass it. Fake is a service manager in memory: services do what
// their Script says, by a clock that is a parameter.
//
// # Invariants
//
//   - The fake keeps state: a service runs until something ends it, each run
//     is another process, and what needs a stopped service stops with it.
//   - Calls of the fake that change something are recorded in order, also
//     those that failed.
package svctest
