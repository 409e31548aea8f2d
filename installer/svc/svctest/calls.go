package svctest

import (
	"context"
	"fmt"

	"github.com/empowersuite/backend-installer/installer/svc"
)

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
