package watch

import (
	"context"
	"errors"

	"github.com/empowersuite/backend-installer/installer/eventlog"
	"github.com/empowersuite/backend-installer/installer/notify"
)

// EventLog tells the log of the operating system. A system without one is told
// nothing, and that is no error.
type EventLog struct {
	Log eventlog.Log
	Run string
}

var _ notify.Sink = EventLog{}

// Send reports an event, of eventlog.Expiry.
func (e EventLog) Send(ctx context.Context, m notify.Message) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := e.Log.Register(); err != nil && !errors.Is(err, eventlog.ErrNone) {
		return err
	}
	err := e.Log.Report(eventlog.Event{ID: eventlog.Expiry, Environment: m.Environment, Run: e.Run, Text: m.Text})
	if errors.Is(err, eventlog.ErrNone) {
		return nil
	}
	return err
}
