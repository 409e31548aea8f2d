package svctest_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/svc"
	"github.com/empowersuite/backend-installer/installer/svc/svctest"
)

func state(t *testing.T, f *svctest.Fake, name string) svc.State {
	t.Helper()
	s, err := f.Inspect(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func wantCalls(t *testing.T, f *svctest.Fake, want ...string) {
	t.Helper()
	if got := f.Calls(); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestTheFakeRecordsCallsThatChangeSomething(t *testing.T) {
	f := svctest.New(nil)
	f.Add("web", svctest.Script{FailsAtStart: true})
	f.Launch("db", svctest.Script{})
	state(t, f, "web")
	if err := f.Start(t.Context(), "web"); !errors.Is(err, svc.ErrStart) {
		t.Errorf("got %v, want %v", err, svc.ErrStart)
	}
	if err := f.Stop(t.Context(), "db.service"); err != nil {
		t.Error(err)
	}
	wantCalls(t, f, "start web", "stop db.service")
	f.Forget()
	wantCalls(t, f)
}

func TestTheFakeStopsWhatNeedsAStoppedService(t *testing.T) {
	f := svctest.New(nil)
	var stopped []string
	for name, needs := range map[string][]string{"db": nil, "web": {"db"}, "proxy": {"web.service"}} {
		f.Launch(name, svctest.Script{Needs: needs, OnStop: func() { stopped = append(stopped, name) }})
	}
	if got := state(t, f, "db").NeededBy; !slices.Equal(got, []string{"web.service"}) {
		t.Errorf("got %q, want web.service", got)
	}
	if err := f.Stop(t.Context(), "db"); err != nil {
		t.Fatal(err)
	}
	if want := []string{"proxy", "web", "db"}; !slices.Equal(stopped, want) {
		t.Errorf("got %q, want %q", stopped, want)
	}
	if err := f.Start(t.Context(), "db"); err != nil {
		t.Fatal(err)
	}
	if got := state(t, f, "web").Activity; got != svc.Stopped {
		t.Errorf("got %q, want a start of the needed one to leave it stopped", got)
	}
}

func TestTheFakeCrashesByItsClock(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	f := svctest.New(func() time.Time { return now })
	f.Launch("web", svctest.Script{CrashAfter: time.Second, RestartDelay: time.Second, MaxRestarts: 1})
	first := state(t, f, "web").Process()
	for _, step := range []struct {
		after    time.Duration
		want     svc.Activity
		restarts int
	}{
		{999 * time.Millisecond, svc.Running, 0},
		{time.Millisecond, svc.Restarting, 0},
		{time.Second, svc.Running, 1},
		{time.Second, svc.Failed, 1},
	} {
		now = now.Add(step.after)
		s := state(t, f, "web")
		if s.Activity != step.want || s.Restarts != step.restarts {
			t.Errorf("after %v: got %q and %d restarts, want %q and %d", step.after, s.Activity, s.Restarts, step.want, step.restarts)
		}
		if s.Activity == svc.Running && (s.Process() == first) != (step.restarts == 0) {
			t.Errorf("after %v: got process %+v, first was %+v", step.after, s.Process(), first)
		}
	}
}

func TestTheFakeAsksItsHooks(t *testing.T) {
	f := svctest.New(nil)
	refuse := errors.New("refused")
	var seen svc.Process
	f.Add("web", svctest.Script{OnStart: func(p svc.Process) error {
		seen = p
		return nil
	}})
	if err := f.Start(t.Context(), "web"); err != nil || seen != state(t, f, "web").Process() {
		t.Errorf("got %+v and %v, want the new process", seen, err)
	}
	f.Kill("web")
	if s := state(t, f, "web"); s.Activity != svc.Failed || s.PID != 0 {
		t.Errorf("got %+v, want a failure", s)
	}
	f.Change("web", func(s *svctest.Script) { s.OnStart = func(svc.Process) error { return refuse } })
	if err := f.Start(t.Context(), "web"); !errors.Is(err, svc.ErrStart) || !errors.Is(err, refuse) {
		t.Errorf("got %v, want %v and %v", err, svc.ErrStart, refuse)
	}
}

func TestTheFakeHangsUntilTheContextEnds(t *testing.T) {
	f := svctest.New(nil)
	f.Add("web", svctest.Script{HangsAtStart: true})
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(20*time.Millisecond, cancel)
	if err := f.Start(ctx, "web"); !errors.Is(err, svc.ErrStart) || !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v and %v", err, svc.ErrStart, context.Canceled)
	}
	if got := state(t, f, "web").Activity; got != svc.Starting {
		t.Errorf("got %q, want %q", got, svc.Starting)
	}
}

func TestTheFakeAnswersEveryCallWithItsError(t *testing.T) {
	f := svctest.New(nil)
	f.Add("web", svctest.Script{Err: svc.ErrPermission})
	_, inspected := f.Inspect(t.Context(), "web")
	for call, err := range map[string]error{
		"inspect": inspected, "start": f.Start(t.Context(), "web"), "stop": f.Stop(t.Context(), "web"),
		"register": f.Register(t.Context(), svc.Definition{Name: "web"}), "unregister": f.Unregister(t.Context(), "web"),
	} {
		if !errors.Is(err, svc.ErrPermission) {
			t.Errorf("%s: got %v, want %v", call, err, svc.ErrPermission)
		}
	}
}
