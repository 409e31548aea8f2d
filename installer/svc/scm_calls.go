package svc

import (
	"errors"
	"time"

	"github.com/empowersuite/backend-installer/installer/secret"
)

// The service control manager's own numbers (winsvc.h).
const (
	scmStopped         = 1
	scmStartPending    = 2
	scmStopPending     = 3
	scmRunning         = 4
	scmContinuePending = 5
	scmPausePending    = 6
	scmPaused          = 7

	scmOwnProcess = 0x10

	scmAutomatic = 2
	scmManual    = 3
	scmDisabled  = 4

	scmLevelDescription = 1
	scmLevelRecovery    = 2
	scmLevelDelayed     = 3
	scmLevelOnErrorEnd  = 4
	scmLevelPreShutdown = 7

	scmActionNone    = 0
	scmActionRestart = 1
)

// scmStatus is SERVICE_STATUS_PROCESS.
type scmStatus struct {
	Type       uint32
	State      uint32
	ExitCode   uint32
	Specific   uint32 // the service's own exit code, where ExitCode says that there is one
	CheckPoint uint32
	WaitHint   time.Duration
	PID        uint32
}

// scmConfig is QUERY_SERVICE_CONFIG.
type scmConfig struct {
	Type        uint32
	Start       uint32
	CommandLine string
	Account     string
	DisplayName string
	After       []string // services and, behind a plus sign, groups
}

// scmChange is what is registered anew. A zero field of a change leaves what
// is there, an empty list that is not nil removes it.
type scmChange struct {
	Type        uint32
	Start       uint32
	CommandLine string
	Account     string
	Password    *secret.Value // nil is none at all, which is not an empty one
	DisplayName string
	After       []string
}

// scmAction is one SC_ACTION.
type scmAction struct {
	Type  uint32
	Delay time.Duration
}

// scmSetting is one level of ChangeServiceConfig2, with the fields that the
// level has.
type scmSetting struct {
	Level   uint32
	Text    string        // of the description
	On      bool          // delayed start, recovery also after an end with an error
	Time    time.Duration // before shutdown; until failures are forgotten
	Actions []scmAction
}

// errNoProcess says that no process has that ID any more.
var errNoProcess = errors.New("no such process")

// scmCalls are the calls of Windows that the driver makes. Each opens what it
// needs with the least rights and closes it again: an open handle would keep a
// deleted service alive. Errors of the manager are *WindowsError.
type scmCalls interface {
	scmServices
	scmRegistry
	scmHost
}

type scmServices interface {
	Query(name string) (scmStatus, error)
	Config(name string) (scmConfig, error)
	// Dependants come in the order in which they are to be stopped.
	Dependants(name string, active bool) ([]string, error)
	Start(name string) error
	Stop(name string) error
}

type scmRegistry interface {
	Create(name string, c scmChange) error
	Change(name string, c scmChange) error
	Set(name string, s scmSetting) error
	Delete(name string) error
	// Grant gives an account the right to log on as a service.
	Grant(account string) error
	// Emulated is true where a program stands in for Windows.
	Emulated() bool
}

type scmHost interface {
	// Process is errNoProcess, or ErrPermission where this account may not look.
	Process(pid uint32) (scmProcess, error)
	// Variables are the names of what a service finds in its environment, and
	// NAME=value of those that name a .NET environment.
	Variables(name string) ([]string, error)
}

// scmProcess is an open process: its ID is not given to another one meanwhile.
type scmProcess interface {
	Started() (time.Time, error)
	Ended() bool
	Close()
}
