package cli_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// worker [-name NAME] [-knobs FOLDER] FOLDER start|stop|status|health is the
// service of the scripts: it runs while there is a file running in its folder. In
// the folder of the knobs, which is its own where none is named, files make it
// misbehave, see README.md; there it notes starts and stops in the file calls, and
// its environment in the file environment where there is one.
//
// os.Exit takes a second under -race, and the program that starts it passes no
// GORACE on.
func worker() {
	flags := flag.NewFlagSet("worker", flag.ExitOnError)
	name := flags.String("name", "", "of one of several workers")
	knobs := flags.String("knobs", "", "the `FOLDER` of the files that make it misbehave")
	_ = flags.Parse(os.Args[1:]) // exits
	w := service{folder: flags.Arg(0), knobs: *knobs}
	if w.knobs == "" {
		w.knobs = w.folder
	}
	w.running, w.suffix = "running", ""
	if *name != "" {
		w.running, w.suffix = "running-"+*name, " "+*name
	}
	if err := w.obey(flags.Arg(1)); err != nil {
		fmt.Fprintln(os.Stderr, "worker:", err)
		syscall.Exit(1)
	}
	syscall.Exit(0)
}

type service struct{ folder, knobs, running, suffix string }

var (
	errBroken  = errors.New("it does not start")
	errStopped = errors.New("it does not run")
	errSick    = errors.New("it is not healthy")
)

func (w service) obey(action string) error {
	switch action {
	case "start":
		return w.start()
	case "stop":
		if err := w.note(action); err != nil {
			return err
		}
		if err := os.Remove(w.path(w.running)); !errors.Is(err, os.ErrNotExist) {
			return err
		}
		return nil
	case "status", "health":
		return w.state(action == "health")
	}
	return fmt.Errorf("no action %q", action)
}

func (w service) start() error {
	if err := w.note("start"); err != nil {
		return err
	}
	if is(w.knob("environment")) {
		if err := appendTo(w.knob("environment"), strings.Join(os.Environ(), "\n")+"\n"); err != nil {
			return err
		}
	}
	for is(w.knob("slow")) || is(w.knob("hanging")) && !w.asBefore() {
		time.Sleep(20 * time.Millisecond)
	}
	if is(w.knob("broken")) || is(w.knob("fragile")) && !w.asBefore() {
		return errBroken
	}
	return os.WriteFile(w.path(w.running), nil, 0o600)
}

func (w service) state(health bool) error {
	switch {
	case !is(w.path(w.running)):
		return errStopped
	case health && (is(w.knob("sick")) || is(w.knob("frail")) && !w.asBefore()):
		return errSick
	}
	return nil
}

func (w service) note(action string) error {
	return appendTo(w.knob("calls"), action+w.suffix+"\n")
}

// asBefore compares the configuration with the copy that the script made.
func (w service) asBefore() bool {
	now, err := os.ReadFile(w.path("app/appsettings.json"))
	before, beforeErr := os.ReadFile(w.path("app/before"))
	return err == nil && beforeErr == nil && bytes.Equal(now, before)
}

func (w service) path(name string) string { return filepath.Join(w.folder, name) }
func (w service) knob(name string) string { return filepath.Join(w.knobs, name) }

// present FILE...: ends with 0 where all of them are there.
func present() {
	for _, name := range os.Args[1:] {
		if !is(name) {
			syscall.Exit(1)
		}
	}
	syscall.Exit(0)
}

func is(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func appendTo(path, text string) error {
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = file.WriteString(text)
	return errors.Join(err, file.Close())
}
