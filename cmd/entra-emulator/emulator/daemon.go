package emulator

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"time"
)

const (
	startTimeout = 20 * time.Second
	stopTimeout  = 10 * time.Second
	pollEvery    = 20 * time.Millisecond
	logTailBytes = 2048
)

// detach starts the program once more without --daemon, in a session of its
// own, and returns when it listens (its process ID is in the file) or failed.
func detach(args []string, o serveOptions) error {
	if running(o.pidFile) {
		return fmt.Errorf("%s: already running", o.pidFile)
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	logged, err := os.OpenFile(o.logFile, os.O_APPEND|os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	defer func() { _ = logged.Close() }() // the child has its own handle
	start, err := logged.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	rest := slices.DeleteFunc(slices.Clone(args), func(arg string) bool {
		return slices.Contains([]string{"-daemon", "--daemon", "-daemon=true", "--daemon=true"}, arg)
	})
	child := exec.CommandContext(context.Background(), self, rest...)
	child.Stdout, child.Stderr, child.SysProcAttr = logged, logged, session()
	if err := child.Start(); err != nil {
		return err
	}
	if err := awaitChild(child, o.pidFile); err != nil {
		return fmt.Errorf("%w; the log says: %s", err, tail(logged, start))
	}
	return nil
}

func awaitChild(child *exec.Cmd, pidFile string) error {
	ended := make(chan error, 1)
	go func() { ended <- child.Wait() }()
	poll := time.NewTicker(pollEvery)
	defer poll.Stop()
	late := time.After(startTimeout)
	for {
		select {
		case err := <-ended:
			return errors.Join(errors.New("the emulator ended at its start"), err)
		case <-late:
			return errors.Join(errors.New("the emulator does not listen"), child.Process.Kill())
		case <-poll.C:
			if pid, err := readPID(pidFile); err == nil && pid == child.Process.Pid {
				return nil
			}
		}
	}
}

// tail is the end of what was logged since an offset.
func tail(logged *os.File, since int64) string {
	text, err := io.ReadAll(io.NewSectionReader(logged, since, maxFileBytes))
	if err != nil {
		return err.Error()
	}
	return string(bytes.TrimSpace(text[max(0, len(text)-logTailBytes):]))
}

func runStop(args []string, streams Streams) error {
	set := flag.NewFlagSet("stop", flag.ContinueOnError)
	pidFile := set.String("pid-file", "", "`file` that holds the process ID")
	if _, err := parse(set, args, streams); err != nil {
		return err
	}
	if err := need(set, "pid-file"); err != nil {
		return err
	}
	return stop(*pidFile)
}

// stop ends the process and waits; one that does not run is fine.
func stop(pidFile string) error {
	if !running(pidFile) {
		return nil
	}
	pid, err := readPID(pidFile)
	if err != nil {
		return err
	}
	if err := terminate(pid); err != nil {
		return fmt.Errorf("end process %d: %w", pid, err)
	}
	poll := time.NewTicker(pollEvery)
	defer poll.Stop()
	late := time.After(stopTimeout)
	for {
		select {
		case <-late:
			return fmt.Errorf("process %d still runs after %s", pid, stopTimeout)
		case <-poll.C:
			if !running(pidFile) {
				return nil
			}
		}
	}
}
