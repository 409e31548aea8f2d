// Package remedy is what remedies say in other words on each operating system:
// how a person gets more rights, sets the clock, finds a service's log. Flows
// write the rest of the sentence.
//
// # Sources
//
// w32tm, https://learn.microsoft.com/windows-server/networking/windows-time-service/windows-time-service-tools-and-settings
// (2025-06); sc.exe start, https://learn.microsoft.com/windows-server/administration/windows-commands/sc-start
// (2023-02).
package remedy

import "runtime"

// Words are those of one operating system.
type Words struct{ goos string }

// Here are the words of the system that the program runs on.
func Here() Words { return For(runtime.GOOS) }

// For are the words of a system, as package runtime names it.
func For(goos string) Words { return Words{goos} }

func (w Words) windows() bool { return w.goos == "windows" }

// Elevated says how to run the command with more rights, or as whom else.
func (w Words) Elevated(or string) string {
	how := "run it with sudo"
	if w.windows() {
		how = `open PowerShell or cmd with "Run as administrator" and run it there`
	}
	if or == "" {
		return how
	}
	return how + ", or as " + or
}

// Sudo begins a command line that needs rights; "" where the console has them.
func (w Words) Sudo() string {
	if w.windows() {
		return ""
	}
	return "sudo "
}

// SetClock is the command that sets the clock.
func (w Words) SetClock() string {
	if w.windows() {
		return "w32tm /resync"
	}
	return "timedatectl set-ntp true"
}

// Log is where a service's own log is.
func (w Words) Log(service string) string {
	if w.windows() {
		return "the Application log in eventvwr.msc"
	}
	return "under systemd: journalctl -u " + service
}

// Start is the command that starts a service.
func (w Words) Start(service string) string {
	if w.windows() {
		return "sc.exe start " + service
	}
	return "under systemd: systemctl start " + service
}

// Close is the command that leaves a file to administrators, or to its owner alone.
func (w Words) Close(path string) string {
	if w.windows() {
		return `icacls "` + path + `" /inheritance:r /grant:r *S-1-5-18:F *S-1-5-32-544:F`
	}
	return "chmod 600 " + path
}

// CloseFolder is the command that keeps others from changing what is in a folder.
func (w Words) CloseFolder(path string) string {
	if w.windows() {
		return `icacls "` + path + `" /inheritance:r /grant:r *S-1-5-18:(OI)(CI)F *S-1-5-32-544:(OI)(CI)F`
	}
	return "chmod o-w " + path
}

// Unwritable is what may keep even an administrator from writing a file.
func (w Words) Unwritable() string {
	if w.windows() {
		return "where the file is read-only (attrib) or another program holds it open, change that first"
	}
	return "where the file system is read-only or the file immutable (lsattr), change that first"
}
