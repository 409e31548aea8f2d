package backend

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"syscall"

	"github.com/empowersuite/backend-installer/cmd/daemon"
)

// Exit statuses. StatusNotRunning is what LSB says of a status command.
const (
	StatusOK         = 0
	StatusFailed     = 1
	StatusUsage      = 2
	StatusNotRunning = 3
)

type options struct {
	config, pidFile, logFile, service string
	daemon, stop, status              bool
}

// Main is the program: arguments without its name, environment and streams in,
// exit status out. SIGTERM and SIGINT end it cleanly, as does the service
// control manager that started it with --service.
func Main(args, env []string, stdout, stderr io.Writer) int {
	o, err := parseFlags(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return StatusOK
	}
	if err != nil {
		return StatusUsage
	}
	switch {
	case o.status:
		return showStatus(o.pidFile, stdout)
	case o.stop:
		err = daemon.Stop(o.pidFile)
	case o.daemon:
		err = daemon.Detach(args, o.pidFile, o.logFile)
	case o.service != "":
		err = serveWindows(env, o, stderr)
	default:
		err = serve(env, o, slog.New(slog.NewTextHandler(stderr, nil)))
	}
	if err != nil {
		_, _ = fmt.Fprintf(stderr, "reference-backend: error: %v\n", err) // there is nowhere left to say it
		return StatusFailed
	}
	return StatusOK
}

func parseFlags(args []string, stderr io.Writer) (options, error) {
	var o options
	set := flag.NewFlagSet("reference-backend", flag.ContinueOnError)
	set.SetOutput(stderr)
	set.StringVar(&o.config, "config", "appsettings.json", "configuration `file`")
	set.StringVar(&o.pidFile, "pid-file", "", "`file` that holds the process ID while it runs")
	set.StringVar(&o.logFile, "log-file", "", "`file` that --daemon and --service append the log to")
	set.StringVar(&o.service, "service", "", "run as the Windows service of this `name`; the service control manager starts it")
	set.BoolVar(&o.daemon, "daemon", false, "detach; return when it listens")
	set.BoolVar(&o.stop, "stop", false, "end the process of --pid-file and wait for it")
	set.BoolVar(&o.status, "status", false, "exit 0 when the process of --pid-file runs, 3 when not")
	if err := set.Parse(args); err != nil {
		return o, err
	}
	problem := o.problem(set)
	if problem == "" {
		return o, nil
	}
	_, _ = fmt.Fprintf(stderr, "reference-backend: error: %s\n", problem) // there is nowhere left to say it
	return o, errors.New(problem)
}

// problem is why the options do not fit together; "" where they do.
func (o options) problem(set *flag.FlagSet) string {
	detached := o.daemon || o.stop || o.status
	switch {
	case set.NArg() > 0:
		return fmt.Sprintf("unexpected argument %q", set.Arg(0))
	case o.service != "":
		return o.serviceProblem(detached)
	case detached && o.pidFile == "":
		return "--daemon, --stop and --status need --pid-file"
	case o.daemon && o.logFile == "":
		return "--daemon needs --log-file"
	}
	return ""
}

func (o options) serviceProblem(detached bool) string {
	switch {
	case detached || o.pidFile != "":
		return "--service goes without --daemon, --stop, --status and --pid-file: the service control manager does that"
	case runtime.GOOS != "windows":
		return "--service is for Windows; elsewhere the service manager starts the program without it"
	case !filepath.IsAbs(o.config):
		return "--service needs the absolute path of --config: a service starts in a folder of Windows"
	}
	return ""
}

func serve(env []string, o options, log *slog.Logger) error {
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer cancel()
	c, err := Load(o.config, env)
	if err != nil {
		return err
	}
	var claim *daemon.PIDFile
	defer func() { claim.Release() }()
	return Serve(ctx, c, log, func(net.Addr) error {
		if o.pidFile == "" {
			return nil
		}
		var err error
		claim, err = daemon.Claim(o.pidFile)
		return err
	})
}

func showStatus(pidFile string, stdout io.Writer) int {
	if !daemon.Running(pidFile) {
		_, _ = fmt.Fprintln(stdout, "not running") // the exit status tells it, too
		return StatusNotRunning
	}
	_, _ = fmt.Fprintln(stdout, "running") // the exit status tells it, too
	return StatusOK
}
