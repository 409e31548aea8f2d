package svc

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/empowersuite/backend-installer/installer/proc"
)

const (
	maxPIDFileBytes = 64
	maxIDsBytes     = 4 << 10

	// ticksPerSecond is USER_HZ, which is 100 on every architecture that Linux
	// and Go share.
	ticksPerSecond = 100
)

// errNoIDs does not show what was printed: it could hold a secret.
var errNoIDs = errors.New("its process command printed something else than process IDs")

// processes are those of a service that run, the oldest first. They are told
// by its process command or by its PID file; a PID file that is not there or
// holds no ID tells of none.
func (m *CommandManager) processes(ctx context.Context, c Command) ([]Process, error) {
	ids, err := m.ids(ctx, c)
	if err != nil {
		return nil, err
	}
	var running []Process
	for _, id := range ids {
		if p := m.processOf(id); p.PID != 0 {
			running = append(running, p)
		}
	}
	slices.SortFunc(running, func(a, b Process) int {
		return cmp.Or(a.Started.Compare(b.Started), cmp.Compare(a.PID, b.PID))
	})
	return running, nil
}

func (m *CommandManager) ids(ctx context.Context, c Command) ([]int, error) {
	switch {
	case len(c.Process) > 0:
		return m.printed(ctx, c.Process)
	case c.PID == "":
		return nil, nil
	}
	text, err := readStart(c.PID, maxPIDFileBytes)
	if err != nil {
		return nil, nil //nolint:nilerr // a service may be up before its PID file is
	}
	ids, ok := processIDs(text)
	if !ok || len(ids) != 1 {
		return nil, nil
	}
	return ids, nil
}

// printed runs a process command. Programs differ in the status with which
// they end when there is nothing to tell: only what is printed counts.
func (m *CommandManager) printed(ctx context.Context, argv []string) ([]int, error) {
	limited, cancel := context.WithTimeout(ctx, m.options.Settle)
	defer cancel()
	result, err := proc.Run(limited, proc.Command{Argv: argv, MaxOutputBytes: maxIDsBytes})
	switch {
	case err != nil && ctx.Err() == nil && limited.Err() != nil:
		return nil, fmt.Errorf("its process command did not end within %s", m.options.Settle)
	case err != nil:
		return nil, denied(err)
	}
	ids, ok := processIDs(result.Output)
	if !ok || result.Truncated {
		return nil, errNoIDs
	}
	return ids, nil
}

// processIDs reads IDs that white space separates; false for anything else.
func processIDs(text []byte) ([]int, bool) {
	var ids []int
	for _, field := range bytes.Fields(text) {
		id, err := strconv.ParseUint(string(field), 10, 31)
		if err != nil || id == 0 {
			return nil, false
		}
		ids = append(ids, int(id))
	}
	return ids, true
}

// alive reports whether that very process still runs; false where the host
// cannot tell.
func (m *CommandManager) alive(p Process) bool {
	return p.PID != 0 && !p.Started.IsZero() && m.processOf(p.PID) == p
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
