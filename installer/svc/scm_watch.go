package svc

import (
	"context"
	"fmt"
	"time"
)

const (
	// Most services are up within milliseconds, so the first looks come faster
	// than Microsoft's rule says: a tenth of the wait hint, 1 s at least, 10 s
	// at most.
	firstLook   = 25 * time.Millisecond
	quickLook   = 100 * time.Millisecond
	quickFor    = 10 * time.Second
	slowestLook = 10 * time.Second
	fastestRule = time.Second
	partOfHint  = 10
)

// scmPause is how long to wait before the next look at a service that has
// been watched for so long and gave that hint.
func scmPause(watched, hint time.Duration) time.Duration {
	if watched < quickFor {
		return min(max(watched/2, firstLook), quickLook)
	}
	return min(max(hint/partOfHint, fastestRule), slowestLook)
}

// scmWatch remembers what was seen of a service while something is waited for.
type scmWatch struct {
	began time.Time
	last  scmStatus
	moved time.Time // when the state or the checkpoint changed last
	held  error     // why the manager does not take the request yet
}

func newSCMWatch(now time.Time) *scmWatch { return &scmWatch{began: now, moved: now} }

func (w *scmWatch) note(now time.Time, s scmStatus) {
	if s.State != w.last.State || s.CheckPoint != w.last.CheckPoint || s.PID != w.last.PID {
		w.moved = now
	}
	w.last = s
}

// stuck is how long a pending service has not moved, where that is longer than
// it said it would need.
func (w *scmWatch) stuck(now time.Time) (time.Duration, bool) {
	still := now.Sub(w.moved)
	return still, w.last.pending() && still > w.last.WaitHint
}

// told is what a wait that ended without success has seen.
func (w *scmWatch) told(now time.Time) string {
	said := "it is still " + w.last.words()
	if still, ok := w.stuck(now); ok {
		said += fmt.Sprintf(", and stuck: its checkpoint has not moved for %s", still.Round(time.Millisecond))
	}
	return said
}

// pause waits until the next look. Where the context ends first, the error
// says what was not reached and what was seen.
func (w *scmWatch) pause(ctx context.Context, what error) error {
	timer := time.NewTimer(scmPause(time.Since(w.began), w.last.WaitHint))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
	}
	if w.held != nil {
		return fmt.Errorf("%w: %s: %w: %w", what, w.told(time.Now()), w.held, ctx.Err())
	}
	return fmt.Errorf("%w: %s: %w", what, w.told(time.Now()), ctx.Err())
}
