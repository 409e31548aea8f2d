package host

import (
	"os"
	"os/user"
	"strings"
	"unicode"
)

// maxOperatorBytes bounds a name that comes from the environment.
const maxOperatorBytes = 256

// OS is the operating system that the program runs on.
type OS struct {
	// Getenv reads the environment; nil is an empty one.
	Getenv func(string) string
	// ProgramFolders is where useradd, userdel and getent are looked for; nil
	// is where Linux distributions keep them. PATH is not asked: under cron it
	// lacks sbin.
	ProgramFolders []string
}

var _ Host = OS{}

// Name is the host's name; "localhost" where the host does not tell.
func (OS) Name() string {
	name, err := os.Hostname()
	if err != nil || name == "" {
		return "localhost"
	}
	return name
}

// Boot is what Linux draws at every boot of a kernel, and of a machine that is a
// container with a service manager of its own.
func (OS) Boot() string {
	id, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return "" // not Linux
	}
	return strings.TrimSpace(string(id))
}

// Operator is the person behind the run.
func (o OS) Operator() string {
	for _, ask := range []func() string{o.sudoUser, sessionUser, processUser} {
		if name := ask(); printable(name) {
			return name
		}
	}
	return "unknown"
}

func (o OS) sudoUser() string {
	if o.Getenv == nil {
		return ""
	}
	return o.Getenv("SUDO_USER")
}

// sessionUser is who logged in, also after su: the kernel keeps it.
func sessionUser() string {
	uid, err := os.ReadFile("/proc/self/loginuid")
	if err != nil {
		return "" // not Linux
	}
	u, err := user.LookupId(strings.TrimSpace(string(uid)))
	if err != nil {
		return "" // 4294967295: not a login session
	}
	return u.Username
}

func processUser() string {
	u, err := user.Current()
	if err != nil {
		return ""
	}
	return u.Username
}

func printable(name string) bool {
	return name != "" && len(name) <= maxOperatorBytes &&
		!strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) })
}
