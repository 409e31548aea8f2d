package backend

import "time"

const (
	// moveEvery is how often a start that goes on says so, and startHint how
	// long it may stay silent before it counts as stuck.
	moveEvery = 500 * time.Millisecond
	startHint = 3 * time.Second
	// stopHint is longer than requests may take to finish.
	stopHint = drainTimeout + 2*time.Second
)

// phase is what a Windows service tells of itself.
type phase string

const (
	starting phase = "start pending"
	running  phase = "running"
	stopping phase = "stop pending"
)

// lifecycle is a service between its start and its end. The manager is told
// after every event that returns true.
type lifecycle struct {
	phase      phase
	checkpoint uint32 // moves while it is starting
}

func newLifecycle() *lifecycle { return &lifecycle{starting, 1} }

// tick says that time passed. A stop does not move: nobody can tell whether it
// hangs.
func (l *lifecycle) tick() bool {
	if l.phase != starting {
		return false
	}
	l.checkpoint++
	return true
}

// ready says that it listens; a stop that was asked for before stands.
func (l *lifecycle) ready() bool {
	if l.phase != starting {
		return false
	}
	l.phase, l.checkpoint = running, 0
	return true
}

// stop says that it was asked to end.
func (l *lifecycle) stop() bool {
	if l.phase == stopping {
		return false
	}
	l.phase, l.checkpoint = stopping, 1
	return true
}

// hint is how long the phase may stay as it is.
func (l *lifecycle) hint() time.Duration {
	return map[phase]time.Duration{starting: startHint, stopping: stopHint}[l.phase]
}
