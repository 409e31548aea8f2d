//go:build faults && linux && amd64

package crashtest_test

import (
	"slices"
	"strings"
	"syscall"

	"github.com/empowersuite/backend-installer/scripts/tracer"
)

// fault is a tracer's fault under the name that the report gives it.
type fault struct {
	name string
	tracer.Fault
}

func kill(name string, act tracer.Act) fault { return fault{name, tracer.Fault{Act: act}} }

// errnos are the errors that are tried, in the order of the report.
func errnos() []string {
	return []string{"ENOSPC", "EDQUOT", "EIO", "EROFS", "EACCES", "EINTR", "EPIPE"}
}

// failures are the errors of errnos that a call can return, as its page of the
// Linux man-pages 6.03 says; open(2), write(2), fsync(2), and so on. What only
// another use of the call returns is left out: EROFS of fsync is for special
// files, EACCES of setxattr for paths. EPIPE is for the streams alone.
func failures(name string) []string {
	byName := map[string]string{
		"open openat openat2 creat":     "EACCES EDQUOT EINTR ENOSPC EROFS",
		"write pwrite64 writev":         "EDQUOT EINTR EIO ENOSPC",
		"fsync fdatasync":               "EDQUOT EINTR EIO ENOSPC",
		"ftruncate":                     "EINTR EIO",
		"truncate":                      "EACCES EINTR EIO EROFS",
		"fallocate":                     "EINTR EIO ENOSPC",
		"flock":                         "EINTR",
		"copy_file_range sendfile":      "EIO ENOSPC",
		"rename renameat renameat2":     "EACCES EDQUOT ENOSPC EROFS",
		"link linkat symlink symlinkat": "EACCES EDQUOT EIO ENOSPC EROFS",
		"unlink unlinkat":               "EACCES EIO EROFS",
		"rmdir":                         "EACCES EROFS",
		"mkdir mkdirat":                 "EACCES EDQUOT ENOSPC EROFS",
		"chmod fchmodat fchmodat2 chown lchown fchownat": "EACCES EIO EROFS",
		"fchmod fchown":                                   "EIO EROFS",
		"setxattr lsetxattr fsetxattr":                    "EDQUOT ENOSPC",
		"removexattr lremovexattr fremovexattr utimensat": "EACCES EROFS",
		"connect sendto sendmsg":                          "EACCES EINTR",
		"ioctl":                                           "", // its page names none of them
	}
	for names, errors := range byName {
		if slices.Contains(strings.Fields(names), name) {
			return strings.Fields(errors)
		}
	}
	return nil
}

// faultsFor lists what is done to a call. A short write is followed by a full
// disk. A stream only fails: what a kill there
// leaves is what a kill after the call before leaves.
func faultsFor(c *tracer.Call) []fault {
	if c.Stream() {
		return failing("EIO", "ENOSPC", "EINTR", "EPIPE")
	}
	all := []fault{kill("kill before", tracer.KillBefore), kill("kill after", tracer.KillAfter)}
	if c.Writes() && c.Size > 1 {
		all = append(all, kill("torn write", tracer.Torn),
			fault{"short write", tracer.Fault{Act: tracer.Short, Errno: syscall.ENOSPC}})
	}
	return append(all, failing(failures(c.Name)...)...)
}

func failing(names ...string) []fault {
	numbers := map[string]syscall.Errno{
		"ENOSPC": syscall.ENOSPC, "EDQUOT": syscall.EDQUOT, "EIO": syscall.EIO, "EROFS": syscall.EROFS,
		"EACCES": syscall.EACCES, "EINTR": syscall.EINTR, "EPIPE": syscall.EPIPE,
	}
	var all []fault
	for _, name := range names {
		all = append(all, fault{name, tracer.Fault{Act: tracer.Fail, Errno: numbers[name]}})
	}
	return all
}

// harmless reports whether a run must go on as if nothing had been: a call that
// was interrupted is made again, and nobody needs to read what is told.
func (f fault) harmless(c *tracer.Call) bool { return c.Stream() || f.Errno == syscall.EINTR }
