package svc

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf16"
)

// maxSCMName is the manager's own limit, in units of UTF-16.
const maxSCMName = 256

// scmName refuses what the manager would not take for a name.
func scmName(name string) error {
	odd := func(r rune) bool { return r == '/' || r == '\\' || !unicode.IsPrint(r) }
	if name == "" || strings.TrimSpace(name) != name || strings.ContainsFunc(name, odd) || len(utf16.Encode([]rune(name))) > maxSCMName {
		return ErrName
	}
	return nil
}

// own reports a service that has its process for itself.
func (s scmStatus) own() bool { return s.Type&scmOwnProcess != 0 }

func (s scmStatus) activity() Activity {
	switch s.State {
	case scmStartPending:
		return Starting
	case scmStopPending:
		return Stopping
	case scmRunning, scmContinuePending, scmPausePending, scmPaused:
		return Running
	}
	if s.ExitCode != 0 && s.ExitCode != WindowsNeverStarted {
		return Failed
	}
	return Stopped
}

// words are the manager's: the state, and what it adds to it.
func (s scmStatus) words() string {
	states := map[uint32]string{
		scmStopped: "stopped", scmStartPending: "start pending", scmStopPending: "stop pending", scmRunning: "running",
		scmContinuePending: "continue pending", scmPausePending: "pause pending", scmPaused: "paused",
	}
	said, ok := states[s.State]
	if !ok {
		said = fmt.Sprintf("state %d", s.State)
	}
	switch {
	case s.pending():
		said += fmt.Sprintf(", checkpoint %d, wait hint %s", s.CheckPoint, s.WaitHint)
	case s.State != scmStopped || s.ExitCode == 0:
	case s.ExitCode == WindowsServiceSpecificError:
		said += fmt.Sprintf(", service-specific exit code %d", s.Specific)
	default:
		said += fmt.Sprintf(", exit code %d", s.ExitCode)
		if text, ok := windowsTexts()[s.ExitCode]; ok {
			said += ": " + text
		}
	}
	return said
}

func (s scmStatus) pending() bool {
	return slices.Contains([]uint32{scmStartPending, scmStopPending, scmContinuePending, scmPausePending}, s.State)
}

// scmSeen is everything that was looked up of a service.
type scmSeen struct {
	Status   scmStatus
	Config   scmConfig
	NeededBy []string
	Env      []string  // NAME, or NAME=value
	Started  time.Time // of the process; zero where this account may not look
	Gone     bool      // the process has ended and the manager does not say so
}

func (s scmSeen) state(name string) State {
	state := State{
		Name: name, Exists: true, Activity: s.Status.activity(), Enablement: s.Config.enablement(), Detail: s.Status.words(),
		Account: s.Config.Account, Env: variableNames(s.Env), Environments: netEnvironments(s.Env),
		After: s.Config.services(), Needs: s.Config.services(), NeededBy: sorted(s.NeededBy),
	}
	switch {
	case s.Gone:
		state.Activity = Failed
		state.Detail += fmt.Sprintf(", but its process %d has ended", s.Status.PID)
	case s.Status.PID != 0 && !s.Status.own():
		state.Detail += fmt.Sprintf(", in process %d that it shares with other services", s.Status.PID)
	case s.Status.PID != 0:
		state.PID, state.Started = int(s.Status.PID), s.Started.UTC()
	}
	return state
}

func (c scmConfig) enablement() Enablement {
	switch c.Start {
	case scmDisabled:
		return Disabled
	case scmManual:
		return Manual
	}
	return Enabled // automatic; of drivers also boot and system
}

// services are those that it depends on, without the groups.
func (c scmConfig) services() []string {
	return sorted(slices.DeleteFunc(slices.Clone(c.After), func(name string) bool { return strings.HasPrefix(name, "+") }))
}

func sorted(names []string) []string {
	names = slices.Clone(names)
	slices.Sort(names)
	return slices.Compact(names)
}
