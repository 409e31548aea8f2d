// Package daemon detaches a program from its terminal, with a process ID file
// that tells the truth: it is locked while the process runs.
//
// It is for the programs of demos and tests on hosts without a service manager.
// The program starts itself once more without --daemon, claims the file when it
// is ready, and whoever started it returns then.
package daemon

import (
	"bytes"
	"context"
	"errors"
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
	maxTailBytes = 1 << 20
)

// Detach starts this program once more with its arguments less --daemon, in a
// session of its own, and returns when it has claimed the file, or failed. What
// it prints is appended to the log file.
func Detach(args []string, pidFile, logFile string) error {
	if Running(pidFile) {
		return fmt.Errorf("%s: already running", pidFile)
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	logged, err := os.OpenFile(logFile, os.O_APPEND|os.O_CREATE|os.O_RDWR, 0o600)
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
	if err := awaitChild(child, pidFile); err != nil {
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
			return errors.Join(errors.New("it ended at its start"), err)
		case <-late:
			return errors.Join(errors.New("it does not come up"), child.Process.Kill())
		case <-poll.C:
			if pid, err := readPID(pidFile); err == nil && pid == child.Process.Pid {
				return nil
			}
		}
	}
}

// tail is the end of what was logged since an offset.
func tail(logged *os.File, since int64) string {
	text, err := io.ReadAll(io.NewSectionReader(logged, since, maxTailBytes))
	if err != nil {
		return err.Error()
	}
	return string(bytes.TrimSpace(text[max(0, len(text)-logTailBytes):]))
}

// Stop asks the process that holds the file to end, and waits; none is fine. It
// does not kill, since an
// administrator's stop script does not either.
func Stop(pidFile string) error {
	if !Running(pidFile) {
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
			if !Running(pidFile) {
				return nil
			}
		}
	}
}
