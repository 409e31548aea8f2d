package rollout

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/empowersuite/backend-installer/installer/progress"
	"github.com/empowersuite/backend-installer/installer/svc"
)

// Prove waits until every service is up with a new process, healthy, and,
// where its check can tell, signed in with the credential of this fingerprint
// ("" when any will do); then that all stay so for their StableFor.
func (c Crew) Prove(ctx context.Context, services []Found, fingerprint string) error {
	settled := make([]svc.State, 0, len(services))
	for _, s := range services {
		if err := c.becomeHealthy(ctx, s, fingerprint); err != nil {
			return err
		}
		state, err := c.inspect(ctx, s.Service)
		if err != nil {
			return err
		}
		settled = append(settled, state)
	}
	return c.stay(ctx, services, settled)
}

// becomeHealthy polls until the service is healthy or its Within is over.
func (c Crew) becomeHealthy(ctx context.Context, s Found, fingerprint string) error {
	began := c.Now()
	ctx, cancel := context.WithTimeout(ctx, s.Within)
	defer cancel()
	told := began
	var last error
	for poll := c.Limits.Poll / 16; ; poll = min(2*poll, c.Limits.Poll) { // most are up within milliseconds
		seen := c.look(ctx, s, fingerprint)
		if last == nil || ctx.Err() == nil { // a look that the end cut short says nothing
			last = seen
		}
		if seen == nil {
			c.Progress.Say(progress.Done, fmt.Sprintf("%s is healthy", s.Name))
			return nil
		}
		var final *finalError
		if errors.As(last, &final) {
			return &ServiceError{s.Name, "wait for", final.cause}
		}
		if now := c.Now(); now.Sub(told) >= time.Second {
			told = now
			c.Progress.Emit(progress.Event{
				Kind: progress.Waiting, Elapsed: now.Sub(began), Budget: s.Within,
				Text: fmt.Sprintf("waiting for %s: %v", s.Name, last),
			})
		}
		if err := pause(ctx, poll); err != nil {
			return &ServiceError{s.Name, "wait for", errors.Join(fmt.Errorf("%w: %w", ErrUnhealthy, last), parentError(ctx, err))}
		}
	}
}

// parentError keeps a cancellation visible and drops the deadline of "within",
// which ErrUnhealthy says already.
func parentError(ctx context.Context, err error) error {
	if errors.Is(context.Cause(ctx), context.DeadlineExceeded) {
		return nil
	}
	return err
}

// finalError ends a wait early: waiting longer cannot help.
type finalError struct{ cause error }

func (e *finalError) Error() string { return e.cause.Error() }

// look is one attempt; nil when the service is as wanted.
func (c Crew) look(ctx context.Context, s Found, fingerprint string) error {
	before, err := c.inspect(ctx, s.Service)
	if err != nil {
		return err
	}
	switch {
	case before.Activity == svc.Failed:
		return &finalError{fmt.Errorf("%w: %s", ErrUnhealthy, describe(before))}
	case before.Activity != svc.Running:
		return errors.New(describe(before))
	case s.Before.PID != 0 && before.Process() == s.Before:
		return ErrSameProcess
	case s.Check == nil:
		return nil
	}
	if err := c.probe(ctx, s, fingerprint); err != nil {
		return err
	}
	after, err := c.inspect(ctx, s.Service)
	if err != nil {
		return err
	}
	switch {
	case after.Process() != before.Process(): // also when the probe was what started it
		return errors.New("the process changed while it was asked")
	case after.PID == 0 && startsOnDemand(s.Service):
		return errors.New("it answers, and no process of it is known")
	}
	return nil
}

func (c Crew) probe(ctx context.Context, s Found, fingerprint string) error {
	result, err := c.Prober.Probe(ctx, *s.Check)
	switch {
	case err != nil:
		return &finalError{err}
	case !result.Healthy:
		return errors.New(result.Detail)
	case fingerprint != "" && s.Check.Credential != "" && result.Credential != fingerprint:
		return fmt.Errorf("%w (fingerprint %q)", ErrCredential, result.Credential)
	}
	return nil
}

func describe(s svc.State) string {
	if s.Detail == "" {
		return fmt.Sprintf("it is %s", s.Activity)
	}
	return fmt.Sprintf("it is %s (%s)", s.Activity, s.Detail)
}

// stay watches every service until the longest StableFor has passed since it
// was healthy. A new process or a failed probe at the end is ErrUnstable.
func (c Crew) stay(ctx context.Context, services []Found, settled []svc.State) error {
	began := c.Now()
	var longest time.Duration
	for _, s := range services {
		longest = max(longest, s.StableFor)
	}
	if longest == 0 {
		return nil
	}
	c.Progress.Say(progress.Step, fmt.Sprintf("watch for %s that everything stays up", longest))
	for {
		elapsed := c.Now().Sub(began)
		for i, s := range services {
			if err := c.still(ctx, s, settled[i], elapsed); err != nil {
				return err
			}
		}
		if elapsed >= longest {
			return nil
		}
		if err := pause(ctx, min(4*c.Limits.Poll, longest-elapsed)); err != nil {
			return fmt.Errorf("watch the services: %w", err)
		}
	}
}

func (c Crew) still(ctx context.Context, s Found, settled svc.State, elapsed time.Duration) error {
	state, err := c.inspect(ctx, s.Service)
	if err != nil {
		return err
	}
	if state.Activity != svc.Running || state.Process() != settled.Process() || state.Restarts > settled.Restarts {
		return &ServiceError{s.Name, "watch", fmt.Errorf("%w: %s after %s",
			ErrUnstable, describe(state), elapsed.Round(100*time.Millisecond))}
	}
	if elapsed >= s.StableFor && !c.healthy(ctx, s.Service) {
		return &ServiceError{s.Name, "watch", fmt.Errorf("%w: no longer healthy", ErrUnstable)}
	}
	return nil
}

// Return brings services back to what they were after files were restored:
// whatever ran before runs again, restarted when the process is another one
// than before or may not be alone; what was healthy before is proven healthy.
func (c Crew) Return(ctx context.Context, services []Found, fingerprint string) error {
	var moved []Found
	for _, s := range services {
		state, err := c.inspect(ctx, s.Service)
		if err != nil {
			return err
		}
		if untouched(s, state) {
			continue
		}
		moved = append(moved, Found{Service: s.Service, Before: state.Process(), Running: s.Running, Healthy: s.Healthy})
	}
	if len(moved) == 0 {
		return nil
	}
	if err := c.Restart(ctx, moved); err != nil {
		return err
	}
	var well []Found
	for _, s := range moved {
		if s.Healthy {
			well = append(well, s)
		}
	}
	return c.Prove(ctx, well, fingerprint)
}

// untouched reports whether the service still runs as it did. A restart in one
// that was cut off may have left a new process beside the old one.
func untouched(s Found, now svc.State) bool {
	return len(s.Command.Restart) == 0 && now.Activity == svc.Running && s.Before.PID != 0 && now.Process() == s.Before
}

func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
