// Package eventlogtest is the contract of logs for events and a log in memory
// that keeps it.
package eventlogtest

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/empowersuite/backend-installer/installer/eventlog"
)

// Memory is a log in memory. Err, where it is set, is the answer to all.
type Memory struct {
	Err error

	mu         sync.Mutex
	registered bool
	events     []eventlog.Event
}

var _ eventlog.Log = (*Memory)(nil)

// Register makes the source known.
func (m *Memory) Register() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.Err == nil {
		m.registered = true
	}
	return m.Err
}

// Report keeps an event.
func (m *Memory) Report(e eventlog.Event) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.Err != nil {
		return fmt.Errorf("report event %d: %w", e.ID, m.Err)
	}
	m.events = append(m.events, e)
	return nil
}

// Registered reports whether the source is known.
func (m *Memory) Registered() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.registered
}

// Events are those that were reported, in order.
func (m *Memory) Events() []eventlog.Event {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.events)
}

// Run proves that a log keeps the contract.
func Run(t *testing.T, log eventlog.Log) {
	t.Helper()
	for range 2 {
		if err := log.Register(); err != nil {
			t.Fatalf("register: %v", err)
		}
	}
	for _, id := range eventlog.IDs() {
		e := eventlog.Event{ID: id, Environment: "TST", Run: "20261126T093000.000Z", Text: "contract test of backend-installer\nof every event"}
		if err := log.Report(e); err != nil {
			t.Errorf("event %d: %v", id, err)
		}
	}
	for _, text := range []string{"", "a\x00b", "100 %1 %%2", "ü € 𝄞", strings.Repeat("long\n", 20000)} {
		if err := log.Report(eventlog.Event{ID: eventlog.Started, Text: text}); err != nil {
			t.Errorf("a text of %d bytes: %v", len(text), err)
		}
	}
}
