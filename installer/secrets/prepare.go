package secrets

import (
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/empowersuite/backend-installer/installer/explain"
	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/graph"
	"github.com/empowersuite/backend-installer/installer/progress"
	"github.com/empowersuite/backend-installer/installer/secret"
	"github.com/empowersuite/backend-installer/installer/site"
)

// The lives of client secrets. Microsoft recommends less than twelve months, and its
// portal gives 24 at most.
// https://learn.microsoft.com/entra/identity-platform/how-to-add-credentials (2026).
const (
	DefaultLifetime = 180 * oneDay
	MinLifetime     = oneDay
	MaxLifetime     = 730 * oneDay

	oneDay = 24 * time.Hour
)

const making = "make a client secret"

// standIn is a text of the size of a client secret that is none.
func standIn(random io.Reader) (secret.Value, error) {
	var bytes [20]byte
	if _, err := io.ReadFull(random, bytes[:]); err != nil {
		return secret.Value{}, fmt.Errorf("draw a stand-in: %w", err)
	}
	return secret.New(hex.EncodeToString(bytes[:])), nil
}

// masked are lines of a plan without the fingerprint of a stand-in.
func masked(lines []string, fingerprint string) []string {
	var all []string
	for _, line := range lines {
		if fingerprint != "" {
			line = strings.ReplaceAll(line, "fingerprint "+fingerprint, "that of the new one")
		}
		all = append(all, line)
	}
	return all
}

// prepare decides which client secret comes into use: one that an earlier run made
// and kept, else one that is made.
func (t *rotation) prepare(ctx context.Context) error {
	t.planLeft()
	if t.ends != nil {
		return nil
	}
	if i := slices.IndexFunc(t.left, func(l leftover) bool { return l.fate == site.Resumed }); i >= 0 {
		t.resume(t.left[i])
	} else {
		end, err := t.until(ctx)
		if err != nil {
			return err
		}
		t.making = site.Making{Run: t.deps.RunID, ClientID: t.access.question.ClientID, Name: t.name(), Since: t.app.Now}
		t.report.Plan = append(t.report.Plan, fmt.Sprintf("make a client secret of the application %q, named %q, valid until %s (%d days)",
			t.app.Name, t.making.Name, site.Day(end), daysLeft(end, t.app.Now)))
		t.fresh.Name, t.fresh.End = t.making.Name, end
	}
	if t.making.Replaces == "" {
		t.making.Replaces = t.before()
	}
	t.making.Retire = t.intended()
	return nil
}

// before is the ID of the client secret in use; "" where it cannot be told. What this
// program made and nobody uses is no candidate, whatever its hint. What the directory
// itself told when it was set holds, also where a replica does not list it.
func (t *rotation) before() string {
	here := t.access.site
	candidates := slices.DeleteFunc(slices.Clone(t.app.Credentials), func(c graph.Credential) bool { return t.unused(c.KeyID) })
	for _, c := range here.Identify(candidates, t.access.value) {
		if c.Use == site.InUse {
			return c.KeyID
		}
	}
	if record := here.Record.Credential; record != nil && record.KnownFrom == site.Directory {
		return here.RecordedID(t.access.value)
	}
	return ""
}

// planLeft tells what becomes of what runs left.
func (t *rotation) planLeft() {
	for _, l := range t.left {
		switch l.fate {
		case site.Orphaned:
			t.report.Plan = append(t.report.Plan, fmt.Sprintf("remove the client secret %s (%q), which run %s made and whose value is lost", l.listed.KeyID, l.Name, l.Run))
		case site.Adopted:
			if l.Used {
				continue // it did come to its end, but for what was kept
			}
			t.ends = &l
			t.report.Plan = append(t.report.Plan, fmt.Sprintf("end what run %s began: the client secret %s, which it made, is in use; make no other", l.Run, l.KeyID))
		case site.Resumed, site.Vanished, site.Uncertain:
		}
	}
}

// resume goes on with a client secret that an earlier run made.
func (t *rotation) resume(l leftover) {
	t.making = l.Making
	t.fresh = fresh{graph.Credential{KeyID: l.KeyID, Name: l.Name}, l.value}
	if l.listed != nil {
		t.fresh.Credential, t.making.KeyID = *l.listed, l.listed.KeyID
	}
	t.report.Plan = append(t.report.Plan, fmt.Sprintf("go on with the client secret %s (%q), which run %s made and kept", t.fresh.KeyID, l.Name, l.Run))
}

// intended is the removal that was ordered in advance and that nobody is asked
// about any more; nil for none.
func (t *rotation) intended() *site.Removal {
	if t.making.Replaces == "" || t.req.Choose != nil || t.req.Retire != Now && t.req.Retire != Later {
		return nil
	}
	return t.removal(t.req.Retire)
}

func (t *rotation) removal(way When) *site.Removal {
	r := &site.Removal{KeyID: t.making.Replaces, ClientID: t.making.ClientID, Why: site.Replaced, Since: t.app.Now}
	if way == Later {
		r.After = t.deps.Now().Add(t.req.Later).UTC().Truncate(time.Second)
	}
	return r
}

// name is what the directory calls the client secret. The run's ID makes it that of
// no other, by which it is found again.
func (t *rotation) name() string {
	text := t.req.DisplayName
	if text == "" {
		text = "backend-installer on " + t.deps.Host.Name()
	}
	return text + " " + t.deps.RunID
}

// until is when the client secret ends, by the directory's clock and within what a
// policy allows. A policy that may not be read is enforced by the directory itself.
func (t *rotation) until(ctx context.Context) (time.Time, error) {
	var policy graph.Policy
	err := patiently(ctx, t.deps, repeatable, func() error {
		var err error
		policy, err = t.access.directory.Policy(ctx, t.app)
		return err
	})
	if ctx.Err() != nil {
		return time.Time{}, explain.Cancelled(context.Cause(ctx))
	}
	if err != nil {
		t.deps.Progress.Say(progress.Detail, fmt.Sprintf("the tenant's policy for client secrets is not known: %v", err))
	}
	lifetime := t.req.Lifetime
	if lifetime == 0 {
		lifetime = DefaultLifetime
	}
	switch {
	case policy.Forbidden:
		return time.Time{}, explain.Graph(&graph.Error{Cause: graph.NoSecrets, Host: t.access.host}, making)
	case policy.Longest == 0 || lifetime <= policy.Longest:
	case t.req.Lifetime == 0:
		lifetime = policy.Longest
		t.report.Plan = append(t.report.Plan, fmt.Sprintf("a policy of the tenant lets client secrets live for %s at most", days(lifetime)))
	default:
		return time.Time{}, fault.Wrap(fault.GraphRefused, &graph.Error{Cause: graph.Lifetime, Host: t.access.host},
			fmt.Sprintf("%s: a policy of the tenant lets it live for %s at most", making, days(policy.Longest)),
			fmt.Sprintf("give --lifetime %s, or leave it out", days(policy.Longest)))
	}
	return t.app.Now.Add(lifetime), nil
}

// days is a lifetime as --lifetime takes it.
func days(d time.Duration) string {
	if d%oneDay == 0 {
		return fmt.Sprintf("%dd", d/oneDay)
	}
	return d.String()
}
