package rollout_test

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/health"
	"github.com/empowersuite/backend-installer/installer/rollout"
	"github.com/empowersuite/backend-installer/installer/svc"
	"github.com/empowersuite/backend-installer/installer/svc/svctest"
)

// pools is an IIS with a pool "web", and a crew that drives it.
type pools struct {
	*svctest.IIS
	config string
	crew   rollout.Crew
}

func onIIS(t *testing.T, pool svctest.Pool) pools {
	t.Helper()
	folder := t.TempDir()
	pool.Name, pool.Config = "web", filepath.Join(folder, "appsettings.json")
	b := pools{config: pool.Config}
	b.write(t, "of before")
	iis, err := svctest.StartIIS(t.Context(), folder, pool)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := iis.Close(); err != nil {
			t.Error(err)
		}
	})
	b.IIS = iis
	m := svc.Commands(map[string]svc.Command{"web": iis.Command("web")}, svc.CommandOptions{Drain: 20 * time.Second})
	b.crew = rollout.Crew{
		Manager: func(rollout.Service) (svc.Manager, error) { return m, nil },
		Prober:  health.Net{}, Now: time.Now,
		Limits: rollout.Limits{Stop: 30 * time.Second, Start: 30 * time.Second, Poll: 20 * time.Millisecond},
	}
	return b
}

