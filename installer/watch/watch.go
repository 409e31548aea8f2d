package watch

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/empowersuite/backend-installer/installer/atomicfile"
	"github.com/empowersuite/backend-installer/installer/expiry"
	"github.com/empowersuite/backend-installer/installer/explain"
	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/journal"
	"github.com/empowersuite/backend-installer/installer/notify"
	"github.com/empowersuite/backend-installer/installer/progress"
	"github.com/empowersuite/backend-installer/installer/report"
	"github.com/empowersuite/backend-installer/installer/secret"
	"github.com/empowersuite/backend-installer/installer/session"
	"github.com/empowersuite/backend-installer/installer/settings"
	"github.com/empowersuite/backend-installer/installer/site"
)

// Outlet is a sink with the name under which what it did not take is remembered.
type Outlet struct {
	Name   string
	Sink   notify.Sink
	Always bool // it is told at each check how things stand, and not of warnings only
}

// Request says what to check and whom to tell.
type Request struct {
	Environment string
	Settings    expiry.Settings
	Outlets     []Outlet
	Secrets     []secret.Value // of the outlets, to be masked
	Jitter      time.Duration  // up to that long is waited before Entra ID is asked
}

// Outcome is what a check found.
type Outcome struct {
	Report   report.Report
	Standing expiry.Standing
}

// check is one run.
type check struct {
	deps   session.Deps
	req    Request
	site   site.Site
	files  []site.File
	secret secret.Value
	state  expiry.State
	out    Outcome
}

func begin(deps session.Deps, req Request) *check {
	c := &check{deps: deps, req: req}
	c.out.Report = report.Report{RunID: deps.RunID, Environment: req.Environment, Result: report.Failed}
	c.out.Standing = expiry.Standing{Environment: req.Environment, Level: expiry.NotDecided, Text: "nothing was looked at", Limits: req.Settings.Limits()}
	return c
}

// Run checks. The outcome tells as much as is known also when the error tells what
// went wrong.
func Run(ctx context.Context, deps session.Deps, req Request) (Outcome, error) {
	c := begin(deps, req)
	err := c.open(ctx)
	if err != nil {
		return c.out, err
	}
	lock, err := c.lock(ctx)
	if err != nil {
		return c.out, err
	}
	if c.unfinished() {
		c.state = c.remembered()
	} else if err = c.open(ctx); err == nil { // again: a change may have been made while the lock was waited for
		err = c.run(ctx)
	}
	c.stand()
	return c.out, errors.Join(err, lock.Release())
}

// open reads what stands, without a lock of the environment.
func (c *check) open(ctx context.Context) error {
	var err error
	if c.site, err = c.deps.Open(c.req.Environment); err != nil {
		return err
	}
	if ctx.Err() != nil {
		return explain.Cancelled(context.Cause(ctx))
	}
	r := &c.out.Report
	r.Product, r.Version = c.site.Installation.Product, c.site.Installation.Version
	if c.files, err = c.site.ReadFiles(); err != nil {
		return explain.Files(err)
	}
	value, held := c.site.Value(c.files, settings.ClientSecret)
	if !held || value.IsZero() {
		return fault.New(fault.ConfigInvalid, "no file of this installation holds a client secret that could end",
			c.deps.Hint("configure", c.req.Environment)+" sets one")
	}
	c.secret = value
	return nil
}

// How long another check is waited for.
const (
	lockTries = 20
	lockPause = 500 * time.Millisecond
)

// lock keeps two checks from telling the same twice.
func (c *check) lock(ctx context.Context) (*journal.Lock, error) {
	path := c.site.Folder.WatchLock()
	holder := journal.Holder{
		PID: os.Getpid(), Host: c.deps.Host.Name(), Boot: c.deps.Host.Boot(), Run: c.deps.RunID, Since: c.deps.Now(),
	}
	for try := 1; ; try++ {
		lock, err := journal.Acquire(path, holder)
		var busy *journal.BusyError
		if err == nil {
			return lock, nil
		}
		if !errors.As(err, &busy) || try == lockTries {
			return nil, explain.Lock(err, c.req.Environment, path)
		}
		if err := c.deps.Proof.Wait(ctx, lockPause); err != nil {
			return nil, explain.Cancelled(err)
		}
	}
}

