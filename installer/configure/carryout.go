package configure

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"time"

	"github.com/empowersuite/backend-installer/installer/atomicfile"
	"github.com/empowersuite/backend-installer/installer/explain"
	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/plan"
	"github.com/empowersuite/backend-installer/installer/release"
	"github.com/empowersuite/backend-installer/installer/report"
	"github.com/empowersuite/backend-installer/installer/rollout"
	"github.com/empowersuite/backend-installer/installer/run"
	"github.com/empowersuite/backend-installer/installer/session"
	"github.com/empowersuite/backend-installer/installer/settings"
	"github.com/empowersuite/backend-installer/installer/site"
	"github.com/empowersuite/backend-installer/installer/step"
)

const stateMode = 0o600

// carryOut does what the plan says, under a journal.
func (c *change) carryOut(ctx context.Context, s *session.Session) error {
	if c.req.ConfirmWithin > 0 {
		c.until = c.deps.Now().Add(c.req.ConfirmWithin).Truncate(time.Second).Add(time.Second) // timers know whole seconds
	}
	acts, switches, err := c.acts(s)
	if err != nil {
		return err
	}
	err = s.Engine().Execute(ctx, run.Change{
		Run: c.deps.RunID, Command: "configure", Acts: acts, Pivot: c.pivot(acts), Until: c.until,
	})
	if errors.Is(err, run.ErrKeep) {
		c.recordKept(ctx, switches)
	}
	if err != nil {
		err = explain.Run(err)
		switch fault.Of(err).Code { //nolint:exhaustive // every other code leaves everything as before
		case fault.RolledBack:
			c.report.Result = report.RolledBack
		case fault.RollbackFailed:
			c.tellStanding(ctx, switches)
		}
		return err
	}
	c.report.Result, c.report.Changed = report.Changed, true
	c.tellFiles(switches)
	c.tellRestarted()
	c.tellNext()
	return nil
}

// recordKept records a change that stands although it failed: the old secret
// has expired, and was not put back.
func (c *change) recordKept(ctx context.Context, switches []*step.Switch) {
	var pendings []atomicfile.Pending
	for _, s := range switches {
		pendings = append(pendings, s.Pending)
	}
	saves, err := c.saves(pendings)
	for _, save := range saves {
		err = errors.Join(err, save.Do(context.WithoutCancel(ctx)))
	}
	if err != nil {
		c.warn(fmt.Sprintf("the new secret stands, but not on record: %v", err))
	}
}

// pivot is how many acts make a recovery go forward: all up to the last file
// that is switched. Where Entra ID was to be asked and was not, it goes back.
func (c *change) pivot(acts []run.Act) int {
	if c.unproven {
		return len(acts)
	}
	for i := len(acts) - 1; i >= 0; i-- {
		if acts[i].Kind == session.KindSwitch {
			return i + 1
		}
	}
	return len(acts)
}

// acts lists the timer of a confirmation, stages, guard, what is closed, switches,
// keep, restart, prove and record, in this order: undone backwards, files are back
// before the guard restarts services, and a file that cannot be staged costs no
// restart.
func (c *change) acts(s *session.Session) ([]run.Act, []*step.Switch, error) {
	var acts []run.Act
	add := func(kind string, st run.Step) { acts = append(acts, run.Act{Kind: kind, Step: st}) }

	services := c.plan.Restart
	if c.req.NoRestart {
		services = nil
	}
	if !c.until.IsZero() && c.deps.CallsItself() {
		timer := step.NewSchedule(c.deps.Scheduler.Confirm(c.deps.Call(c.site.Installation.Environment), c.until), c.deps.Crew)
		timer.Passing = true
		add(session.KindUnits, timer)
	}
	var switches []*step.Switch
	pendings := make([]atomicfile.Pending, len(c.plan.Files))
	for i, f := range c.plan.Files {
		pendings[i] = c.pending(f)
		add(session.KindStage, &step.Stage{Pending: pendings[i], Old: f.Content.Data, New: f.New})
	}
	restart := &step.Restart{Services: services, Crew: c.deps.Crew}
	oldSecret, _ := c.site.Value(c.files, settings.ClientSecret)
	add(session.KindGuard, &step.Guard{
		Services: services, Fingerprint: c.site.Fingerprint(oldSecret), Crew: c.deps.Crew, Restart: restart,
	})
	for _, e := range c.plan.Closed {
		add(session.KindClose, &step.Close{Path: e.Real, From: e.From, To: e.To, Host: c.deps.Host})
	}
	for _, p := range pendings {
		sw := &step.Switch{Pending: p}
		switches = append(switches, sw)
		add(session.KindSwitch, sw)
	}
	for i, f := range c.plan.Files {
		if slot, ok := secretSlot(f); ok {
			add(session.KindKeep, &step.Keep{Pending: pendings[i], Format: f.Format, Slot: slot.Place, Expired: s.Expired})
		}
	}
	if len(services) > 0 {
		newSecret := c.present()
		add(session.KindRestart, restart)
		add(session.KindProve, &step.Prove{Services: services, Fingerprint: newSecret, Crew: c.deps.Crew})
	}
	saves, err := c.saves(pendings)
	for _, save := range saves {
		add(session.KindSave, save)
	}
	return acts, switches, err
}

