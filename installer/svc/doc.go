// Package svc starts, stops, registers and inspects the services of a host.
//
// # What it is
//
// Manager is one service manager. Systemd drives systemd over D-Bus, Commands
// drives services by argument vectors that a description names. Package
// svctest holds the contract that both pass, and a fake that passes it too.
//
// # Invariants
//
//   - No text of another program is parsed and no shell is started: systemd's
//     answers are D-Bus properties and names of errors, a command's answer is
//     its exit status.
//   - A Process compares equal with == for one run of a service and differs
//     from every other run's, also after a journal kept it as JSON.
//   - No State and no error holds the value of a variable or what a service
//     printed.
//
// # Units
//
// Times are UTC. Systemd tells the start of a process to the microsecond.
// Commands tells it to 10 ms, counted from the host's boot time, which is a
// whole second and read once: two runs are told apart to 10 ms, the time of
// day may be a second off. Where there is no /proc it is zero.
//
// # Errors
//
// The sentinels of this package, wrapped with what was attempted and the
// service's name, beside the manager's own words.
//
// # Sources
//
// org.freedesktop.systemd1(5), systemd.unit(5) and systemd.service(5) of
// systemd 252; proc_pid_stat(5) of man-pages 6.03. Seen on systemd 252:
// resetting a unit clears its start limit, also while it is not failed.
package svc
