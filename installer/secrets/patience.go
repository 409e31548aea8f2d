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

// patiently asks again while the answer is that it is too early or too much, as
// long as Graph says or twice as long each time. Only what may be said twice is
// to be asked so.
func patiently(ctx context.Context, deps session.Deps, ask func() error) error {
	began, gap := deps.Now(), firstGap
	for attempt := 1; ; attempt++ {
		err := ask()
		asked, later := again(err)
		wait := max(gap, asked)
		waited := deps.Now().Sub(began)
		if !later || attempt == attempts || waited+wait > patience {
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

// again reports whether the same question is worth asking again, and after which
// time at least. Gone is what a replica that is behind says of a fresh one.
func again(err error) (after time.Duration, later bool) {
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
