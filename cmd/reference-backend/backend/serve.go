package backend

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/coreos/go-systemd/v22/daemon"
)

const (
	crashAfter   = 5 * time.Second
	drainTimeout = 5 * time.Second
)

// ErrFault ends a run whose fault says so.
var ErrFault = errors.New("injected fault")

// Serve listens, calls listening with the address, signs in again and again,
// and answers until ctx ends; then it lets requests finish for five seconds.
func Serve(ctx context.Context, c Config, log *slog.Logger, listening func(net.Addr) error) error {
	return run(ctx, c, log, events{listening, func() {
		if _, err := daemon.SdNotify(false, daemon.SdNotifyReady); err != nil {
			log.Warn("service manager not told", "error", err)
		}
	}})
}

// events are what others want to know of a run.
type events struct {
	listening func(net.Addr) error // its error ends the run
	ready     func()               // for a service manager; not with the fault never-ready
}

func run(ctx context.Context, c Config, log *slog.Logger, tell events) error {
	if err := c.takeFault(); err != nil {
		return err
	}
	if c.Fault == FaultExitAtStart {
		return fmt.Errorf("%w: %s", ErrFault, c.Fault)
	}
	who, err := newAccount(c)
	if err != nil {
		return err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", c.Listen)
	if err != nil {
		return err
	}
	state := newCondition()
	server := &http.Server{Handler: state.handler(), ReadHeaderTimeout: 5 * time.Second}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	if err := tell.listening(listener.Addr()); err != nil {
		return errors.Join(err, server.Close())
	}
	log.Info("listening", "address", listener.Addr().String())
	if c.Fault != FaultNeverReady {
		tell.ready()
	}
	failed := (&worker{c, who, state, log}).run(ctx, served)
	return errors.Join(failed, drain(ctx, c, log, server))
}

// takeFault reads the fault of this one start and removes the file, so that
// the next start is sound: a test can break exactly the restart it wants.
func (c *Config) takeFault() error {
	if c.FaultFile == "" {
		return nil
	}
	text, err := os.ReadFile(c.FaultFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err := errors.Join(err, os.Remove(c.FaultFile)); err != nil {
		return fmt.Errorf("Diagnostics:FaultFile: %w", err)
	}
	c.Fault = strings.TrimSpace(string(text))
	return checkFault("Diagnostics:FaultFile", c.Fault)
}

type worker struct {
	config Config
	who    *account
	state  *condition
	log    *slog.Logger
}

// run signs in until ctx or the server ends, or the fault strikes.
func (w *worker) run(ctx context.Context, served <-chan error) error {
	var crash <-chan time.Time
	if w.config.Fault == FaultExitAfterReady {
		crash = time.After(crashAfter)
	}
	again := time.NewTicker(w.config.Every)
	defer again.Stop()
	for {
		if w.config.Fault != FaultNeverReady {
			w.signIn(ctx)
		}
		select {
		case <-ctx.Done():
			return nil
		case err := <-served:
			return err
		case <-crash:
			return fmt.Errorf("%w: %s", ErrFault, w.config.Fault)
		case <-again.C:
		}
	}
}

func (w *worker) signIn(ctx context.Context) {
	failure := w.who.signIn(ctx)
	if ctx.Err() != nil {
		return
	}
	w.state.note(w.config.Fingerprint, failure)
	if failure == nil {
		w.log.Info("signed in", "fingerprint", w.config.Fingerprint)
		return
	}
	w.log.Warn("sign-in failed", "code", failure.Code, "message", failure.Message)
}

func drain(ctx context.Context, c Config, log *slog.Logger, server *http.Server) error {
	if c.Fault == FaultHangAtStop && ctx.Err() != nil {
		log.Warn("hanging", "fault", c.Fault)
		select {}
	}
	_, _ = daemon.SdNotify(false, daemon.SdNotifyStopping) // the manager learns it from the exit, too
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTimeout)
	defer cancel()
	return server.Shutdown(ctx)
}
