package rollout_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/health"
	"github.com/empowersuite/backend-installer/installer/progress"
	"github.com/empowersuite/backend-installer/installer/release"
	"github.com/empowersuite/backend-installer/installer/rollout"
	"github.com/empowersuite/backend-installer/installer/svc"
	"github.com/empowersuite/backend-installer/installer/svc/svctest"
)

// prober answers for each URL what a test says.
type prober struct {
	mu      sync.Mutex
	answers map[string]health.Result
	asked   int
}

func (p *prober) Probe(_ context.Context, c health.Check) (health.Result, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked++
	return p.answers[c.HTTP], nil
}

func (p *prober) set(url string, r health.Result) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.answers == nil {
		p.answers = map[string]health.Result{}
	}
	p.answers[url] = r
}

type bench struct {
	fake   *svctest.Fake
	prober *prober
	crew   rollout.Crew
}

func newBench() bench {
	b := bench{fake: svctest.New(nil), prober: &prober{}}
	b.crew = rollout.Crew{
		Manager: func(rollout.Service) (svc.Manager, error) { return b.fake, nil },
		Prober:  b.prober, Now: time.Now,
		Limits: rollout.Limits{Stop: 500 * time.Millisecond, Start: 500 * time.Millisecond, Poll: time.Millisecond},
	}
	return b
}

// chain is database <- api <- web, each with a health check.
func chain() []rollout.Service {
	service := func(name string, after ...string) rollout.Service {
		return rollout.Service{
			Name: name, After: after, Reads: []string{"/etc/" + name}, Within: 300 * time.Millisecond,
			StableFor: 20 * time.Millisecond, Check: &health.Check{HTTP: name},
		}
	}
	return []rollout.Service{service("database"), service("api", "database"), service("web", "api")}
}

func (b bench) run(t *testing.T, names ...string) {
	t.Helper()
	for _, name := range names {
		b.fake.Add(name, svctest.Script{})
		if err := b.fake.Start(t.Context(), name); err != nil {
			t.Fatal(err)
		}
		b.prober.set(name, health.Result{Healthy: true})
	}
}

