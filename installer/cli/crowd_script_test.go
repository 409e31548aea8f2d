package cli_test

import (
	"fmt"

	"github.com/rogpeppe/go-internal/testscript"
)

// crowd N STATUS PROGRAM [ARG...]: starts a program N times at once, each time with
// a fresh secret in the file that SECRET stands for. All but one end with that
// status; that one, whose file is $SECRET from then on, is the program in the
// background.
func crowd(ts *testscript.TestScript, _ bool, args []string) {
	s := stageOf(ts)
	if len(args) < 3 || s.background != nil {
		ts.Fatalf("usage: crowd N STATUS PROGRAM [ARG...], with nothing in the background")
	}
	files := make([]string, number(ts, args[0]))
	for i := range files {
		files[i] = fmt.Sprintf("secret-%d", i)
		addSecret(ts, false, files[i:i+1])
	}
	running := map[string]*job{}
	for _, file := range files {
		line := append([]string{}, args[2:]...)
		for i, word := range line {
			if word == "SECRET" {
				line[i] = file
			}
		}
		running[file] = launch(ts, line)
	}
	s.crowd = running
	for len(running) > 1 {
		waitFor(ts, fmt.Sprintf("the end of all but one of %d", len(running)), func() bool { return someEnded(ts, running, args[1]) })
	}
	for file, j := range running {
		ts.Setenv("SECRET", file)
		s.background, s.crowd = j, nil
	}
}

// someEnded removes those that ended, as they should, from those that run.
func someEnded(ts *testscript.TestScript, running map[string]*job, status string) bool {
	before := len(running)
	for file, j := range running {
		if !j.over() {
			continue
		}
		delete(running, file)
		checkStreams(ts, j.stdout.String(), j.stderr.String())
		checkStatus(ts, j.err, status)
	}
	return len(running) < before
}
