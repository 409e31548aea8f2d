package term

// Attended reports whether a person can be at a process's terminal. On Windows,
// services and scheduled tasks run in session 0 and may have a console there, which
// nobody sees; only a session of OpenSSH runs in it, too, and has a person at its
// other end.
//
// Sources: https://learn.microsoft.com/windows/win32/termserv/terminal-services-sessions
// (2021-01); SSH_CONNECTION in ssh(1) of OpenSSH 9.
func Attended(servicesSession, ssh bool) bool { return !servicesSession || ssh }

// OwnWindow reports whether a program without arguments was opened by a double
// click: it is the only process on its console, whose window ends with it. Who
// starts a program from a shell shares the shell's console.
//
// Source: https://learn.microsoft.com/windows/console/getconsoleprocesslist (2021-09).
func OwnWindow(processes, arguments int, interactive bool) bool {
	return processes == 1 && arguments == 0 && interactive
}
