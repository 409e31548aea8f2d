package svc

import (
	"bytes"
	"io"
	"os"
	"strconv"
	"strings"
	"time"
)

const (
	maxPIDFileBytes  = 64
	maxStatBytes     = 4 << 10
	maxHostStatBytes = 1 << 20

	// ticksPerSecond is USER_HZ, which is 100 on every architecture that Linux
	// and Go share.
	ticksPerSecond = 100
)

// process is the main process that the PID file of a service names; the zero
// Process when there is no such file or no such process.
func (m *CommandManager) process(c Command) Process {
	if c.PID == "" {
		return Process{}
	}
	text, err := readStart(c.PID, maxPIDFileBytes)
	if err != nil {
		return Process{}
	}
	pid, err := strconv.ParseUint(strings.TrimSpace(string(text)), 10, 31)
	if err != nil || pid == 0 {
		return Process{}
	}
	return m.processOf(int(pid))
}

func (m *CommandManager) processOf(pid int) Process {
	boot := m.boot()
	if boot.IsZero() {
		return Process{PID: pid} // no /proc to ask
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

// alive reports whether that very process still runs; false where the host
// cannot tell.
func (m *CommandManager) alive(p Process) bool {
	return p.PID != 0 && !p.Started.IsZero() && m.processOf(p.PID) == p
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

// bootTimeIn reads the line "btime SECONDS" of proc_stat(5).
func bootTimeIn(text []byte) time.Time {
	for line := range bytes.Lines(text) {
		fields := strings.Fields(string(line))
		if len(fields) != 2 || fields[0] != "btime" {
			continue
		}
		if seconds, err := strconv.ParseInt(fields[1], 10, 64); err == nil {
			return time.Unix(seconds, 0).UTC()
		}
	}
	return time.Time{}
}

// sinceBoot reads the start of a process from proc_pid_stat(5): field 22, in
// ticks. The program's name before it may hold blanks and brackets. A process
// that has ended and waits for its parent to notice is none.
func sinceBoot(text []byte) (time.Duration, bool) {
	const state, start = 0, 19 // of the fields behind the name
	fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
	if len(fields) <= start || strings.ContainsAny(fields[state], "ZXx") {
		return 0, false
	}
	ticks, err := strconv.ParseInt(fields[start], 10, 64)
	if err != nil || ticks < 0 {
		return 0, false
	}
	return time.Duration(ticks) * (time.Second / ticksPerSecond), true
}

// readStart reads at most limit bytes of a file; files below /proc have no size.
func readStart(path string, limit int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // nothing was written
	return io.ReadAll(io.LimitReader(f, limit))
}
