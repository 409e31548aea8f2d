package watch

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/empowersuite/backend-installer/installer/expiry"
	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/notify"
	"github.com/empowersuite/backend-installer/installer/progress"
	"github.com/empowersuite/backend-installer/installer/report"
	"github.com/empowersuite/backend-installer/installer/secret"
)

// within bounds telling one sink everything.
const within = 2 * time.Minute

// mostOwed bounds what is remembered for a sink that takes nothing.
const mostOwed = 10

// pauses are between attempts.
func pauses() []time.Duration { return []time.Duration{2 * time.Second, 5 * time.Second} }

// owing is the state with what is due added for each sink of warnings; what is owed
// to one that is no longer there is forgotten.
func owing(s expiry.State, due []expiry.Warning, outlets []Outlet) expiry.State {
	owed := map[string][]expiry.Warning{}
	for _, o := range outlets {
		if o.Always {
			continue
		}
		all := append(slices.Clone(s.Owed[o.Name]), due...)
		if len(all) > 0 {
			owed[o.Name] = all[max(0, len(all)-mostOwed):]
		}
	}
	s.Owed = owed
	return s
}

// result is what became of one outlet.
type result struct {
	name  string
	taken int // of what was owed, from the first
	sent  bool
	err   error
}

// tell has every outlet told, and takes down what is still owed.
func (c *check) tell(ctx context.Context) error {
	results := make(chan result, len(c.req.Outlets))
	for _, o := range c.req.Outlets {
		go func() { results <- c.deliver(ctx, o, c.messages(o)) }()
	}
	all := make([]result, 0, len(c.req.Outlets))
	for range c.req.Outlets {
		all = append(all, <-results)
	}
	slices.SortFunc(all, func(a, b result) int { return strings.Compare(a.name, b.name) })
	var failed []error
	changed := false
	for _, r := range all {
		changed = changed || r.taken > 0
		if left := c.state.Owed[r.name][min(r.taken, len(c.state.Owed[r.name])):]; len(left) > 0 {
			c.state.Owed[r.name] = left
		} else {
			delete(c.state.Owed, r.name)
		}
		failed = append(failed, c.told(r))
	}
	err := errors.Join(failed...)
	if err != nil {
		err = fault.Wrap(fault.NotDelivered, err, "not everybody was warned",
			"mend what is named; the next check tries again, and "+c.deps.Hint("watch test", c.req.Environment)+" tries at once")
	}
	if changed {
		return errors.Join(c.save(), err)
	}
	return err
}

// told takes one outlet into the report.
func (c *check) told(r result) error {
	switch {
	case r.err != nil:
		text := secret.Mask(r.err.Error(), c.secrets()...)
		c.out.Report.Deliveries = append(c.out.Report.Deliveries, report.Delivery{Sink: r.name, State: "failed", Detail: text})
		return fmt.Errorf("%s: %s", r.name, text)
	case r.sent:
		c.out.Report.Deliveries = append(c.out.Report.Deliveries, report.Delivery{Sink: r.name, State: "delivered"})
		c.deps.Progress.Say(progress.Done, "told "+r.name)
	}
	return nil
}

// messages are those for one outlet.
func (c *check) messages(o Outlet) []notify.Message {
	if o.Always {
		return []notify.Message{c.message(expiry.Warning{At: c.deps.Now()})}
	}
	all := make([]notify.Message, 0, len(c.state.Owed[o.Name]))
	for _, w := range c.state.Owed[o.Name] {
		all = append(all, c.message(w))
	}
	return all
}

// deliver sends messages in order, each within some attempts.
func (c *check) deliver(ctx context.Context, o Outlet, messages []notify.Message) result {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	r := result{name: o.Name}
	for _, m := range messages {
		if r.err = c.attempt(ctx, o, m); r.err != nil {
			return r
		}
		r.taken, r.sent = r.taken+1, true
	}
	return r
}

func (c *check) attempt(ctx context.Context, o Outlet, m notify.Message) error {
	for _, pause := range pauses() {
		err := o.Sink.Send(ctx, m)
		if err == nil || errors.Is(err, notify.ErrFinal) || ctx.Err() != nil {
			return err
		}
		if waitErr := c.deps.Proof.Wait(ctx, pause); waitErr != nil {
			return err
		}
	}
	return o.Sink.Send(ctx, m)
}

// message is a warning as sinks take it.
func (c *check) message(w expiry.Warning) notify.Message {
	about := expiry.About{
		Environment: c.req.Environment, Host: c.deps.Host.Name(), Product: cmp.Or(c.site.Installation.Product, "empower Backend"),
		Configure: c.deps.Hint("configure", c.req.Environment),
	}
	if on := c.site.Record.Credential; on != nil && on.Fingerprint == c.site.Fingerprint(c.secret) {
		about.CredentialID = on.ID
	}
	m := notify.Message{
		ID: c.id(w), At: w.At, Kind: string(w.Kind), Severity: severity(w, c.req.Settings.Limits()),
		Environment: about.Environment, Host: about.Host, Product: about.Product,
		Subject: w.Subject(about), Text: w.Text(about), Gauges: gauges(c.state, c.req.Settings.Limits(), c.deps.Now()),
	}
	for _, f := range []notify.Fact{{Name: "last day", Value: w.LastDay}, {Name: "Secret ID", Value: about.CredentialID}, {Name: "reason", Value: w.Reason}} {
		if f.Value != "" {
			m.Facts = append(m.Facts, f)
		}
	}
	return masked(m, c.secrets())
}

func severity(w expiry.Warning, l expiry.Limits) notify.Severity {
	switch {
	case w.Kind == expiry.Trial:
		return notify.Information
	case w.Grave(l):
		return notify.Critical
	}
	return notify.Warning
}

// id is the same whenever this warning is sent, and another for every other.
func (c *check) id(w expiry.Warning) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s|%s|%s|%s|%d|%s|%d", c.deps.Host.Name(), c.req.Environment, c.state.Identity, w.Kind, w.Threshold, w.Reason, w.At.UnixNano()))
	const bytes = 16
	return hex.EncodeToString(sum[:bytes])
}

func (c *check) secrets() []secret.Value { return append(slices.Clone(c.req.Secrets), c.secret) }

// masked is a message in which no secret is left: a product or a host could be
// named like one.
func masked(m notify.Message, secrets []secret.Value) notify.Message {
	for _, text := range []*string{&m.Environment, &m.Host, &m.Product, &m.Subject, &m.Text} {
		*text = secret.Mask(*text, secrets...)
	}
	m.Facts = slices.Clone(m.Facts)
	for i := range m.Facts {
		m.Facts[i].Value = secret.Mask(m.Facts[i].Value, secrets...)
	}
	return m
}
