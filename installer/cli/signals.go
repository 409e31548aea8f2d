package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// signals makes a context that the first signal cancels. Later signals are
// answered with a line that says what is waited for: what is under way then is
// putting everything back, and that has a deadline of its own. SIGPIPE is ignored, so that a closed
// terminal does not kill a run between two files.
func signals(parent context.Context, err io.Writer, doing func() string) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(parent)
	received := make(chan os.Signal, 4)
	signal.Notify(received, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	ignoreBrokenPipe()
	done := make(chan struct{})
	go func() {
		for first := true; ; first = false {
			select {
			case <-done:
				return
			case s := <-received:
				if first {
					write(err, fmt.Sprintf("installer: %s: ending at the next safe point\n", s))
					cancel(&signalError{s})
					continue
				}
				write(err, fmt.Sprintf("installer: %s: still ending%s; a change that was begun is being put back, for ten minutes at most\n", s, doing()))
			}
		}
	}()
	return ctx, func() {
		signal.Stop(received)
		close(done)
		cancel(nil)
	}
}

// signalError is the cause of a context that a signal cancelled.
type signalError struct{ signal os.Signal }

func (e *signalError) Error() string { return "received " + e.signal.String() }

// Is makes it a cancellation for errors.Is.
func (*signalError) Is(target error) bool { return target == context.Canceled }

// timeoutError is the cause of a context that --timeout ended.
type timeoutError struct{ after time.Duration }

func (e *timeoutError) Error() string { return fmt.Sprintf("the %s of --timeout are over", e.after) }

// Is makes it a deadline for errors.Is.
func (*timeoutError) Is(target error) bool { return target == context.DeadlineExceeded }
