package secrets

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/empowersuite/backend-installer/installer/explain"
	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/graph"
	"github.com/empowersuite/backend-installer/installer/progress"
	"github.com/empowersuite/backend-installer/installer/site"
)

// make makes the client secret. What it is called is on the disk before the
// directory is asked, and its value before anything else is done with it.
func (t *rotation) make(ctx context.Context) error {
	if ctx.Err() != nil {
		return explain.Cancelled(context.Cause(ctx))
	}
	t.ledger.Begin(t.making)
	if err := errors.Join(t.note(), t.box().Begin(t.making.Run)); err != nil {
		t.discard(ctx, t.making, "")
		return explain.Write(err, "no client secret was made")
	}
	t.deps.Progress.Say(progress.Step, "make the client secret "+t.making.Name)
	var made graph.Created
	err := patiently(ctx, t.deps, unheard, func() error {
		var err error
		// A request that was sent is not cut off: a secret would be there, and nobody would have it.
		made, err = t.access.directory.AddPassword(context.WithoutCancel(ctx), t.making.ClientID, graph.Wanted{Name: t.making.Name, End: t.fresh.End})
		return err
	})
	if err != nil {
		return t.notMade(ctx, err)
	}
	t.fresh = fresh{made.Credential, made.Value}
	t.making.KeyID = made.KeyID
	t.ledger.Begin(t.making)
	if err := errors.Join(t.box().Keep(t.making.Run, made.Value), t.note()); err != nil {
		t.discard(ctx, t.making, made.KeyID)
		return explain.Write(err, "the client secret that was made could not be kept")
	}
	t.deps.Progress.Say(progress.Done, fmt.Sprintf("the client secret %s is made, valid until %s", made.KeyID, site.Day(made.End)))
	return nil
}

// notMade is about a client secret whose value never came.
func (t *rotation) notMade(ctx context.Context, err error) error {
	var refused *graph.Error
	if errors.As(err, &refused) && refused.Cause != graph.Disturbed {
		t.discard(ctx, t.making, "")
		if refused.Cause == graph.Full {
			return t.full(err)
		}
		return explain.Graph(err, making)
	}
	t.hunt(ctx)
	return explain.Graph(err, making)
}

// full names what could be removed, and removes nothing.
func (t *rotation) full(err error) error {
	var expired, others []string
	for _, c := range told(t.app, t.access.site.Identify(t.app.Credentials, t.access.value)).Credentials {
		said := fmt.Sprintf("%s (%q", c.ID, c.Name)
		switch {
		case c.Use == string(site.InUse):
		case c.Expired:
			expired = append(expired, said+", expired "+site.Day(*c.Expires)+")")
		default:
			others = append(others, said+")")
		}
	}
	const most = 10
	candidates := slices.Concat(expired, others)
	said := fault.Of(explain.Graph(err, making))
	return fault.Wrap(said.Code, err, said.What, "nothing was removed. Remove what nobody uses, with "+
		t.deps.Hint("secrets retire", t.req.Environment)+" --key-id ID or in the portal; candidates: "+
		strings.Join(candidates[:min(most, len(candidates))], ", "))
}

// A client secret whose value was lost on its way is looked for so often, with such
// a pause: a replica of the directory is behind for seconds.
const (
	hunts    = 5
	huntsGap = 3 * time.Second
)

// hunt looks for a client secret that may have been made although no answer came,
// and removes it: nobody has its value. What is not found is left to the next run.
func (t *rotation) hunt(ctx context.Context) {
	ctx = context.WithoutCancel(ctx)
	t.deps.Progress.Say(progress.Step, "look whether it was made all the same: no answer came")
	for range hunts {
		app, err := t.access.directory.Application(ctx, t.making.ClientID)
		if found := t.making.Find(app.Credentials); err == nil && found != nil {
			t.discard(ctx, t.making, found.KeyID)
			return
		}
		if t.deps.Proof.Wait(ctx, huntsGap) != nil {
			break
		}
	}
	t.warn(fmt.Sprintf("whether the client secret %q was made is not known: the next run that signs in removes it", t.making.Name))
}