func (b bench) survey(t *testing.T) []rollout.Found {
	t.Helper()
	found, err := b.crew.Survey(t.Context(), chain())
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func names(found []rollout.Found) string {
	var all []string
	for _, f := range found {
		all = append(all, f.Name)
	}
	return strings.Join(all, " ")
}

func TestSurveyTellsRunningHealthyAndUnknown(t *testing.T) {
	b := newBench()
	b.run(t, "database", "api")
	b.prober.set("api", health.Result{Detail: "503"})
	found := b.survey(t)
	for i, want := range []struct{ exists, running, healthy bool }{{true, true, true}, {true, true, false}, {false, false, false}} {
		f := found[i]
		if f.State.Exists != want.exists || f.Running != want.running || f.Healthy != want.healthy {
			t.Errorf("%s: got exists %v, running %v, healthy %v, want %+v", f.Name, f.State.Exists, f.Running, f.Healthy, want)
		}
	}
}

func TestADependantIsNamedInAnyCaseOnWindows(t *testing.T) {
	for manager, want := range map[string]string{release.Windows: "db WEB.service", release.Systemd: "db WEB.service web.service"} {
		b := newBench()
		b.fake.Launch("db", svctest.Script{})
		b.fake.Launch("web.service", svctest.Script{Needs: []string{"db"}}) // as the manager has it
		found, err := b.crew.Survey(t.Context(), []rollout.Service{{Name: "db", Manager: manager}, {Name: "WEB.service", Manager: manager}})
		if err != nil || names(found) != want {
			t.Errorf("%s: got %q and %v, want %q", manager, names(found), err, want)
		}
	}
}

func TestAffectedPullsDependantsInAndLeavesWhatDidNotRun(t *testing.T) {
	b := newBench()
	b.run(t, "database", "api", "web")
	for _, c := range []struct {
		changed string
		stopped string
		want    string
	}{
		{"/etc/database", "", "database api web"},
		{"/etc/api", "", "api web"},
		{"/etc/web", "", "web"},
		{"/etc/other", "", ""},
		{"/etc/database", "api", "database web"},
	} {
		found := b.survey(t)
		for i := range found {
			if found[i].Name == c.stopped {
				found[i].Running = false
			}
		}
		if got := names(rollout.Affected(found, []string{c.changed})); got != c.want {
			t.Errorf("%s changed, %q stopped: got %q, want %q", c.changed, c.stopped, got, c.want)
		}
	}
}

// A unit that requires a service of the installation is not in its description.
func TestSurveyPullsInRunningDependantsThatNobodyNamed(t *testing.T) {
	b := newBench()
	b.run(t, "database", "api", "web")
	b.fake.Launch("proxy", svctest.Script{Needs: []string{"web.service"}})
	b.fake.Launch("cache", svctest.Script{Needs: []string{"proxy.service"}})
	b.fake.Add("asleep", svctest.Script{Needs: []string{"web.service"}})
	found := b.survey(t)
	if got, want := names(found), "database api web proxy.service cache.service"; got != want {
		t.Fatalf("got %q, want %q", got, want)
	}
	affected := rollout.Affected(found, []string{"/etc/web"})
	if got, want := names(affected), "web proxy.service cache.service"; got != want {
		t.Fatalf("affected: got %q, want %q", got, want)
	}
	if err := b.crew.Restart(t.Context(), affected); err != nil {
		t.Fatal(err)
	}
	if err := b.crew.Prove(t.Context(), affected, ""); err != nil {
		t.Error(err)
	}
}

func TestRestartStopsInReverseAndStartsInOrder(t *testing.T) {
	b := newBench()
	b.run(t, "database", "api", "web")
	found := b.survey(t)
	before := len(b.fake.Calls())
	if err := b.crew.Restart(t.Context(), found); err != nil {
		t.Fatal(err)
	}
	var acts []string
	for _, call := range b.fake.Calls()[before:] {
		if !strings.HasPrefix(call, "inspect") {
			acts = append(acts, strings.ReplaceAll(call, ".service", ""))
		}
	}
	want := []string{"stop web", "stop api", "stop database", "start database", "start api", "start web"}
	if !slices.Equal(acts, want) {
		t.Errorf("got %q, want %q", acts, want)
	}
}

func TestProveWantsANewProcess(t *testing.T) {
	b := newBench()
	b.run(t, "database")
	found := b.survey(t)[:1]
	err := b.crew.Prove(t.Context(), found, "")
	if !errors.Is(err, rollout.ErrSameProcess) {
		t.Fatalf("the old process: got %v, want ErrSameProcess", err)
	}
	if err := b.crew.Restart(t.Context(), found); err != nil {
		t.Fatal(err)
	}
	if err := b.crew.Prove(t.Context(), found, ""); err != nil {
		t.Errorf("the new process: %v", err)
	}
}

func TestProveWantsTheNewCredential(t *testing.T) {
	b := newBench()
	b.run(t, "database")
	found := b.survey(t)[:1]
	found[0].Check.Credential = "/credential/fingerprint"
	if err := b.crew.Restart(t.Context(), found); err != nil {
		t.Fatal(err)
	}
	b.prober.set("database", health.Result{Healthy: true, Credential: "old"})
	if err := b.crew.Prove(t.Context(), found, "new"); !errors.Is(err, rollout.ErrCredential) {
		t.Errorf("the old credential: got %v, want ErrCredential", err)
	}
	b.prober.set("database", health.Result{Healthy: true, Credential: "new"})
	if err := b.crew.Prove(t.Context(), found, "new"); err != nil {
		t.Errorf("the new credential: %v", err)
	}
}

func TestProveWaitsForHealthAndSaysSo(t *testing.T) {
	b := newBench()
	b.run(t, "database")
	found := b.survey(t)[:1]
	found[0].Within = 3 * time.Second
	if err := b.crew.Restart(t.Context(), found); err != nil {
		t.Fatal(err)
	}
	b.prober.set("database", health.Result{Detail: "HTTP 503"})
	var mu sync.Mutex
	var said []string
	b.crew.Progress = func(e progress.Event) {
		mu.Lock()
		defer mu.Unlock()
		said = append(said, e.Text)
	}
	time.AfterFunc(1200*time.Millisecond, func() { b.prober.set("database", health.Result{Healthy: true}) })
	if err := b.crew.Prove(t.Context(), found, ""); err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(said, "waiting for database: HTTP 503") {
		t.Errorf("got %q", said)
	}
}

func TestProveSeesACrashAfterTheServiceWasReady(t *testing.T) {
	b := newBench()
	b.fake.Add("database", svctest.Script{CrashAfter: 60 * time.Millisecond, RestartDelay: time.Millisecond})
	b.prober.set("database", health.Result{Healthy: true})
	if err := b.fake.Start(t.Context(), "database"); err != nil {
		t.Fatal(err)
	}
	found := []rollout.Found{{Service: chain()[0], Running: true}}
	found[0].StableFor = 200 * time.Millisecond
	if err := b.crew.Prove(t.Context(), found, ""); !errors.Is(err, rollout.ErrUnstable) {
		t.Errorf("got %v, want ErrUnstable", err)
	}
}

func TestProveEndsEarlyOnAFailedService(t *testing.T) {
	b := newBench()
	b.fake.Add("database", svctest.Script{CrashAfter: time.Millisecond, MaxRestarts: -1})
	if err := b.fake.Start(t.Context(), "database"); err != nil {
		t.Fatal(err)
	}
	found := []rollout.Found{{Service: chain()[0], Running: true}}
	found[0].Within = time.Hour
	if err := b.crew.Prove(t.Context(), found, ""); !errors.Is(err, rollout.ErrUnhealthy) {
		t.Errorf("got %v, want ErrUnhealthy", err)
	}
}

func TestAStopThatHangsEndsWithItsLimit(t *testing.T) {
	b := newBench()
	b.run(t, "database")
	b.fake.Add("api", svctest.Script{HangsAtStop: true})
	if err := b.fake.Start(t.Context(), "api"); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	err := b.crew.Restart(t.Context(), b.survey(t)[:2])
	var service *rollout.ServiceError
	if !errors.As(err, &service) || service.Service != "api" || service.Wanted != "stop" {
		t.Fatalf("got %v", err)
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("took %s", took)
	}
}

func TestReturnLeavesWhatWasNotTouched(t *testing.T) {
	b := newBench()
	b.run(t, "database", "api")
	found := b.survey(t)[:2]
	before := len(b.fake.Calls())
	if err := b.crew.Return(t.Context(), found, ""); err != nil {
		t.Fatal(err)
	}
	for _, call := range b.fake.Calls()[before:] {
		if !strings.HasPrefix(call, "inspect") {
			t.Errorf("untouched services were acted on: %s", call)
		}
	}
}

func TestReturnStartsWhatWasStoppedAndProvesIt(t *testing.T) {
	b := newBench()
	b.run(t, "database", "api")
	found := b.survey(t)[:2]
	if err := b.crew.Stop(t.Context(), found); err != nil {
		t.Fatal(err)
	}
	if err := b.crew.Return(t.Context(), found, ""); err != nil {
		t.Fatal(err)
	}
	for _, f := range b.survey(t)[:2] {
		if !f.Running {
			t.Errorf("%s does not run", f.Name)
		}
	}
	b.prober.set("api", health.Result{Detail: "broken"})
	if err := b.crew.Stop(t.Context(), found); err != nil {
		t.Fatal(err)
	}
	if err := b.crew.Return(t.Context(), found, ""); !errors.Is(err, rollout.ErrUnhealthy) {
		t.Errorf("a service that was healthy and is not: got %v, want ErrUnhealthy", err)
	}
}

func TestACancelledProofEnds(t *testing.T) {
	b := newBench()
	b.run(t, "database")
	found := b.survey(t)[:1]
	found[0].Within = time.Hour
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := b.crew.Prove(ctx, found, ""); err == nil {
		t.Error("no error")
	}
}
