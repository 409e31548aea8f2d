package watch

import (
	"context"
	"errors"
	"time"

	"github.com/empowersuite/backend-installer/installer/entra"
	"github.com/empowersuite/backend-installer/installer/expiry"
	"github.com/empowersuite/backend-installer/installer/explain"
	"github.com/empowersuite/backend-installer/installer/progress"
	"github.com/empowersuite/backend-installer/installer/proof"
	"github.com/empowersuite/backend-installer/installer/site"
)

// ask asks Entra ID once about the secret in place, unless the settings say not to.
// The error is that of a run that was cancelled: no other is a reason to stop.
func (c *check) ask(ctx context.Context) (expiry.Verdict, error) {
	if !c.req.Settings.Asks() {
		return expiry.Verdict{}, nil
	}
	if c.req.Jitter > 0 {
		if err := c.deps.Proof.Wait(ctx, time.Duration(c.deps.Proof.Jitter()*float64(c.req.Jitter))); err != nil {
			return expiry.Verdict{}, explain.Cancelled(err)
		}
	}
	question, err := site.Ask(c.site.Lookup(c.files, nil), c.deps.Version)
	if err == nil {
		c.deps.Progress.Say(progress.Step, "ask Entra ID whether it accepts the secret in the file")
		err = c.deps.AskOnce(ctx, question, c.secret)
	}
	if ctx.Err() != nil {
		return expiry.Verdict{}, explain.Cancelled(context.Cause(ctx))
	}
	return c.judged(err), nil
}

func (c *check) judged(err error) expiry.Verdict {
	v := expiry.Verdict{Answer: expiry.Accepted, At: c.deps.Now().UTC()}
	if err == nil {
		c.deps.Progress.Say(progress.Done, "Entra ID accepts the secret")
		return v
	}
	v.Answer, v.Reason = expiry.NoVerdict, "settings"
	var failure *entra.Error
	if errors.As(err, &failure) {
		v.Reason = string(failure.Class)
	}
	var refused *proof.RefusedError
	if errors.As(err, &refused) && refused.Rejected {
		v.Answer = expiry.Refused
	}
	c.deps.Progress.Say(progress.Detail, "Entra ID: "+string(v.Answer)+", "+v.Reason)
	return v
}