func (c *check) run(ctx context.Context) error {
	c.state = c.remembered()
	if c.unfinished() { // file and record may be of before and after it
		return nil
	}
	verdict, err := c.ask(ctx)
	if err != nil {
		return err
	}
	due, state := expiry.Decide(expiry.Check{Now: c.deps.Now(), Known: c.known(), Verdict: verdict}, c.req.Settings.Due(), c.state)
	c.state = owing(state, due, c.req.Outlets)
	for _, w := range due {
		c.warn(w.Says())
		c.out.Report.Notices = append(c.out.Report.Notices, report.Notice{Kind: string(w.Kind), Threshold: w.Threshold, Text: w.Says()})
	}
	if err := c.save(); err != nil {
		return err
	}
	return c.tell(ctx)
}

// unfinished tells a change that is under way, or was cut off.
func (c *check) unfinished() bool {
	said := session.Unfinished(c.deps, c.site.Folder)
	if said == "" {
		return false
	}
	c.out.Report.Pending = said
	c.warn(said + "; nothing was decided")
	return true
}

// remembered is the state of the check before. One that cannot be read is forgotten:
// warnings then come once more.
func (c *check) remembered() expiry.State {
	file, err := atomicfile.Read(c.site.Folder.Watch(), site.MaxFileBytes)
	if err == nil {
		var s expiry.State
		if s, err = expiry.ParseState(file.Data); err == nil {
			return s
		}
	}
	if !errors.Is(err, fs.ErrNotExist) {
		c.warn(fmt.Sprintf("%s cannot be read, and everything is warned of anew: %v", c.site.Folder.Watch(), err))
	}
	return expiry.State{}
}

// known is what is known of the secret in place. What is on record of another is
// not.
func (c *check) known() expiry.Known {
	k := expiry.Known{Identity: c.site.Fingerprint(c.secret)}
	on := c.site.Record.Credential
	if on == nil || on.Fingerprint != k.Identity {
		return k
	}
	k.Identity = cmp.Or(k.Identity, on.SetAt.UTC().Format(time.RFC3339))
	k.LastDay, k.SetAt = on.Expires, on.SetAt
	return k
}

func (c *check) save() error {
	text, err := c.state.Encode()
	if err != nil {
		return err
	}
	path := c.site.Folder.Watch()
	err = errors.Join(atomicfile.Sweep(path), atomicfile.Create(path, text, atomicfile.Options{Mode: 0o600, UID: -1, GID: -1}))
	if err != nil {
		return explain.Write(err, "what was warned of was not written down, and nobody was warned")
	}
	return nil
}

func (c *check) warn(text string) {
	c.deps.Progress.Say(progress.Warning, text)
	c.out.Report.Warnings = append(c.out.Report.Warnings, text)
}

// stand says how things stand.
func (c *check) stand() {
	now, r := c.deps.Now(), &c.out.Report
	level := c.state.Level(c.req.Settings.Limits(), now)
	c.out.Standing.Level, c.out.Standing.Text, c.out.Standing.LastDay = level, c.state.Stands(now), c.state.LastDay
	r.Level, r.Stands = string(level), c.out.Standing.Text
	r.Credential = &report.Credential{Fingerprint: c.site.Fingerprint(c.secret), Expires: c.state.LastDay}
	if on := c.site.Record.Credential; on != nil && on.Fingerprint == r.Credential.Fingerprint {
		r.Credential.ID = on.ID
	}
	if days, ok := expiry.DaysLeft(c.state.LastDay, now); ok {
		r.Credential.DaysLeft = &days
	}
	if at := c.state.ProvenAt; !at.IsZero() {
		age := int64(now.Sub(at) / time.Second)
		r.Credential.ProvenAt, r.Credential.ProofAgeSeconds = &at, &age
	}
	r.Result = report.Healthy
	if level != expiry.OK || len(r.Warnings) > 0 {
		r.Result = report.Attention
	}
}
