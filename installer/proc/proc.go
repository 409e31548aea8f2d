// Package proc runs a program.
//
// A program runs with exactly the environment that it is given, in a process
// group of its own, without a shell; its output is bounded, and it ends with
// the context, together with what it started in its group. A daemon that a
// program leaves behind outlives Run, but must not keep the program's standard
// output: Run closes it WaitAfterExit after the program's end, and who writes
// to it then gets SIGPIPE. Nothing here logs, and no error holds argument,
// input or output.
package proc

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"time"
)

// Bounds.
const (
	DefaultMaxOutputBytes = 64 << 10
	WaitAfterExit         = time.Second
)

// ErrNoProgram says that Argv is empty.
var ErrNoProgram = errors.New("no program named")

// Command is a program to run.
type Command struct {
	Argv           []string // the program, looked up in PATH where it holds no separator, and its arguments
	Dir            string   // "" is the caller's
	Env            []string // exact; nil is the caller's PATH, HOME and LANG
	Stdin          []byte   // nil is an empty input
	MaxOutputBytes int      // DefaultMaxOutputBytes where it is 0; what comes after is dropped
}

// Result is how a program ended.
type Result struct {
	ExitCode  int    // -1 when a signal ended it
	Output    []byte // standard output and standard error as they came
	Truncated bool   // there was more
}

// Run runs a program to its end. An exit status other than 0 is no error; not
// having been started, and being ended because ctx ended, are. A program or a
// Dir that is not there matches fs.ErrNotExist. After the end of ctx the error
// matches context.Cause(ctx), and the Result holds what was printed until then.
func Run(ctx context.Context, c Command) (Result, error) {
	if len(c.Argv) == 0 || c.Argv[0] == "" {
		return Result{}, ErrNoProgram
	}
	limit := c.MaxOutputBytes
	if limit <= 0 {
		limit = DefaultMaxOutputBytes
	}
	out := &bounded{left: limit}
	cmd := exec.CommandContext(ctx, c.Argv[0], c.Argv[1:]...)
	cmd.Dir, cmd.Env = c.Dir, c.Env
	if c.Env == nil {
		cmd.Env = minimal()
	}
	if c.Stdin != nil {
		cmd.Stdin = bytes.NewReader(c.Stdin)
	}
	cmd.Stdout, cmd.Stderr = out, out
	cmd.WaitDelay = WaitAfterExit
	ownGroup(cmd)

	err := cmd.Run()
	result := Result{ExitCode: -1, Output: out.data, Truncated: out.more}
	if cmd.ProcessState != nil {
		result.ExitCode = cmd.ProcessState.ExitCode()
	}
	return result, verdict(ctx, c.Argv[0], err)
}

func verdict(ctx context.Context, program string, err error) error {
	var exit *exec.ExitError
	switch {
	case err == nil, errors.Is(err, exec.ErrWaitDelay) && ctx.Err() == nil:
		return nil
	case ctx.Err() != nil:
		return fmt.Errorf("run %q: %w", program, context.Cause(ctx))
	case errors.As(err, &exit):
		return nil
	case errors.Is(err, exec.ErrNotFound), noFolder(err): // in PATH, and on Windows of any path
		return fmt.Errorf("run %q: %w: %w", program, fs.ErrNotExist, err)
	default:
		return fmt.Errorf("run %q: %w", program, err)
	}
}

// minimal is the environment of a program that was given none: nothing of the
// caller's that could hold a secret.
func minimal() []string {
	env := []string{}
	for _, name := range passed() {
		if value, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+value)
		}
	}
	return env
}

// bounded keeps the first bytes and takes the rest, so that the program never
// blocks on its output.
type bounded struct {
	data []byte
	left int
	more bool
}

func (b *bounded) Write(p []byte) (int, error) {
	n := min(len(p), b.left)
	b.data = append(b.data, p[:n]...)
	b.left -= n
	b.more = b.more || n < len(p)
	return len(p), nil
}
