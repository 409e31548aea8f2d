package svctest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/svc"
)

// register registers a service and sees to it that nothing of it is left.
func (b Bench) register(t *testing.T, name string, behaviour Behaviour) string {
	t.Helper()
	name = b.Prefix + name
	if err := b.Manager.Register(t.Context(), b.Define(t, name, behaviour)); err != nil {
		t.Fatalf("register: %v", err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience) // the test's own has ended
		defer cancel()
		if behaviour != HangsAtStop {
			if err := b.Manager.Stop(ctx, name); err != nil && !errors.Is(err, svc.ErrNotFound) {
				t.Errorf("clean up: %v", err)
			}
		}
		if err := b.Manager.Unregister(ctx, name); err != nil {
			t.Errorf("clean up: %v", err)
		}
	})
	return name
}

func (b Bench) inspect(t *testing.T, name string) svc.State {
	t.Helper()
	state, err := b.Manager.Inspect(t.Context(), name)
	if err != nil {
		t.Fatalf("inspect: %v", err)
	}
	return state
}

func (b Bench) start(t *testing.T, name string) {
	t.Helper()
	if err := b.Manager.Start(t.Context(), name); err != nil {
		t.Fatalf("start: %v", err)
	}
}

func (b Bench) stop(t *testing.T, name string) {
	t.Helper()
	if err := b.Manager.Stop(t.Context(), name); err != nil {
		t.Fatalf("stop: %v", err)
	}
}

// await looks until a service is as wanted.
func (b Bench) await(t *testing.T, name, what string, wanted func(svc.State) bool) svc.State {
	t.Helper()
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	end := time.After(patience)
	for {
		state := b.inspect(t, name)
		if wanted(state) {
			return state
		}
		select {
		case <-look.C:
		case <-end:
			t.Fatalf("got %+v after %v, want it %s", state, patience, what)
		}
	}
}

func wantError(t *testing.T, attempt string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: got %v, want %v", attempt, err, want)
	}
}

func wantNoProcess(t *testing.T, s svc.State) {
	t.Helper()
	if (s.Process() != svc.Process{}) {
		t.Errorf("got process %+v, want none", s.Process())
	}
}
