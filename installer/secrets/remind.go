package secrets

import (
	"context"
	"fmt"
	"time"

	"github.com/empowersuite/backend-installer/installer/step"
)

const (
	soon         = time.Hour   // until a removal that failed is tried again first
	remindWithin = time.Minute // for what manages services to take it
)

// remind has the host pay what is owed, where that needs no person, and stops it once
// nothing is.
func (b *books) remind(ctx context.Context, alone bool) {
	if !b.deps.CallsItself() || len(b.ledger.Removals) > 0 && !alone {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), remindWithin)
	defer cancel()
	job := b.deps.Scheduler.Retire(b.deps.Call(b.report.Environment), b.nextDue())
	timer := step.NewSchedule(job, b.deps.Crew)
	if len(b.ledger.Removals) == 0 {
		there, err := timer.Registered(ctx)
		if err == nil && there {
			err = timer.Undo(ctx)
		}
		if err != nil {
			b.warn(fmt.Sprintf("what pays what is owed could not be unregistered: %v", err))
		}
		return
	}
	if err := timer.Do(ctx); err != nil {
		b.warn(fmt.Sprintf("what pays what is owed could not be registered: %v", err))
		return
	}
	b.next(job.Promise)
}

// nextDue is when the first of the removals is worth a try.
func (b *books) nextDue() time.Time {
	var at time.Time
	for _, r := range b.ledger.Removals {
		next := r.After
		if r.Due(b.deps.Now()) {
			next = b.deps.Now().Add(soon)
		}
		if at.IsZero() || next.Before(at) {
			at = next
		}
	}
	return at
}
