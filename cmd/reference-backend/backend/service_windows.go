package backend

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"sync"
	"time"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/svc"
)

// accepts holds also while it starts: one that never becomes ready has to be
// stopped, and nobody else would end it.
const accepts = svc.AcceptStop | svc.AcceptShutdown | svc.AcceptPreShutdown

// serveWindows runs as a service until the service control manager ends it. A
// service has no console: without --log-file nobody reads its log.
func serveWindows(env []string, o options, stderr io.Writer) error {
	out := stderr
	if o.logFile != "" {
		file, err := os.OpenFile(o.logFile, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
		if err != nil {
			return err
		}
		defer func() { _ = file.Close() }() // each line was written
		out = file
	}
	s := &service{log: slog.New(slog.NewTextHandler(out, nil))}
	s.work = func(ctx context.Context, ready func()) error {
		c, err := Load(o.config, env)
		if err != nil {
			return err
		}
		return run(ctx, c, s.log, events{func(net.Addr) error { return nil }, ready})
	}
	err := svc.Run(o.service, s)
	if errors.Is(err, windows.ERROR_FAILED_SERVICE_CONTROLLER_CONNECT) {
		return fmt.Errorf("--service: only the service control manager starts it so: %w", err)
	}
	return errors.Join(err, s.failed)
}

// service is what the service control manager talks to.
type service struct {
	work   func(ctx context.Context, ready func()) error
	log    *slog.Logger
	failed error
}

// Execute runs the backend; its failure is the service-specific exit code 1.
func (s *service) Execute(_ []string, requests <-chan svc.ChangeRequest, status chan<- svc.Status) (specific bool, code uint32) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	up, ended := make(chan struct{}), make(chan error, 1)
	go func() { ended <- s.work(ctx, sync.OnceFunc(func() { close(up) })) }()
	move := time.NewTicker(moveEvery)
	defer move.Stop()
	life := newLifecycle()
	status <- statusOf(life)
	for {
		var changed bool
		select {
		case s.failed = <-ended:
			if s.failed == nil {
				return false, 0
			}
			s.log.Error("ended", "error", s.failed)
			return true, StatusFailed
		case <-up:
			up, changed = nil, life.ready()
		case <-move.C:
			changed = life.tick()
		case r := <-requests:
			changed = r.Cmd == svc.Interrogate
			if r.Cmd == svc.Stop || r.Cmd == svc.Shutdown || r.Cmd == svc.PreShutdown {
				changed = life.stop()
				cancel()
			}
		}
		if changed {
			status <- statusOf(life)
		}
	}
}

func statusOf(l *lifecycle) svc.Status {
	states := map[phase]svc.State{starting: svc.StartPending, running: svc.Running, stopping: svc.StopPending}
	s := svc.Status{State: states[l.phase], CheckPoint: l.checkpoint, WaitHint: uint32(l.hint().Milliseconds())} //nolint:gosec // seconds
	if l.phase != stopping {
		s.Accepts = accepts
	}
	return s
}
