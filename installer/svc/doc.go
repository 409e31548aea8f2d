// Package svc starts, stops, registers and inspects the services of a host.
//
// # What it is
//
// Manager is one service manager. Systemd drives systemd over D-Bus, SCM the
// service control manager of Windows, Commands drives services by argument
// vectors that a description names. Package svctest holds the contract that
// all of them pass, and a fake that passes it too.
//
// What is decided about Windows (order, polling, errors, what is registered) is
// built and tested on every system against a double of scmCalls; only the calls
// are Windows' own.
//
// Tasks is no manager of services: it registers tasks of Windows' Task Scheduler
// through schtasks.exe, and their triggers start them.
//
// # Invariants
//
//   - No text of another program is parsed and no shell is started: systemd's
//     answers are D-Bus properties and names of errors, Windows' are numbers, a
//     command's answer is its exit status. The one exception is a process
//     command, of which only process IDs are taken: anything but digits and
//     white space is an error, which does not show it.
//   - A Process compares equal with == for one run of a service and differs
//     from every other run's, also after a journal kept it as JSON.
//   - No State and no error holds the value of a variable or what a service
//     printed.
//
// # Units
//
// Times are UTC. Systemd tells the start of a process to the microsecond,
// Windows to 100 ns; that of a process which this account may not look at is
// zero there.
// Commands tells it to 10 ms, counted from the host's boot time, which is a
// whole second and read once: two runs are told apart to 10 ms, the time of
// day may be a second off. On Windows it tells what Windows does. On hosts with
// neither it is zero.
//
// # Errors
//
// The sentinels of this package, wrapped with what was attempted and the
// service's name, beside the manager's own words. Those of Windows are a
// *WindowsError, whose number tells more than the sentinel.
//
// # Sources
//
// org.freedesktop.systemd1(5), systemd.unit(5) and systemd.service(5) of
// systemd 252; proc_pid_stat(5) of man-pages 6.03. Seen on systemd 252:
// resetting a unit clears its start limit, also while it is not failed.
//
// Microsoft Learn, read in November 2026: "Starting a Service" and "Stopping a
// Service" (a tenth of the wait hint, the checkpoint), "EnumDependentServices"
// (in the order in which they are to be stopped), "CreateServiceW" and
// "ChangeServiceConfigW" (no password for managed and virtual accounts, an
// empty one for the built-in ones), "SERVICE_DELAYED_AUTO_START_INFO",
// "SERVICE_FAILURE_ACTIONS", "SERVICE_PRESHUTDOWN_INFO", "CommandLineToArgvW",
// "OpenProcess" (error 87 for an ID that no process has), "GetProcessTimes".
// "Log on as a service" (security policy setting: virtual accounts and the built-in ones
// have the right), "LsaAddAccountRights".
// "SERVICE_SID_INFO": the service's SID is added to its token as a group; it is
// not set here, since the SID is the user of a virtual account's token already.
//
// Seen on Wine 8: a service whose process ended stays "running" until a control
// is sent to it, dependencies are not kept, and delayed start, the failure flag
// and the SID type are error 124.
package svc
