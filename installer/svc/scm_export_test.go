package svc

import "time"

// For the tests of what is decided of the service control manager, on every
// system.

type (
	// SCMCalls are the calls that a double stands in for.
	SCMCalls = scmCalls
	// SCMProcess is an open process.
	SCMProcess = scmProcess
	// SCMStatus is a service's status.
	SCMStatus = scmStatus
	// SCMConfig is what is registered.
	SCMConfig = scmConfig
	// SCMChange is what is registered anew.
	SCMChange = scmChange
	// SCMSetting is an optional part.
	SCMSetting = scmSetting
	// SCMAction is what follows a failure.
	SCMAction = scmAction
)

// The states.
const (
	SCMStopped      = scmStopped
	SCMStartPending = scmStartPending
	SCMStopPending  = scmStopPending
	SCMRunning      = scmRunning
	SCMPaused       = scmPaused
)

// ErrNoProcess is of a process that has ended.
var ErrNoProcess = errNoProcess

// SCMWith is a manager on a double.
func SCMWith(calls SCMCalls) *SCMManager {
	m := SCM(SCMOptions{})
	m.calls = func() (scmCalls, error) { return calls, nil }
	return m
}

// SCMPause is the time until the next look.
func SCMPause(watched, hint time.Duration) time.Duration { return scmPause(watched, hint) }

// CommandLine joins a program and its arguments.
func CommandLine(argv []string) (string, error) { return commandLine(argv) }