// pending stages beside the file, or in the state folder where the file's own
// takes no new files: a single file that is mounted into a container.
func (c *change) pending(f plan.File) atomicfile.Pending {
	folder := filepath.Dir(f.Content.Real)
	if !atomicfile.TakesFiles(folder) {
		folder = c.site.Folder.Path
	}
	return atomicfile.PlanIn(f.Content, f.New, c.deps.RunID, folder)
}

func secretSlot(f plan.File) (site.Slot, bool) {
	for _, slot := range f.Slots {
		if slot.Setting == settings.ClientSecret {
			return slot, true
		}
	}
	return site.Slot{}, false
}

// present is the fingerprint that the backend must sign in with afterwards.
func (c *change) present() string {
	if value, ok := c.wanted[settings.ClientSecret]; ok {
		return c.site.Fingerprint(value)
	}
	value, _ := c.site.Value(c.files, settings.ClientSecret)
	return c.site.Fingerprint(value)
}

// saves are the state files after the change: the record, and the description
// where a setting that only it holds changes.
func (c *change) saves(pendings []atomicfile.Pending) ([]*step.Save, error) {
	record, err := c.record(pendings).Encode()
	if err != nil {
		return nil, err
	}
	folder := c.site.Folder
	saves := []*step.Save{{Path: folder.Record(), Mode: stateMode, New: record}}
	if old, err := atomicfile.Read(folder.Record(), site.MaxFileBytes); err == nil {
		saves[0].Old = old.Data
	}
	if len(c.plan.Described) == 0 {
		return saves, nil
	}
	described := c.site.Installation
	described.Settings = maps.Clone(described.Settings)
	if described.Settings == nil {
		described.Settings = map[string]string{}
	}
	for _, d := range c.plan.Described {
		described.Settings[d.Setting] = d.To
	}
	old, err := atomicfile.Read(folder.Installation(), site.MaxFileBytes)
	if err != nil {
		return nil, explain.Open(err, c.req.Environment, c.deps.Store.Root)
	}
	text, err := release.Encode(described)
	if err != nil {
		return nil, err
	}
	return append(saves, &step.Save{Path: folder.Installation(), Mode: stateMode, Old: old.Data, New: text}), nil
}

// record is what is remembered once the change stands.
func (c *change) record(pendings []atomicfile.Pending) site.Record {
	r := c.site.Record
	now := c.deps.Now().UTC()
	r.Files = maps.Clone(r.Files)
	if r.Files == nil {
		r.Files = map[string]string{}
	}
	for _, p := range pendings {
		r.Files[p.Path] = p.NewSHA256
	}
	r.LastChange = &site.LastChange{Run: c.deps.RunID, Command: "configure", At: now, By: c.req.Operator}
	if c.plan.Touches(settings.ClientSecret) {
		r.Credential = &site.Credential{Fingerprint: c.present(), SetAt: now, SetBy: c.req.Operator}
		r.Credential.Note(c.proven, c.req.Known)
	} else if told, changes := c.learnt(); changes {
		r.Credential = told.Credential
	}
	r.RestartOwed = c.owed()
	return r
}

// owed is the restart that remains to be done.
func (c *change) owed() *site.Owed {
	if !c.req.NoRestart || len(c.plan.Restart) == 0 {
		return nil
	}
	before := c.site.Record.RestartOwed
	owed := &site.Owed{Since: c.deps.Now().UTC(), Run: c.deps.RunID}
	if before != nil {
		owed.Since, owed.Services = before.Since, append(owed.Services, before.Services...)
	}
	for _, s := range c.plan.Restart {
		owed.Services = appendNew(owed.Services, s)
	}
	return owed
}

func appendNew(names []string, s rollout.Found) []string {
	for _, n := range names {
		if n == s.Name {
			return names
		}
	}
	return append(names, s.Name)
}
