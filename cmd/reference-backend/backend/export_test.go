package backend

import "time"

// Lifecycle is a Windows service between its start and its end.
type Lifecycle struct{ *lifecycle }

// NewLifecycle is one that starts.
func NewLifecycle() Lifecycle { return Lifecycle{newLifecycle()} }

// Tick lets time pass.
func (l Lifecycle) Tick() bool { return l.tick() }

// Ready says that it listens.
func (l Lifecycle) Ready() bool { return l.ready() }

// Stop asks it to end.
func (l Lifecycle) Stop() bool { return l.stop() }

// Now is the phase, the checkpoint and the hint.
func (l Lifecycle) Now() (string, uint32, time.Duration) {
	return string(l.phase), l.checkpoint, l.hint()
}
