package configure

import (
	"fmt"
	"slices"
	"strings"

	"github.com/empowersuite/backend-installer/installer/explain"
	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/remedy"
	"github.com/empowersuite/backend-installer/installer/report"
	"github.com/empowersuite/backend-installer/installer/rollout"
	"github.com/empowersuite/backend-installer/installer/settings"
	"github.com/empowersuite/backend-installer/installer/step"
)

// gate refuses an installation that another version of this program made.
func (c *change) gate() error {
	in := c.site.Installation
	if !in.Managed || in.Installer == c.deps.Version {
		return nil
	}
	return fault.New(fault.VersionMismatch,
		fmt.Sprintf("the environment %q was installed by version %s, and this is %s", in.Environment, in.Installer, c.deps.Version),
		fmt.Sprintf("use the installer of version %s, or update the installation with this one", in.Installer))
}

func (c *change) tellServices(found []rollout.Found) {
	for _, s := range found {
		c.report.Services = append(c.report.Services, report.Service{
			Name: s.Name, State: string(s.State.Activity), Action: c.action(s), Detail: s.State.Detail,
		})
	}
	for _, s := range c.plan.LeftAlone {
		c.warn(fmt.Sprintf("%s is %s and is not started: only services that run are restarted", s.Name, s.State.Activity))
	}
}

// What is done with a service.
const (
	restartOwed = "restart owed"
	restart     = "restart"
	restarted   = "restarted"
	leaveAlone  = "left alone"
)

// tellRestarted says what was planned as done.
func (c *change) tellRestarted() {
	for i, s := range c.report.Services {
		if s.Action == restart {
			c.report.Services[i].Action = restarted
		}
	}
}

func (c *change) action(s rollout.Found) string {
	picked := slices.ContainsFunc(c.plan.Restart, func(r rollout.Found) bool { return r.Name == s.Name })
	switch {
	case picked && c.req.NoRestart:
		return restartOwed
	case picked:
		return restart
	default:
		return leaveAlone
	}
}

func (c *change) tellFiles(switches []*step.Switch) {
	for _, s := range switches {
		r := s.Result()
		c.report.Files = append(c.report.Files, report.File{Path: s.Pending.Path, Way: string(r.Way), Why: r.Why})
	}
	for _, e := range c.plan.Closed {
		c.report.Files = append(c.report.Files, report.File{Path: e.Path, ClosedTo: e.Readers})
	}
}

// tellNext says what is left for a person to do.
func (c *change) tellNext() {
	credential := report.Credential{ID: c.req.Known.ID, Expires: c.req.Known.Expires, Fingerprint: c.present(), Validation: "proven"}
	if !c.proven {
		credential.Validation = "skipped"
	}
	c.tellConfirmation()
	if c.req.NoRestart && len(c.plan.Restart) > 0 {
		c.next("the running backend still uses the old configuration: pay the owed restart with " +
			c.deps.Hint("configure", c.req.Environment) + " --restart-pending")
	}
	for _, s := range c.plan.LeftAlone {
		c.next(fmt.Sprintf("%s does not run and nothing proves that it works with the change: start it (%s), then run %s",
			s.Name, remedy.Here().Start(s.Name), c.deps.Hint("verify", c.req.Environment)))
	}
	if !c.plan.Touches(settings.ClientSecret) {
		return
	}
	c.report.Credential = &credential
	if c.req.Made {
		return // who made it says what follows
	}
	c.next("on every other node of this backend, run configure with the same secret; the fingerprint there must be " +
		credential.Fingerprint + " where nodes share a fingerprint key")
	c.next("then delete the old client secret: Entra admin center > App registrations > your app > Certificates & secrets; or " + c.retirement())
	if c.req.Known.Expires == "" {
		c.next("the new secret's last day is not known here, so nobody can be warned before it: " +
			c.deps.Hint("configure", c.req.Environment) + " --expires DATE records it; the portal shows it beside the value")
	}
}

// retirement is the command that removes the secret that was in use before.
func (c *change) retirement() string {
	retire := c.deps.Hint("secrets retire", c.req.Environment) + " --key-id "
	before, _ := c.site.Value(c.files, settings.ClientSecret)
	if id := c.site.RecordedID(before); id != "" && !strings.EqualFold(id, c.req.Known.ID) {
		return retire + id
	}
	return retire + "ID, with the ID that " + c.deps.Hint("secrets list", c.req.Environment) + " shows"
}

// tellConfirmation says what has to follow a change that is not for good yet.
func (c *change) tellConfirmation() {
	if c.until.IsZero() {
		return
	}
	confirm := c.deps.Hint("confirm", c.req.Environment)
	c.next(fmt.Sprintf("until %s: %s keeps the change, %s --undo puts it back", explain.At(c.until), confirm, confirm))
	if c.deps.CallsItself() {
		c.next("without either, it is put back then")
		return
	}
	c.next("without either, the next " + c.deps.Hint("recover", c.req.Environment) +
		" after that puts it back: nothing on this host runs it by itself")
}

func (c *change) next(text string) { c.report.Next = append(c.report.Next, text) }
