// Package notifytest is the contract of sinks, a sink in memory that keeps it, and
// servers on loopback that take what sinks send.
package notifytest

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/notify"
)

// Message is one with all that a message can have.
func Message() notify.Message {
	const subject = "empower Backend, environment PROD on web1: größer als *gedacht*, 100 %"
	return notify.Message{
		ID: "id-1", At: time.Date(2026, 11, 26, 9, 30, 0, 0, time.UTC), Kind: "near", Severity: notify.Critical,
		Environment: "PROD", Host: "web1", Product: "empower Backend", Subject: subject,
		Text:   subject + "\n\nCreate a new one.\n.\nfrom here on\n" + strings.Repeat("a long line ", 30) + "\n",
		Facts:  []notify.Fact{{Name: "last day", Value: "2026-12-31"}},
		Gauges: []notify.Gauge{{Name: "empower_client_secret_days_left", Help: "Days that are left.", Value: 35}},
	}
}

// Open is a sink and what has arrived by it.
type Open func(t *testing.T) (sink notify.Sink, arrived func() []string)

// Run proves that a sink keeps the contract. Each that arrives has to name the
// environment.
func Run(t *testing.T, open Open) {
	t.Helper()
	t.Run("a message arrives once", func(t *testing.T) {
		sink, arrived := open(t)
		if err := sink.Send(t.Context(), Message()); err != nil {
			t.Fatalf("send: %v", err)
		}
		if got := arrived(); len(got) != 1 || !strings.Contains(got[0], "PROD") {
			t.Errorf("arrived: %q, want one that names PROD", got)
		}
	})
	t.Run("nothing is sent once the context has ended", func(t *testing.T) {
		sink, arrived := open(t)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := sink.Send(ctx, Message()); err == nil {
			t.Error("no error for a context that has ended")
		}
		if got := arrived(); len(got) != 0 {
			t.Errorf("arrived: %q, want nothing", got)
		}
	})
	t.Run("several at once", func(t *testing.T) {
		sink, arrived := open(t)
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				if err := sink.Send(t.Context(), Message()); err != nil {
					t.Errorf("send: %v", err)
				}
			})
		}
		all.Wait()
		if len(arrived()) == 0 {
			t.Error("nothing arrived")
		}
	})
}

// Memory is a sink in memory. Fail, where it is set, is asked before each message
// is taken.
type Memory struct {
	Fail func(attempt int) error

	mu       sync.Mutex
	attempts int
	taken    []notify.Message
}

var _ notify.Sink = (*Memory)(nil)

// Send keeps a message.
func (m *Memory) Send(ctx context.Context, message notify.Message) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.attempts++
	if m.Fail != nil {
		if err := m.Fail(m.attempts); err != nil {
			return err
		}
	}
	m.taken = append(m.taken, message)
	return nil
}

// Taken are the messages that were taken.
func (m *Memory) Taken() []notify.Message {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]notify.Message(nil), m.taken...)
}

// Attempts is how many there were.
func (m *Memory) Attempts() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.attempts
}
