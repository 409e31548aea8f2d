package eventlog

import (
	"fmt"
	"time"
)

// within is how long a call may take.
const within = 3 * time.Second

// OS is the log of the system that the program runs on.
type OS struct{}

var _ Log = OS{}

// Register makes the source known; systemd needs no registration.
func (OS) Register() error {
	if err := register(ForWindows()); err != nil {
		return fmt.Errorf("register the event source %q: %w", Source, err)
	}
	return nil
}

// Report writes an event. The log may not answer, and a call to it cannot be
// ended: it is then left behind.
func (OS) Report(e Event) error {
	done := make(chan error, 1)
	go func() { done <- report(e) }()
	timeout := time.NewTimer(within)
	defer timeout.Stop()
	select {
	case err := <-done:
		if err != nil {
			return fmt.Errorf("report event %d: %w", e.ID, err)
		}
		return nil
	case <-timeout.C:
		return fmt.Errorf("report event %d: no answer within %s", e.ID, within)
	}
}
