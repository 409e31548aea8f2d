//go:build !windows

package svc

import (
	"strconv"
	"sync"
	"time"
)

const (
	maxStatBytes     = 4 << 10
	maxHostStatBytes = 1 << 20
)

// lookUp looks a process up in /proc; the zero Process when there is none
// of that ID. Where there is no /proc the ID is all that is known.
func lookUp() func(pid int) Process {
	boot := sync.OnceValue(bootTime)
	return func(pid int) Process {
		boot := boot()
		if boot.IsZero() {
			return Process{PID: pid}
		}
		text, err := readStart("/proc/"+strconv.Itoa(pid)+"/stat", maxStatBytes)
		if err != nil {
			return Process{}
		}
		after, ok := sinceBoot(text)
		if !ok {
			return Process{}
		}
		return Process{PID: pid, Started: boot.Add(after)}
	}
}

// bootTime is when the host was booted, to the second; zero where there is no
// /proc. It moves when the clock is set, so one manager reads it once.
func bootTime() time.Time {
	text, err := readStart("/proc/stat", maxHostStatBytes)
	if err != nil {
		return time.Time{}
	}
	return bootTimeIn(text)
}
