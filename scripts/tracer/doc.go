//go:build faults && linux && amd64

// Package tracer runs a program under ptrace and shows an Observer every system
// call that writes, before and after the kernel does it, so that a test can
// record it, make it fail, or kill the program there.
//
// # What it is
//
// Run starts a program, follows its threads and numbers, over all of them, the
// calls that change a file, a folder, what is on the disk, a lock, or that talk
// to a local service. Programs that it starts are not followed: they are another
// program's business, and run at full speed.
//
// # Invariants
//
//   - The observer is called from one goroutine at a time, in the order in which
//     the calls were begun: with Enter before the kernel does anything, with
//     Leave when the call's result is known.
//   - What does not change anything that lasts is not shown: opening for reading,
//     pipes, sockets of the network, the runtime's own event descriptors.
//   - After KillBefore the call was not made; after KillAfter and Torn it was,
//     and nothing after it.
//   - When Run returns, no thread of the program is left.
//
// # Units
//
// Offsets and sizes in bytes. Paths are absolute.
//
// # Speed
//
// A program at a fixed place in its memory, as Go builds them, stops only at the
// calls of interest, by a seccomp filter that asks for the place as well: what it
// starts inherits the filter, has no tracer, and would get ENOSYS, but stands
// elsewhere. Only where it starts a program that cannot be executed it is told
// that this ended with a status instead. Any other program stops at each of its
// calls.
//
// # Sources
//
// ptrace(2), seccomp(2), proc_pid_fdinfo(5), Linux man-pages 6.03.
package tracer
