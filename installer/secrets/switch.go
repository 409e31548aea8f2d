package secrets

import (
	"context"
	"fmt"
	"slices"

	"github.com/empowersuite/backend-installer/installer/configure"
	"github.com/empowersuite/backend-installer/installer/explain"
	"github.com/empowersuite/backend-installer/installer/progress"
	"github.com/empowersuite/backend-installer/installer/report"
	"github.com/empowersuite/backend-installer/installer/session"
	"github.com/empowersuite/backend-installer/installer/settings"
)

// switchOver has the backend use the new secret.
func (t *rotation) switchOver(ctx context.Context, s *session.Session) error {
	r, err := configure.In(ctx, t.deps, s, t.request(t.fresh))
	r.Product, r.Version = t.report.Product, t.report.Version
	r.Retired, r.Warnings = t.report.Retired, append(t.report.Warnings, r.Warnings...)
	t.report = r
	if err != nil {
		t.withdraw(ctx)
		return err
	}
	if t.req.ConfirmWithin > 0 {
		t.next("the client secret that was in use before stays until the change is confirmed; then " + t.deps.Hint("secrets list", t.req.Environment) + " shows it")
		return nil
	}
	t.finish(ctx, s)
	return nil
}

// withdraw removes the client secret that was made, unless a file holds it: after a
// change that could not be put back, or was kept on purpose.
func (t *rotation) withdraw(ctx context.Context) {
	here, err := t.folder.Open(settings.Known)
	after := access{site: here}
	if err == nil {
		after.files, err = here.ReadFiles()
	}
	if err != nil || after.uses(t.fresh.value) {
		t.warn(fmt.Sprintf("the client secret %s, which was made, is not removed: the configuration holds it, or cannot be read", t.fresh.KeyID))
		return
	}
	t.deps.Progress.Say(progress.Step, "remove the client secret "+t.fresh.KeyID+", which was made and is not used")
	t.discard(ctx, t.making, t.fresh.KeyID)
}

// endCutOff ends a run that had brought its client secret into use.
func (t *rotation) endCutOff(ctx context.Context, s *session.Session) error {
	t.making = t.ends.Making
	t.left = slices.DeleteFunc(t.left, func(l leftover) bool { return l.Run == t.making.Run })
	if err := t.settle(ctx); err != nil {
		return err
	}
	t.report.Plan, t.report.Result, t.report.Changed = nil, report.Changed, true
	t.deps.Progress.Say(progress.Done, fmt.Sprintf("the client secret %s, which run %s made, is in use", t.making.KeyID, t.making.Run))
	t.finish(ctx, s)
	return nil
}

// again is the access with what the files hold now.
func (t *rotation) again(s *session.Session) (access, error) {
	a := t.access
	var err error
	if a.site, err = s.Folder.Open(settings.Known); err != nil {
		return a, explain.Open(err, t.req.Environment, t.deps.Store.Root)
	}
	if a.files, err = a.site.ReadFiles(); err != nil {
		return a, explain.Files(err)
	}
	a.value, _ = a.site.Value(a.files, settings.ClientSecret)
	return a, nil
}

// finish says that the new client secret is in use, and sees to the one before.
func (t *rotation) finish(ctx context.Context, s *session.Session) {
	if t.making.Retire == nil { // else it was ordered, and nobody is asked any more
		if way := t.choose(ctx); way == Now || way == Later {
			t.making.Retire = t.removal(way)
		}
	}
	t.adopt(leftover{Making: t.making})
	t.tellBefore()
	t.payNow(ctx, s)
}

// payNow removes what is due now that this host uses the new client secret.
func (t *rotation) payNow(ctx context.Context, s *session.Session) {
	if t.ledger.Empty() {
		return
	}
	now, err := t.again(s)
	if err != nil {
		t.stays(t.making.Replaces, err)
		return
	}
	now.accepted = t.ends == nil
	t.access = now
	if keyID, err := t.payDue(ctx); err != nil {
		t.stays(keyID, err)
	}
}

// tellBefore says what is left to do about the client secret before.
func (t *rotation) tellBefore() {
	before, order := t.making.Replaces, t.making.Retire
	switch {
	case before == "":
		t.next("which client secret was in use before could not be told: " + t.deps.Hint("secrets list", t.req.Environment) + " shows them, and secrets retire --key-id ID removes one")
	case order == nil:
		t.next("on every other host that uses this application, run installer configure --rotate as well: each gets a client secret of its own")
		t.next(fmt.Sprintf("once no other host and no other program uses the client secret %s, which was in use before: %s --key-id %s removes it", before, t.retire(), before))
	case !order.Due(t.deps.Now()):
		t.next(fmt.Sprintf("the client secret %s, which was in use before, may be removed after %s: %s --owed does it then", before, explain.At(order.After), t.retire()))
	}
}

func (t *rotation) retire() string { return t.deps.Hint("secrets retire", t.req.Environment) }

// choose is what becomes of the client secret before.
func (t *rotation) choose(ctx context.Context) When {
	before := t.making.Replaces
	switch {
	case before == "":
		return Never // nothing can be named
	case t.req.Choose == nil:
		return t.req.Retire
	}
	for _, c := range t.access.site.Identify(t.app.Credentials, t.access.value) {
		if c.KeyID != before {
			continue
		}
		if way, err := t.req.Choose(ctx, outlook(t.app, c), t.req.Retire); err == nil {
			return way
		}
	}
	return Never // nobody answered
}
