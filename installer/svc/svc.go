package svc

import (
	"context"
	"errors"
	"time"

	"github.com/empowersuite/backend-installer/installer/secret"
)

// Errors that a Manager returns, wrapped with what was attempted and the
// service's name. ErrDisabled comes from managers that refuse to start a
// disabled service: Windows does, systemd starts it.
var (
	ErrNotFound    = errors.New("no such service")
	ErrMasked      = errors.New("the service is masked")
	ErrDisabled    = errors.New("the service is disabled")
	ErrName        = errors.New("not a name of a service")
	ErrStart       = errors.New("the service did not start")
	ErrStop        = errors.New("the service did not stop")
	ErrUnsupported = errors.New("not supported by this service manager")
	ErrPermission  = errors.New("not permitted to manage services")
)

// Activity is what a service is doing.
type Activity string

// The activities. Restarting is a service that its manager starts again after
// a crash.
const (
	Running    Activity = "running"
	Stopped    Activity = "stopped"
	Failed     Activity = "failed"
	Starting   Activity = "starting"
	Stopping   Activity = "stopping"
	Restarting Activity = "restarting"
)

// Enablement is whether a service starts with the host.
type Enablement string

// The enablements. Static is a service for which the question has no meaning:
// a unit without an install section, made at run time, or managed by commands.
// Windows knows Manual besides: such a service is started when somebody asks
// for it, and one that is Disabled there is not started at all.
const (
	Enabled  Enablement = "enabled"
	Manual   Enablement = "manual"
	Disabled Enablement = "disabled"
	Masked   Enablement = "masked"
	Static   Enablement = "static"
)

// State is a service as its manager sees it at one moment. Names of other
// services are full unit names, sorted; only services are listed, not targets,
// sockets or slices.
type State struct {
	Name       string // as asked for
	Exists     bool
	Activity   Activity
	Enablement Enablement
	PID        int       // main process; 0 when there is none or it is unknown
	Started    time.Time // of the main process, UTC; zero when unknown
	Restarts   int       // by the manager, since the last explicit start
	Detail     string    // the manager's own words, without output of the service
	Account    string    // that it runs as, as the manager names it; "" when unknown

	// After are the services that this one is started after (After=, also as
	// the counterpart of Before=): order only, they need not run or exist. On
	// Windows they are those of Needs.
	After []string
	// Needs are the services whose stop stops this one (Requires=,
	// Requisite=, BindsTo=, PartOf= of this unit).
	Needs []string
	// NeededBy are the services that a stop of this one stops too, and that
	// its start does not start again (the counterparts of Needs). They need
	// not run.
	NeededBy []string
	// Env are the names, never values, of the environment variables that the
	// unit sets (Environment=, PassEnvironment=, less UnsetEnvironment=); on
	// Windows the service's own in the registry, and the host's.
	Env []string
	// Environments are the values of two of them, ASPNETCORE_ENVIRONMENT and
	// DOTNET_ENVIRONMENT: which appsettings.<value>.json .NET reads. They are the
	// only values that a State holds.
	Environments []string
	// EnvFiles are the paths of EnvironmentFiles=: what they set is not in Env.
	EnvFiles []string
}

// Process identifies one run of a service: a process ID can come again, the
// pair cannot. Two values of the same run are equal with ==, also when one of
// them was written to JSON and read back.
type Process struct {
	PID     int       `json:"pid"`
	Started time.Time `json:"started"`
}

// Process is the identity of the main process.
func (s State) Process() Process { return Process{s.PID, s.Started} }

// Command manages a service by argument vectors, never through a shell. Start
// leaves the service behind and ends, Stop ends when the service is told to.
// Restart, which may be left out, puts new processes in the place of those that
// run, and may let both run at once meanwhile. Process prints the IDs of the
// processes that do the service's work, separated by white space, and nothing
// else; it is for services that keep no PID file.
type Command struct {
	Start   []string `json:"start"             yaml:"start"`
	Stop    []string `json:"stop"              yaml:"stop"`
	Status  []string `json:"status"            yaml:"status"` // exit 0 = running
	Restart []string `json:"restart,omitempty" yaml:"restart,omitempty"`
	PID     string   `json:"pid,omitempty"     yaml:"pid,omitempty"` // file with the main process's ID
	Process []string `json:"process,omitempty" yaml:"process,omitempty"`
}

// Windows is what the service control manager keeps of a service.
type Windows struct {
	Exec        []string     `json:"exec"` // the program, absolute, and its arguments
	DisplayName string       `json:"displayName,omitempty"`
	Description string       `json:"description,omitempty"`
	Account     string       `json:"account,omitempty"` // as package access reads it; "" is LocalSystem
	Password    secret.Value `json:"-"`                 // of an account that has one of its own
	Delayed     bool         `json:"delayed,omitempty"` // starts some time after the host
	After       []string     `json:"after,omitempty"`   // services that the manager starts first
}

// Definition is what a manager needs to register a service.
type Definition struct {
	Name    string
	Unit    []byte  // the unit file's text, for systemd; the task's XML in UTF-8, for Tasks
	Windows Windows // for the service control manager
	Command Command // for command
	Enable  bool    // start with the host; false leaves that as it is
}

// Manager drives one service manager. Every call is bounded by its context,
// and safe to repeat: starting a running service and stopping a stopped one
// are no-ops. A call that ends with its context returns an error that matches
// the context's, and ErrStart or ErrStop; what it asked the manager for may
// still happen. Safe for use by several goroutines.
type Manager interface {
	// Inspect reports a service; one that is unknown has Exists false and no error.
	Inspect(ctx context.Context, name string) (State, error)
	// Start starts and waits until the manager reports the outcome. A service
	// that its manager gave up is tried anew.
	Start(ctx context.Context, name string) error
	// Stop stops and waits until the manager reports the outcome; the old main
	// process is gone then.
	Stop(ctx context.Context, name string) error
	// Register makes or replaces a definition; it does not start it.
	Register(ctx context.Context, d Definition) error
	// Unregister removes what Register made, and does not stop it; an unknown
	// service is a no-op.
	Unregister(ctx context.Context, name string) error
}

// Restarter is a Manager that can also replace the processes of a running
// service without a stop between: users see no gap. Restart waits until every
// process from before it is gone, and starts a service that is stopped. A
// service that has no such command is ErrUnsupported.
type Restarter interface {
	Restart(ctx context.Context, name string) error
}
