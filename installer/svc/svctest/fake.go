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

const (
	defaultRestartDelay = 100 * time.Millisecond
	defaultRestarts     = 5
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

// Start starts a service.
func (f *Fake) Start(ctx context.Context, name string) error {
	err := f.start(ctx, name)
	if err != nil {
		return fmt.Errorf("start %q: %w", name, err)
	}
	return nil
}

func (f *Fake) start(ctx context.Context, name string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	s, err := f.called(ctx, "start", name)
	switch {
	case err != nil:
		return err
	case s == nil:
		return svc.ErrNotFound
	case s.script.Enablement == svc.Masked:
		return svc.ErrMasked
	case s.activity == svc.Running:
		return nil
	case s.script.FailsAtStart:
		s.activity = svc.Failed
		return fmt.Errorf("%w: scripted", svc.ErrStart)
	case s.script.HangsAtStart:
		s.activity = svc.Starting
		return f.hang(ctx, svc.ErrStart)
	}
	s.restarts = 0
	process := f.run(s, f.now())
	if s.script.OnStart == nil {
		return nil
	}
	f.mu.Unlock() // the hook may call the fake
	err = s.script.OnStart(process)
	f.mu.Lock()
	if err != nil {
		s.activity, s.process = svc.Failed, svc.Process{}
		return fmt.Errorf("%w: %w", svc.ErrStart, err)
	}
	return nil
}

// Stop stops a service and those that need it.
func (f *Fake) Stop(ctx context.Context, name string) error {
	err := f.stop(ctx, name)
	if err != nil {
		return fmt.Errorf("stop %q: %w", name, err)
	}
	return nil
}

func (f *Fake) stop(ctx context.Context, name string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	s, err := f.called(ctx, "stop", name)
	switch {
	case err != nil:
		return err
	case s == nil:
		return svc.ErrNotFound
	case s.activity == svc.Stopped || s.activity == svc.Failed:
		return nil
	case s.script.HangsAtStop:
		s.activity = svc.Stopping
		return f.hang(ctx, svc.ErrStop)
	}
	f.end(name, s)
	return nil
}

// Register makes a service that does what Plan said, or goes on as before.
func (f *Fake) Register(ctx context.Context, d svc.Definition) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	s, err := f.called(ctx, "register", d.Name)
	if err == nil && s != nil && s.script.Enablement == svc.Masked {
		err = svc.ErrMasked
	}
	if err != nil {
		return fmt.Errorf("register %q: %w", d.Name, err)
	}
	if s == nil {
		s = &service{activity: svc.Stopped}
		f.services[full(d.Name)] = s
	}
	enablement := s.script.Enablement
	if script, ok := f.planned[full(d.Name)]; ok {
		s.script = script
	}
	if s.script.Enablement == "" {
		s.script.Enablement = enablement
	}
	if d.Enable {
		s.script.Enablement = svc.Enabled
	}
	return nil
}

// Unregister removes a service; a masked one stays.
func (f *Fake) Unregister(ctx context.Context, name string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	s, err := f.called(ctx, "unregister", name)
	if err != nil {
		return fmt.Errorf("unregister %q: %w", name, err)
	}
	if s != nil && s.script.Enablement != svc.Masked {
		delete(f.services, full(name))
	}
	return nil
}

// called records a call; the service is nil when there is none.
func (f *Fake) called(ctx context.Context, verb, name string) (*service, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	f.calls = append(f.calls, verb+" "+name)
	s, ok := f.services[full(name)]
	if !ok {
		return nil, nil //nolint:nilnil // an unknown service is an answer, not an error
	}
	f.advance(s)
	return s, s.script.Err
}

// hang waits for the context without holding the fake.
func (f *Fake) hang(ctx context.Context, failure error) error {
	f.mu.Unlock()
	<-ctx.Done()
	f.mu.Lock()
	return fmt.Errorf("%w: %w", failure, ctx.Err())
}

func (f *Fake) run(s *service, at time.Time) svc.Process {
	f.lastPID++
	s.activity = svc.Running
	s.process = svc.Process{PID: f.lastPID, Started: at.UTC().Truncate(time.Microsecond)}
	return s.process
}

// end stops a service, after those that need it.
func (f *Fake) end(name string, s *service) {
	if s.activity == svc.Stopped {
		return
	}
	s.activity, s.process = svc.Stopped, svc.Process{}
	for _, dependant := range f.dependants(name) {
		f.end(dependant, f.services[full(dependant)])
	}
	if s.script.OnStop != nil {
		f.mu.Unlock() // the hook may call the fake
		s.script.OnStop()
		f.mu.Lock()
	}
}

func (f *Fake) dependants(name string) []string {
	var names []string
	for other, s := range f.services {
		if slices.ContainsFunc(s.script.Needs, func(n string) bool { return full(n) == full(name) }) {
			names = append(names, other)
		}
	}
	slices.Sort(names)
	return names
}

// advance lets the crashes and restarts happen that the clock says are past.
func (f *Fake) advance(s *service) {
	limit := s.script.MaxRestarts
	if limit == 0 {
		limit = defaultRestarts
	}
	delay := s.script.RestartDelay
	if delay == 0 {
		delay = defaultRestartDelay
	}
	for s.script.CrashAfter > 0 {
		switch {
		case s.activity == svc.Running && !f.now().Before(s.process.Started.Add(s.script.CrashAfter)):
			s.due = s.process.Started.Add(s.script.CrashAfter + delay)
			s.activity, s.process = svc.Restarting, svc.Process{}
			if s.restarts >= limit {
				s.activity = svc.Failed
			}
		case s.activity == svc.Restarting && !f.now().Before(s.due):
			s.restarts++
			f.run(s, s.due)
		default:
			return
		}
	}
}

// full is the name that stands for both forms, "web" and "web.service".
func full(name string) string { return strings.TrimSuffix(name, ".service") + ".service" }