func (b pools) write(t *testing.T, text string) {
	t.Helper()
	if err := os.WriteFile(b.config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// survey looks at the pool; its check is that any worker answers.
func (b pools) survey(t *testing.T) []rollout.Found {
	t.Helper()
	found, err := b.crew.Survey(t.Context(), []rollout.Service{{
		Name: "web", Manager: "command", Command: b.Command("web"), Within: 20 * time.Second, StableFor: 50 * time.Millisecond,
		Check: &health.Check{HTTP: b.URL("web")},
	}})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// reads makes a check that only a worker with this configuration passes.
func (b pools) reads(text string) *health.Check {
	sum := sha256.Sum256([]byte(text))
	return &health.Check{HTTP: b.URL("web"), Pointer: "/read", Equals: hex.EncodeToString(sum[:])}
}

func TestAPoolIsRecycledAndItsNewWorkerProven(t *testing.T) {
	for name, pool := range map[string]svctest.Pool{
		"always running":       {Drain: 300 * time.Millisecond},
		"on demand":            {OnDemand: true, Drain: 300 * time.Millisecond},
		"without an overlap":   {NoOverlap: true, OnDemand: true},
		"slow to start":        {OnDemand: true, NoOverlap: true, Startup: 700 * time.Millisecond},
		"slow and overlapping": {Startup: 300 * time.Millisecond, Drain: 300 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			b := onIIS(t, pool)
			found := b.survey(t)
			if !found[0].Running || !found[0].Healthy || found[0].Before.PID == 0 {
				t.Fatalf("got %+v, want a pool with the worker that the probe started", found[0])
			}
			b.write(t, "of now")
			if err := b.crew.Restart(t.Context(), found); err != nil {
				t.Fatal(err)
			}
			if err := b.crew.Prove(t.Context(), found, ""); err != nil {
				t.Fatal(err)
			}
			// Whoever answers once it is proven has read the new file.
			result, err := health.Net{}.Probe(t.Context(), *b.reads("of now"))
			if err != nil || !result.Healthy {
				t.Errorf("got %+v and %v, want the new worker's answer", result, err)
			}
			if got := b.Events(); slices.Contains(got, "stop web") || !slices.Contains(got, "recycle web") {
				t.Errorf("got %q, want a recycle and no stop", got)
			}
		})
	}
}

// The old worker is healthy and answers; only its identity tells it.
func TestAnOldWorkerThatAnswersBesideTheNewOneProvesNothing(t *testing.T) {
	b := onIIS(t, svctest.Pool{Drain: time.Hour})
	found := b.survey(t)
	b.crew.Limits.Stop = 3 * time.Second
	var failed *rollout.ServiceError
	if err := b.crew.Restart(t.Context(), found); !errors.As(err, &failed) || failed.Wanted != "restart" {
		t.Fatalf("got %v, want a restart that waits for the old worker", err)
	}
	if got := b.Events(); !slices.Contains(got, "worker 2 begins") || slices.Contains(got, "worker 1 ended") {
		t.Fatalf("got %q, want both workers to run", got)
	}
	result, err := b.crew.Prober.Probe(t.Context(), *found[0].Check)
	if err != nil || !result.Healthy {
		t.Fatalf("got %+v and %v, want the old worker to answer", result, err)
	}
	found[0].Within = 3 * time.Second
	if err := b.crew.Prove(t.Context(), found, ""); !errors.Is(err, rollout.ErrSameProcess) {
		t.Errorf("got %v, want %v", err, rollout.ErrSameProcess)
	}
}

func TestAWorkerThatComesUpSickIsNotProvenAndTheOldFileIsReturnedTo(t *testing.T) {
	b := onIIS(t, svctest.Pool{})
	if err := os.WriteFile(filepath.Join(filepath.Dir(b.config), svctest.WantedFile), []byte("of before"), 0o600); err != nil {
		t.Fatal(err)
	}
	found := b.survey(t)
	found[0].Within = 4 * time.Second
	b.write(t, "of now")
	if err := b.crew.Restart(t.Context(), found); err != nil {
		t.Fatal(err)
	}
	if err := b.crew.Prove(t.Context(), found, ""); !errors.Is(err, rollout.ErrUnhealthy) || !strings.Contains(err.Error(), "HTTP 500") {
		t.Fatalf("got %v, want %v and why", err, rollout.ErrUnhealthy)
	}
	b.write(t, "of before")
	found[0].Within = 20 * time.Second
	if err := b.crew.Return(t.Context(), found, ""); err != nil {
		t.Fatal(err)
	}
	if result, err := (health.Net{}).Probe(t.Context(), *b.reads("of before")); err != nil || !result.Healthy {
		t.Errorf("got %+v and %v, want a worker with the old file", result, err)
	}
}

// The pool looks untouched: the worker from before is the one that is reported.
func TestAReturnReplacesTheNewWorkerThoughTheOldOneStillRuns(t *testing.T) {
	b := onIIS(t, svctest.Pool{Drain: 4 * time.Second})
	found := b.survey(t)
	b.write(t, "of now")
	b.crew.Limits.Stop = 2 * time.Second
	if err := b.crew.Restart(t.Context(), found); err == nil {
		t.Fatal("got no error, want a restart that waits for the old worker")
	}
	b.write(t, "of before")
	b.crew.Limits.Stop = 30 * time.Second
	if err := b.crew.Return(t.Context(), found, ""); err != nil {
		t.Fatal(err)
	}
	if result, err := (health.Net{}).Probe(t.Context(), *b.reads("of before")); err != nil || !result.Healthy {
		t.Errorf("got %+v and %v, want a worker with the old file", result, err)
	}
	if got := b.Events(); !slices.Contains(got, "worker 3 begins") || !slices.Contains(got, "worker 2 ended") {
		t.Errorf("got %q, want the second worker replaced", got)
	}
}

func TestAPoolThatOthersComeAfterIsStoppedAndStarted(t *testing.T) {
	b := onIIS(t, svctest.Pool{})
	found := b.survey(t)
	later := found[0]
	later.After = []string{"web"}
	later.Name = "worker"
	manager := b.crew.Manager
	b.crew.Manager = func(s rollout.Service) (svc.Manager, error) {
		if s.Name == "worker" {
			fake := svctest.New(nil)
			fake.Add("worker", svctest.Script{})
			return fake, nil
		}
		return manager(s)
	}
	later.Command = svc.Command{}
	if err := b.crew.Restart(t.Context(), append(found, later)); err != nil {
		t.Fatal(err)
	}
	if got := b.Events(); !slices.Contains(got, "stop web") || slices.Contains(got, "recycle web") {
		t.Errorf("got %q, want a stop and a start", got)
	}
}

func TestARestartInOneNeedsAManagerThatCan(t *testing.T) {
	b := newBench()
	b.run(t, "database")
	found := b.survey(t)[:1]
	found[0].Command.Restart = []string{"restart"}
	if err := b.crew.Restart(t.Context(), found); !errors.Is(err, svc.ErrUnsupported) {
		t.Errorf("got %v, want %v", err, svc.ErrUnsupported)
	}
}

// A healthy answer while no process is known could be the old one's.
func TestAnAnswerOfNobodyProvesNothing(t *testing.T) {
	b := onIIS(t, svctest.Pool{})
	found := b.survey(t)
	manager := svc.Commands(map[string]svc.Command{"web": {
		Start: b.Command("web").Start, Stop: b.Command("web").Stop, Status: b.Command("web").Status,
		Process: b.Command("other").Process,
	}}, svc.CommandOptions{})
	b.crew.Manager = func(rollout.Service) (svc.Manager, error) { return manager, nil }
	found[0].Within = 3 * time.Second
	err := b.crew.Prove(t.Context(), found, "")
	if !errors.Is(err, rollout.ErrUnhealthy) || !strings.Contains(err.Error(), "no process of it is known") {
		t.Errorf("got %v, want %v and why", err, rollout.ErrUnhealthy)
	}
}
