// Package units writes systemd units that run this program: at boot, and when the
// time to confirm a change is over.
//
// # Invariants
//
//   - The unit that recovers at boot is required by the backend's services and
//     ordered before them: they never start on files of which some are old and some
//     new. It stays active, so that later starts do not run it again.
//   - A program that was moved away holds the services back only where there is
//     something to recover.
//   - The timer also fires after a reboot, at once where its time has passed.
//
// # Sources
//
// systemd.unit(5), systemd.service(5), systemd.timer(5), systemd.syntax(7) of
// systemd 252.
package units

import (
	"fmt"
	"strings"
	"time"
)

// Unit is a unit file.
type Unit struct {
	Name   string // with its type
	Text   string
	Enable bool // starts with the host
}

// Call is how a unit calls this program.
type Call struct {
	Program     string // absolute path
	Environment string
	State       string // the state folder
}

func (c Call) line(command string) string {
	return fmt.Sprintf("ExecStart=%s %s --environment %s --state %s", quoted(c.Program), command, c.Environment, quoted(c.State))
}

// quoted is a word of a command line that no specifier and no variable changes.
func quoted(word string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "%", "%%", "$", "$$").Replace(word) + `"`
}

// Boot are the units of an environment whose services these are, without the
// suffix or with it: the first puts its files right before they start, the second
// does the rest once they have.
func Boot(c Call, services []string) []Unit {
	names := make([]string, len(services))
	for i, s := range services {
		names[i] = strings.TrimSuffix(s, ".service") + ".service"
	}
	all := strings.Join(names, " ")
	first := c.first()
	return []Unit{
		{Name: first, Enable: true, Text: lines(
			"[Unit]",
			"Description=Put right what a change of the backend's configuration left, environment "+c.Environment,
			"RequiresMountsFor="+quoted(c.State),
			// Whether the old secret has expired is asked at Entra ID.
			"After=network-online.target",
			"Before="+all,
			// One of both is enough.
			"ConditionFileIsExecutable=|"+specified(c.Program),
			"ConditionDirectoryNotEmpty=|"+c.journals(),
			"",
			"[Service]",
			"Type=oneshot",
			"RemainAfterExit=yes",
			c.line("recover --boot"),
			"",
			"[Install]",
			"RequiredBy="+all,
		)},
		{Name: "empower-boot-proof-" + c.Environment + ".service", Enable: true, Text: lines(
			"[Unit]",
			"Description=Finish or revert a change of the backend's configuration, environment "+c.Environment,
			"ConditionDirectoryNotEmpty="+c.journals(),
			"Wants=network-online.target",
			"After=network-online.target "+first+" "+all,
			"",
			"[Service]",
			"Type=oneshot",
			c.line("recover"),
			"",
			"[Install]",
			"WantedBy=multi-user.target",
		)},
	}
}

// first is the unit that puts files right at boot.
func (c Call) first() string { return "empower-boot-recovery-" + c.Environment + ".service" }

// journals is the folder of the journals.
func (c Call) journals() string { return specified(c.State) + "/" + c.Environment + "/journal" }

// specified is a path in a setting that takes no quotes.
func specified(path string) string { return strings.ReplaceAll(path, "%", "%%") }

// Confirm are the units that recover when the time to confirm is over.
func Confirm(c Call, until time.Time) []Unit {
	name := "empower-confirm-" + c.Environment
	what := "Put a change of the backend's configuration back that was not confirmed, environment " + c.Environment
	return []Unit{
		{Name: name + ".service", Text: lines(
			"[Unit]",
			"Description="+what,
			// Where its time is over before the host boots: as the boot's own recovery.
			"Wants=network-online.target",
			"After=network-online.target "+c.first(),
			"",
			"[Service]",
			"Type=oneshot",
			c.line("recover"),
		)},
		{Name: name + ".timer", Enable: true, Text: lines(
			"[Unit]",
			"Description="+what,
			"",
			"[Timer]",
			"OnCalendar="+until.UTC().Format("2006-01-02 15:04:05 UTC"),
			"AccuracySec=1s",
			"Persistent=yes",
			"",
			"[Install]",
			"WantedBy=timers.target",
		)},
	}
}

func lines(all ...string) string { return strings.Join(all, "\n") + "\n" }
