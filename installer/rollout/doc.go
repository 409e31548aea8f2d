// Package rollout restarts the services of an installation in order and proves
// that the new processes are healthy.
//
// # What it is
//
// A Crew joins the service managers and the health probes: Survey looks at
// every service, Restart stops those that ran in reverse dependency order and
// starts them in order, or restarts in one where that leaves no gap, Prove waits until each new process is healthy, Return
// brings services back after a change was undone.
//
// # Invariants
//
//   - Only services that ran before are started.
//   - A probe counts only when the main process is another one than before and
//     is the same before and after the probe. Where old and new processes run
//     at once, the manager reports an old one as long as there is one.
//   - Every wait ends: with the service's own "within", with the context, or
//     with Limits.Stop and Limits.Start.
//
// # Errors
//
// *ServiceError names the service and what it was wanted to do; its cause is
// package svc's or ErrUnhealthy, ErrUnstable, ErrSameProcess, ErrCredential.
package rollout
