package schedule

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Systemd words jobs in units.
type Systemd struct{}

var _ Scheduler = Systemd{}

// systemd is the manager of units, as descriptions name it.
const systemd = "systemd"

func (c Call) line(command string) string {
	return fmt.Sprintf("ExecStart=%s %s --environment %s --state %s", quoted(c.Program), command, c.Environment, quoted(c.State))
}

// quoted is a word of a command line that no specifier and no variable changes.
func quoted(word string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "%", "%%", "$", "$$").Replace(word) + `"`
}

// LooksAfter is true for services of systemd.
func (Systemd) LooksAfter(manager string) bool { return manager == systemd }

// Boot are two units: the first puts files right before the services start, which
// are named without the suffix or with it, the second does the rest once they have.
func (Systemd) Boot(c Call, services []string) Job {
	names := make([]string, len(services))
	for i, s := range services {
		names[i] = strings.TrimSuffix(s, ".service") + ".service"
	}
	all := strings.Join(names, " ")
	first := c.first()
	return Job{Manager: systemd, Start: first, Promise: "which recovers at boot before the services start", All: []Entry{
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
	}}
}

// first is the unit that puts files right at boot.
func (c Call) first() string { return "empower-boot-recovery-" + c.Environment + ".service" }

// journals is the folder of the journals.
func (c Call) journals() string { return specified(c.State) + "/" + c.Environment + "/journal" }

// specified is a path in a setting that takes no quotes.
func specified(path string) string { return strings.ReplaceAll(path, "%", "%%") }

// Confirm are a service and its timer.
func (Systemd) Confirm(c Call, until time.Time) Job {
	name := "empower-confirm-" + c.Environment
	what := "Put a change of the backend's configuration back that was not confirmed, environment " + c.Environment
	return Job{Manager: systemd, Start: name + ".timer", Promise: "which recovers when the time is over", All: []Entry{
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
			"OnCalendar="+moment(until),
			"AccuracySec=1s",
			"Persistent=yes",
			"",
			"[Install]",
			"WantedBy=timers.target",
		)},
	}}
}

// Watch are a service and its timer.
func (Systemd) Watch(c Call) Job {
	return c.repeated(repeated{
		name: "empower-watch-", what: "Warn of a client secret that ends", command: "watch", promise: "systemd checks once a day: ",
		when: []string{"OnCalendar=*-*-* 06:00:00", "RandomizedDelaySec=2h"},
	})
}

// Retire are a service and its timer.
func (Systemd) Retire(c Call, at time.Time) Job {
	return c.repeated(repeated{
		name: "empower-retire-", what: "Remove client secrets that are owed", command: RetireCommand, promise: "systemd removes them then: ",
		when: []string{"OnCalendar=" + moment(at), "OnCalendar=*-*-* 06:00:00", "AccuracySec=1s"},
	})
}

// repeated is a command that a timer starts again and again.
type repeated struct {
	name, what, command, promise string
	when                         []string
}

func (c Call) repeated(r repeated) Job {
	name, what := r.name+c.Environment, r.what+", environment "+c.Environment
	timer := slices.Concat([]string{"[Unit]", "Description=" + what, "", "[Timer]"}, r.when,
		[]string{"Persistent=yes", "", "[Install]", "WantedBy=timers.target"})
	return Job{Manager: systemd, Start: name + ".timer", Promise: r.promise + name + ".timer", All: []Entry{
		{Name: name + ".service", Text: lines(
			"[Unit]",
			"Description="+what,
			"Wants=network-online.target",
			"After=network-online.target",
			"",
			"[Service]",
			"Type=oneshot",
			"TimeoutStartSec=10min",
			c.line(r.command),
		)},
		{Name: name + ".timer", Enable: true, Text: lines(timer...)},
	}}
}

func moment(at time.Time) string { return at.UTC().Format("2006-01-02 15:04:05 UTC") }

func lines(all ...string) string { return strings.Join(all, "\n") + "\n" }
