package secrets

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/empowersuite/backend-installer/installer/exchange"
	"github.com/empowersuite/backend-installer/installer/graph"
	"github.com/empowersuite/backend-installer/installer/progress"
	"github.com/empowersuite/backend-installer/installer/session"
)

const (
	patience = time.Minute // in all, for one question
	attempts = 6
	firstGap = 2 * time.Second
)

// later reports whether a question is worth asking again after an error, and after
// which time at least.
type later func(err error) (after time.Duration, yes bool)

// patiently asks again while later says so, as long as Graph says or twice as long
// each time.
func patiently(ctx context.Context, deps session.Deps, again later, ask func() error) error {
	began, gap := deps.Now(), firstGap
	for attempt := 1; ; attempt++ {
		err := ask()
		asked, yes := again(err)
		wait := max(gap, asked)
		waited := deps.Now().Sub(began)
		if !yes || attempt == attempts || waited+wait > patience {
			return err
		}
		deps.Progress.Emit(progress.Event{
			Kind: progress.Waiting, Elapsed: waited, Budget: patience,
			Text: fmt.Sprintf("%v; asking again in %s", err, wait),
		})
		if err := deps.Proof.Wait(ctx, wait); err != nil {
			return err
		}
		gap *= 2
	}
}

// repeatable is for what may be said twice. Gone is what a replica that is behind
// says of a fresh one.
func repeatable(err error) (after time.Duration, later bool) {
	var refused *graph.Error
	var failed *exchange.Error
	switch {
	case errors.As(err, &refused):
		return refused.RetryAfter, slices.Contains([]graph.Cause{graph.Conflict, graph.Throttled, graph.Disturbed, graph.Gone}, refused.Cause)
	case errors.As(err, &failed):
		return failed.RetryAfter, slices.Contains([]exchange.Class{exchange.Transient, exchange.Throttled}, failed.Class)
	}
	return 0, false
}

// unheard is for what must not be done twice: only where the answer says that
// nothing was done it is said again.
func unheard(err error) (after time.Duration, yes bool) {
	var refused *graph.Error
	if errors.As(err, &refused) {
		return refused.RetryAfter, refused.Cause == graph.Conflict || refused.Cause == graph.Throttled
	}
	return 0, false
}
