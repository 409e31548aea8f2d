package svc_test

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/svc"
	"github.com/empowersuite/backend-installer/installer/svc/svctest"
)

// onIIS is a pool "web", and a manager that drives it by appcmd.
func onIIS(t *testing.T, pool svctest.Pool) (*svctest.IIS, *svc.CommandManager) {
	t.Helper()
	folder := t.TempDir()
	pool.Name, pool.Config = "web", filepath.Join(folder, "appsettings.json")
	if err := os.WriteFile(pool.Config, []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	iis, err := svctest.StartIIS(t.Context(), folder, pool)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := iis.Close(); err != nil {
			t.Error(err)
		}
	})
	return iis, svc.Commands(map[string]svc.Command{"web": iis.Command("web")},
		svc.CommandOptions{Settle: 20 * time.Second, Drain: 20 * time.Second, Poll: 5 * time.Millisecond})
}

func state(t *testing.T, m svc.Manager) svc.State {
	t.Helper()
	s, err := m.Inspect(t.Context(), "web")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// ask is one request of a site.
func ask(t *testing.T, url string) int {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close() //nolint:errcheck // read-only
	return answer.StatusCode
}

// twice does what is safe to repeat, which appcmd itself refuses.
func twice(t *testing.T, act func(context.Context, string) error) {
	t.Helper()
	for range 2 {
		if err := act(t.Context(), "web"); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAPoolIsStartedAndStopped(t *testing.T) {
	iis, m := onIIS(t, svctest.Pool{})
	before := state(t, m)
	if before.Activity != svc.Running || before.PID == 0 || before.Started.IsZero() {
		t.Fatalf("got %+v, want a running pool with its worker", before)
	}
	twice(t, m.Stop)
	if s := state(t, m); s.Activity != svc.Stopped || s.PID != 0 || ask(t, iis.URL("web")) != http.StatusServiceUnavailable {
		t.Errorf("got %+v, want a stopped pool without a worker", s)
	}
	twice(t, m.Start)
	if s := state(t, m); s.Activity != svc.Running || s.PID == 0 || s.Process() == before.Process() {
		t.Errorf("got %+v, want another worker than %+v", s, before)
	}
}

func TestARecycledPoolHasNoGapAndNoOldWorkerAfterwards(t *testing.T) {
	iis, m := onIIS(t, svctest.Pool{Drain: 300 * time.Millisecond})
	before := state(t, m).Process()
	if err := m.Restart(t.Context(), "web"); err != nil {
		t.Fatal(err)
	}
	if after := state(t, m); after.Activity != svc.Running || after.PID == 0 || after.Process() == before {
		t.Errorf("got %+v, want another worker than %+v", after, before)
	}
	want := []string{"worker 1 begins", "recycle web", "worker 2 begins", "worker 1 ended"}
	for deadline := time.Now().Add(10 * time.Second); !slices.Equal(iis.Events(), want); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) { // the fake notes the end some time after it
			t.Fatalf("got %q, want %q", iis.Events(), want)
		}
	}
}

func TestWhileBothWorkersRunTheOldOneIsReported(t *testing.T) {
	iis, m := onIIS(t, svctest.Pool{Drain: time.Hour})
	before := state(t, m).Process()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
	defer cancel()
	if err := m.Restart(ctx, "web"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want the restart to wait for the old worker", err)
	}
	if got := state(t, m).Process(); got != before {
		t.Errorf("got %+v, want the old worker %+v", got, before)
	}
	if got := iis.Events(); !slices.Contains(got, "worker 2 begins") || slices.Contains(got, "worker 1 ended") {
		t.Errorf("got %q, want both workers to run", got)
	}
}

func TestAWorkerThatDoesNotEndIsTold(t *testing.T) {
	iis, _ := onIIS(t, svctest.Pool{Drain: time.Hour})
	m := svc.Commands(map[string]svc.Command{"web": iis.Command("web")},
		svc.CommandOptions{Drain: 50 * time.Millisecond, Poll: 5 * time.Millisecond})
	if err := m.Restart(t.Context(), "web"); !errors.Is(err, svc.ErrStop) {
		t.Errorf("got %v, want %v", err, svc.ErrStop)
	}
}

func TestAPoolOnDemandRunsWithoutAWorkerUntilItIsAsked(t *testing.T) {
	iis, m := onIIS(t, svctest.Pool{OnDemand: true, NoOverlap: true})
	if s := state(t, m); s.Activity != svc.Running || s.PID != 0 {
		t.Fatalf("got %+v, want a running pool without a worker", s)
	}
	if status := ask(t, iis.URL("web")); status != http.StatusOK {
		t.Fatalf("got status %d", status)
	}
	if s := state(t, m); s.PID == 0 {
		t.Errorf("got %+v, want a worker", s)
	}
	if err := m.Restart(t.Context(), "web"); err != nil {
		t.Fatal(err)
	}
	if s := state(t, m); s.Activity != svc.Running || s.PID != 0 {
		t.Errorf("got %+v, want a running pool whose worker is gone", s)
	}
}

func TestARestartStartsAPoolThatIsStopped(t *testing.T) {
	_, m := onIIS(t, svctest.Pool{})
	if err := m.Stop(t.Context(), "web"); err != nil {
		t.Fatal(err)
	}
	if err := m.Restart(t.Context(), "web"); err != nil {
		t.Fatal(err)
	}
	if s := state(t, m); s.Activity != svc.Running || s.PID == 0 {
		t.Errorf("got %+v, want a running pool", s)
	}
}

func TestAPoolThatIsNotThereIsStopped(t *testing.T) {
	iis, _ := onIIS(t, svctest.Pool{})
	m := svc.Commands(map[string]svc.Command{"web": iis.Command("other")}, svc.CommandOptions{})
	if s := state(t, m); s.Activity != svc.Stopped {
		t.Errorf("got %+v", s)
	}
	if err := m.Start(t.Context(), "web"); !errors.Is(err, svc.ErrStart) {
		t.Errorf("got %v, want %v", err, svc.ErrStart)
	}
}

func TestARestartNeedsAServiceAndItsCommand(t *testing.T) {
	one := []string{filepath.Join(t.TempDir(), "none")}
	m := svc.Commands(map[string]svc.Command{"web": {Start: one, Stop: one, Status: one}}, svc.CommandOptions{})
	if err := m.Restart(t.Context(), "web"); !errors.Is(err, svc.ErrUnsupported) {
		t.Errorf("got %v, want %v", err, svc.ErrUnsupported)
	}
	if err := m.Restart(t.Context(), "other"); !errors.Is(err, svc.ErrNotFound) {
		t.Errorf("got %v, want %v", err, svc.ErrNotFound)
	}
}
