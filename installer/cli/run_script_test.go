package cli_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/empowersuite/backend-installer/installer/journal"
)

// exits STATUS PROGRAM [ARG...]: the program ends with that status, and tells
// no secret.
func exits(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: exits STATUS PROGRAM [ARG...]")
	}
	err := ts.Exec(args[1], args[2:]...)
	checkStreams(ts, ts.ReadFile("stdout"), ts.ReadFile("stderr"))
	checkStatus(ts, err, args[0])
}

func checkStatus(ts *testscript.TestScript, err error, want string) {
	got := "0"
	var failed *exec.ExitError
	switch {
	case errors.As(err, &failed) && !failed.Exited():
		got = "killed"
	case errors.As(err, &failed):
		got = fmt.Sprint(failed.ExitCode())
	case err != nil:
		ts.Fatalf("%v", err)
	}
	if got != want {
		ts.Fatalf("exit status %s, want %s", got, want)
	}
}

// job is a program in the background.
type job struct {
	cmd            *exec.Cmd
	stdout, stderr bytes.Buffer
	stdin          io.Closer
	done           chan struct{}
	killed         bool
	err            error
}

// background PROGRAM [ARG...]: starts a program, with a stdin that stays open.
// There is one at a time.
func background(ts *testscript.TestScript, _ bool, args []string) {
	s := stageOf(ts)
	if len(args) == 0 || s.background != nil {
		ts.Fatalf("usage: background PROGRAM [ARG...], one at a time")
	}
	s.background = launch(ts, args)
}

func launch(ts *testscript.TestScript, args []string) *job {
	j := &job{cmd: prepared(ts, args), done: make(chan struct{})}
	j.cmd.Stdout, j.cmd.Stderr = &j.stdout, &j.stderr
	stdin, err := j.cmd.StdinPipe()
	ts.Check(err)
	j.stdin = stdin
	ts.Check(j.cmd.Start())
	go func() {
		j.err = j.cmd.Wait()
		close(j.done)
	}()
	return j
}

func (j *job) over() bool {
	select {
	case <-j.done:
		return true
	default:
		return false
	}
}

// signal NAME: sends INT, TERM, HUP or KILL to the program in the background.
// On Windows there is only KILL, which is TerminateProcess.
func signalIt(ts *testscript.TestScript, _ bool, args []string) {
	want(ts, args, 1, "signal NAME")
	signals := map[string]os.Signal{
		"INT": os.Interrupt, "TERM": syscall.SIGTERM, "HUP": syscall.SIGHUP, "KILL": os.Kill,
	}
	j := stageOf(ts).background
	j.killed = args[0] == "KILL"
	ts.Check(j.cmd.Process.Signal(signals[args[0]]))
}

// ended STATUS: the program in the background ends with that status, or is
// killed. Its streams are then stdout and stderr.
func ended(ts *testscript.TestScript, _ bool, args []string) {
	want(ts, args, 1, "ended STATUS")
	s := stageOf(ts)
	j := s.background
	waitFor(ts, "the end of the program in the background", j.over)
	s.background = nil
	_, _ = ts.Stdout().Write(j.stdout.Bytes())
	_, _ = ts.Stderr().Write(j.stderr.Bytes())
	checkStreams(ts, j.stdout.String(), j.stderr.String())
	if args[0] == "killed" && j.killed && j.err != nil {
		return // Windows gives it the status 1
	}
	checkStatus(ts, j.err, args[0])
}

// until FILE [PATTERN]: waits until the file is there, with a line that
// matches.
func until(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 1 && len(args) != 2 {
		ts.Fatalf("usage: until FILE [PATTERN]")
	}
	pattern := regexp.MustCompile("(?m)" + strings.Join(args[1:], ""))
	waitFor(ts, strings.Join(args, " "), func() bool {
		text, err := os.ReadFile(ts.MkAbs(args[0]))
		return err == nil && pattern.Match(text)
	})
}

// hold: another process has the lock of the environment PROD.
func hold(ts *testscript.TestScript, _ bool, _ []string) {
	lock, err := journal.Acquire(filepath.Join(ts.Getenv("STATE"), "PROD", "lock"), journal.Holder{
		PID: 4711, Host: "node-7", Run: "20261123T120000.000Z", Since: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC),
	})
	ts.Check(err)
	stageOf(ts).lock = lock
}

// json POINTER=VALUE...: stdout is one JSON object with these values; an empty
// one is none.
func jsonIs(ts *testscript.TestScript, _ bool, args []string) {
	decoder := json.NewDecoder(strings.NewReader(ts.ReadFile("stdout")))
	var object map[string]any
	ts.Check(decoder.Decode(&object))
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		ts.Fatalf("stdout holds more than one object")
	}
	for _, arg := range args {
		pointer, want, _ := strings.Cut(arg, "=")
		got := ""
		if value := at(object, strings.Split(pointer, "/")[1:]); value != nil {
			got = fmt.Sprint(value)
		}
		if want = os.Expand(want, ts.Getenv); strings.HasPrefix(want, ts.Getenv("WORK")) {
			want = filepath.FromSlash(want)
		}
		if got != want {
			ts.Fatalf("%s is %q, want %q", pointer, got, want)
		}
	}
}

func at(value any, path []string) any {
	for _, name := range path {
		switch node := value.(type) {
		case map[string]any:
			value = node[name]
		case []any:
			var i int
			if _, err := fmt.Sscan(name, &i); err != nil || i >= len(node) {
				return nil
			}
			value = node[i]
		default:
			return nil
		}
	}
	return value
}

// snapshot: notes every file of the script, with its times.
func snapshot(ts *testscript.TestScript, _ bool, _ []string) {
	stageOf(ts).listing = list(ts)
}

// untouched [EXCEPT...]: every file is as it was at the snapshot, but for the
// exceptions, what is below them, and the times of the folders that hold them.
func untouched(ts *testscript.TestScript, _ bool, args []string) {
	before, after := stageOf(ts).listing, list(ts)
	names := slices.Sorted(maps.Keys(before))
	for name := range after {
		if _, ok := before[name]; !ok {
			names = append(names, name)
		}
	}
	for _, name := range names {
		excepted := slices.ContainsFunc(args, func(e string) bool {
			return strings.HasPrefix(name+"/", e+"/") || path.Dir(e) == name
		})
		if !excepted && before[name] != after[name] {
			ts.Fatalf("%s changed: %q, now %q", name, before[name], after[name])
		}
	}
}

// list leaves out the temporary folder.
func list(ts *testscript.TestScript) map[string]string {
	work := ts.Getenv("WORK")
	all := map[string]string{}
	ts.Check(filepath.WalkDir(work, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(work, path)
		if name == ".tmp" {
			return fs.SkipDir
		}
		info, infoErr := d.Info()
		if infoErr == nil {
			all[filepath.ToSlash(name)] = fmt.Sprint(info.Mode(), info.Size(), info.ModTime().UnixNano())
		}
		return errors.Join(err, infoErr)
	}))
	return all
}
