package cli_test

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// unheard STATUS PROGRAM [ARG...]: a program whose stdout and stderr are pipes
// that nobody reads, and that are closed at their other end, ends so.
func unheard(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: unheard STATUS PROGRAM [ARG...]")
	}
	read, written, err := os.Pipe()
	ts.Check(err)
	ts.Check(read.Close())
	cmd := prepared(ts, args[1:])
	cmd.Stdout, cmd.Stderr = written, written
	err = cmd.Run()
	ts.Check(written.Close())
	checkStatus(ts, err, args[0])
}

// closed STREAMS STATUS PROGRAM [ARG...]: a program that lacks the streams of
// these numbers, such as 1,2, ends so. The others are empty.
func closed(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 3 {
		ts.Fatalf("usage: closed STREAMS STATUS PROGRAM [ARG...]")
	}
	files := make([]*os.File, 3)
	for i := range files {
		if strings.Contains(args[0], strconv.Itoa(i)) {
			continue
		}
		file, err := os.CreateTemp(ts.Getenv("WORK"), ".stream")
		ts.Check(err)
		defer os.Remove(file.Name()) //nolint:errcheck // the script's folder goes
		defer file.Close()           //nolint:errcheck // read below
		files[i] = file
	}
	cmd := prepared(ts, args[2:])
	process, err := os.StartProcess(cmd.Path, cmd.Args, &os.ProcAttr{Dir: cmd.Dir, Env: cmd.Env, Files: files})
	ts.Check(err)
	hanging := time.AfterFunc(time.Minute, func() { _ = process.Kill() })
	state, err := process.Wait()
	hanging.Stop()
	ts.Check(err)
	told := []string{"", "", ""}
	for i, file := range files {
		if file != nil {
			told[i] = content(ts, file)
		}
	}
	_, err = io.WriteString(ts.Stdout(), told[1])
	_, badErr := io.WriteString(ts.Stderr(), told[2])
	ts.Check(errors.Join(err, badErr))
	checkStreams(ts, told[1], told[2])
	if got := strconv.Itoa(state.ExitCode()); got != args[1] {
		ts.Fatalf("exit status %s, want %s", got, args[1])
	}
}

func content(ts *testscript.TestScript, file *os.File) string {
	_, err := file.Seek(0, io.SeekStart)
	ts.Check(err)
	text, err := io.ReadAll(file)
	ts.Check(err)
	return string(text)
}

// prepared is a program in the script's folder, with a small environment.
func prepared(ts *testscript.TestScript, args []string) *exec.Cmd {
	cmd := exec.Command(lookUp(ts, args[0]), args[1:]...)
	cmd.Dir = ts.Getenv("WORK")
	for _, name := range []string{"PATH", "HOME", "USERPROFILE", "SYSTEMROOT", "TMPDIR", "TMP", "GORACE", "WORK", "EMPOWER_STATE", "TASKS"} {
		if value := ts.Getenv(name); value != "" {
			cmd.Env = append(cmd.Env, name+"="+value)
		}
	}
	return cmd
}

func lookUp(ts *testscript.TestScript, program string) string {
	for _, folder := range filepath.SplitList(ts.Getenv("PATH")) {
		path := filepath.Join(folder, program+ts.Getenv("exe"))
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
			return path
		}
	}
	ts.Fatalf("there is no program %s", program)
	return ""
}
