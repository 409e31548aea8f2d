// Package svc starts, stops, registers and inspects the services of a host.
package svc

import (
	"context"
	"errors"
	"time"
)

// Errors that a Manager returns, wrapped with the service's name.
var (
	ErrNotFound    = errors.New("no such service")
	ErrMasked      = errors.New("the service is masked")
	ErrDisabled    = errors.New("the service is disabled")
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

// The enablements. Static is a unit without an install section.
const (
	Enabled  Enablement = "enabled"
	Disabled Enablement = "disabled"
	Masked   Enablement = "masked"
	Static   Enablement = "static"
)

// State is a service as its manager sees it at one moment.
type State struct {
	Name       string
	Exists     bool
	Activity   Activity
	Enablement Enablement
	PID        int       // main process; 0 when there is none or it is unknown
	Started    time.Time // of the main process; zero when unknown
	Restarts   int       // by the manager, since the last explicit start
	Detail     string    // the manager's own words, without output of the service
	After      []string  // services of the same manager that must run before it, as far as known
	Needs      []string  // services that pull it down with them when they stop (Requires=, BindsTo=, PartOf=)
	Env        []string  // names (never values) of environment variables the manager sets for it
}

// Process identifies one run of a service: a process ID can come again, the
// pair cannot.
type Process struct {
	PID     int       `json:"pid"`
	Started time.Time `json:"started"`
}

// Process is the identity of the main process.
func (s State) Process() Process { return Process{s.PID, s.Started} }

// Command manages a service by argument vectors, never through a shell.
type Command struct {
	Start  []string `json:"start"            yaml:"start"`
	Stop   []string `json:"stop"             yaml:"stop"`
	Status []string `json:"status"           yaml:"status"`        // exit 0 = running
	PID    string   `json:"pid,omitempty"    yaml:"pid,omitempty"` // file with the main process's ID
}

// Definition is what a manager needs to register a service.
type Definition struct {
	Name    string
	Unit    []byte  // the unit file's text, for systemd
	Command Command // for command
	Enable  bool    // start with the host
}

// Manager drives one service manager. Every call is bounded by its context,
// and safe to repeat: starting a running service and stopping a stopped one
// are no-ops.
type Manager interface {
	// Inspect reports a service; one that is unknown has Exists false and no error.
	Inspect(ctx context.Context, name string) (State, error)
	// Start starts and waits until the manager reports the outcome.
	Start(ctx context.Context, name string) error
	// Stop stops and waits until the manager reports the outcome.
	Stop(ctx context.Context, name string) error
	// Register makes or replaces a definition; it does not start it.
	Register(ctx context.Context, d Definition) error
	// Unregister removes what Register made; an unknown service is a no-op.
	Unregister(ctx context.Context, name string) error
}
