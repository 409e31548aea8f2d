package svctest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/empowersuite/backend-installer/installer/svc"
)

// Script is what a service of the fake does. The zero Script is a disabled
// service that runs until it is stopped.
type Script struct {
	FailsAtStart bool
	HangsAtStart bool // Start waits for its context
	HangsAtStop  bool // Stop waits for its context
	// CrashAfter is how long each run lasts before it ends as a failure; 0
	// never. The fake starts it again after RestartDelay (0 is 100 ms), up to
	// MaxRestarts times (0 is 5, negative is none).
	CrashAfter   time.Duration
	RestartDelay time.Duration
	MaxRestarts  int
	Enablement   svc.Enablement // "" is svc.Disabled; svc.Masked refuses
	After        []string
	Needs        []string
	Env          []string
	EnvFiles     []string
	// OnStart is called by Start with the new process; its error makes the
	// start fail. OnStop is called when the process was stopped.
	OnStart func(svc.Process) error
	OnStop  func()
	// Err, where it is set, is the answer to every call.
	Err error
}

type service struct {
	script   Script
	activity svc.Activity
	process  svc.Process
	restarts int
	due      time.Time // of the next restart
}

// Fake is a service manager in memory. Safe for use by several goroutines.
type Fake struct {
	now func() time.Time

	mu       sync.Mutex
	services map[string]*service
	planned  map[string]Script
	calls    []string
	lastPID  int
}

var _ svc.Manager = (*Fake)(nil)

// New makes a fake without services; nil is the real clock.
func New(now func() time.Time) *Fake {
	if now == nil {
		now = time.Now
	}
	return &Fake{now: now, services: map[string]*service{}, planned: map[string]Script{}, lastPID: 1000}
}

// Add makes a stopped service, without a recorded call.
func (f *Fake) Add(name string, s Script) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.services[full(name)] = &service{script: s, activity: svc.Stopped}
}

// Launch makes a service that runs, without a recorded call and without
// OnStart.
func (f *Fake) Launch(name string, s Script) {
	f.mu.Lock()
	defer f.mu.Unlock()
	running := &service{script: s}
	f.services[full(name)] = running
	f.run(running, f.now())
}

// Plan says what a service does once Register made or replaced it.
func (f *Fake) Plan(name string, s Script) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.planned[full(name)] = s
}

// Change changes what a service does from now on.
func (f *Fake) Change(name string, change func(*Script)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if s, ok := f.services[full(name)]; ok {
		f.advance(s)
		change(&s.script)
	}
}

// Kill ends the process of a service as a failure that is not restarted.
func (f *Fake) Kill(name string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if s, ok := f.services[full(name)]; ok {
		s.activity, s.process = svc.Failed, svc.Process{}
	}
}

// Calls are the calls that change something so far, like "stop web".
func (f *Fake) Calls() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.calls)
}

// Forget empties the list of calls.
func (f *Fake) Forget() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls = nil
}

// Inspect reports a service.
func (f *Fake) Inspect(ctx context.Context, name string) (svc.State, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return svc.State{}, fmt.Errorf("inspect %q: %w", name, err)
	}
	s, ok := f.services[full(name)]
	if !ok {
		return svc.State{Name: name, Activity: svc.Stopped}, nil
	}
	if s.script.Err != nil {
		return svc.State{}, fmt.Errorf("inspect %q: %w", name, s.script.Err)
	}
	f.advance(s)
	state := svc.State{
		Name: name, Exists: true, Activity: s.activity, Enablement: s.script.Enablement,
		PID: s.process.PID, Started: s.process.Started, Restarts: s.restarts,
		Detail: fmt.Sprintf("%s (fake)", s.activity),
		After:  slices.Clone(s.script.After), Needs: slices.Clone(s.script.Needs), NeededBy: f.dependants(name),
		Env: slices.Clone(s.script.Env), EnvFiles: slices.Clone(s.script.EnvFiles),
	}
	if state.Enablement == "" {
		state.Enablement = svc.Disabled
	}
	return state, nil
}

// full is the name that stands for both forms, "web" and "web.service".
func full(name string) string { return strings.TrimSuffix(name, ".service") + ".service" }
