package proc_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/proc"
)

// The test program plays the programs that are run, so that the tests need no
// shell and run on every system.
func TestMain(m *testing.M) {
	if role := os.Getenv("TEST_ROLE"); role != "" {
		play(role)
	}
	os.Exit(m.Run())
}

func role(t *testing.T, name string, arguments ...string) proc.Command {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	env := []string{"TEST_ROLE=" + name, "GORACE=atexit_sleep_ms=0"} // each end under -race takes a second otherwise
	for _, needed := range []string{"SystemRoot", "GOCOVERDIR"} {    // without them Windows, or a test for coverage, prints warnings
		if value, ok := os.LookupEnv(needed); ok {
			env = append(env, needed+"="+value)
		}
	}
	return proc.Command{Argv: append([]string{program}, arguments...), Env: env}
}

func run(t *testing.T, c proc.Command) proc.Result {
	t.Helper()
	r, err := proc.Run(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestTheExitStatusIsAnAnswerAndNoError(t *testing.T) {
	for _, want := range []string{"0", "3", "77"} {
		if got := run(t, role(t, "exit", want)); got.ExitCode != number(want) {
			t.Errorf("got %d, want %s", got.ExitCode, want)
		}
	}
}

func TestBothStreamsAreKeptAsTheyCome(t *testing.T) {
	if got := run(t, role(t, "streams")); string(got.Output) != "out err out" || got.Truncated {
		t.Errorf("got %q, truncated %v", got.Output, got.Truncated)
	}
}

func TestOutputIsBoundedAndDoesNotBlockTheProgram(t *testing.T) {
	c := role(t, "flood")
	if got := run(t, c); len(got.Output) != proc.DefaultMaxOutputBytes || !got.Truncated || got.ExitCode != 0 {
		t.Errorf("got %d bytes, truncated %v, status %d", len(got.Output), got.Truncated, got.ExitCode)
	}
	c.MaxOutputBytes = 10
	if got := run(t, c); string(got.Output) != "xxxxxxxxxx" || !got.Truncated {
		t.Errorf("got %q, truncated %v", got.Output, got.Truncated)
	}
	c = role(t, "echo", "0123456789")
	c.MaxOutputBytes = 10
	if got := run(t, c); string(got.Output) != "0123456789" || got.Truncated {
		t.Errorf("all fits: got %q, truncated %v", got.Output, got.Truncated)
	}
}

func TestArgumentsReachTheProgramWithoutAShell(t *testing.T) {
	for _, want := range []string{"", "a b", `"quoted" 'too'`, "$HOME `id` %PATH% ; & | > <", "back\\slash\\", "é€"} {
		if got := run(t, role(t, "echo", want)); string(got.Output) != want {
			t.Errorf("got %q, want %q", got.Output, want)
		}
	}
}

func TestInputIsWhatIsGivenAndEmptyOtherwise(t *testing.T) {
	c := role(t, "copy")
	if got := run(t, c); len(got.Output) != 0 {
		t.Errorf("got %q", got.Output)
	}
	c.Stdin = []byte("line 1\nline 2")
	if got := run(t, c); string(got.Output) != "line 1\nline 2" {
		t.Errorf("got %q", got.Output)
	}
	c = role(t, "exit", "0") // ends without having read
	c.Stdin = []byte(strings.Repeat("x", 1<<20))
	if got := run(t, c); got.ExitCode != 0 {
		t.Errorf("got %+v", got)
	}
}

func TestTheFolderIsTheOneThatIsNamed(t *testing.T) {
	folder, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	c := role(t, "folder")
	c.Dir = folder
	if got := run(t, c); string(got.Output) != folder {
		t.Errorf("got %q, want %q", got.Output, folder)
	}
}

func TestTheEnvironmentIsExact(t *testing.T) {
	t.Setenv("TEST_OF_THE_CALLER", "TST8Q~not-a-real-secret-0000000000000001")
	c := role(t, "environment")
	c.Env = append(c.Env, "GIVEN=yes")
	got := string(run(t, c).Output)
	if !strings.Contains(got, "GIVEN=yes") || strings.Contains(got, "TEST_OF_THE_CALLER") {
		t.Errorf("got %q", got)
	}
}

func TestWithoutAnEnvironmentNothingOfTheCallersPassesButTheMinimum(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no program that prints its environment and nothing else")
	}
	t.Setenv("LANG", "C.UTF-8")
	t.Setenv("TEST_OF_THE_CALLER", "TST8Q~not-a-real-secret-0000000000000001")
	got := run(t, proc.Command{Argv: []string{"env"}})
	for line := range strings.Lines(string(got.Output)) {
		name, _, _ := strings.Cut(line, "=")
		if name != "PATH" && name != "HOME" && name != "LANG" {
			t.Errorf("%q passed", name)
		}
	}
	if !strings.Contains(string(got.Output), "LANG=C.UTF-8\n") {
		t.Errorf("got %q", got.Output)
	}
}

func TestWhatCannotBeRunIsAnErrorThatQuotesNoArgument(t *testing.T) {
	const marker = "TST8Q~not-a-real-secret-0000000000000001"
	for _, argv := range [][]string{nil, {""}} {
		if _, err := proc.Run(t.Context(), proc.Command{Argv: argv}); !errors.Is(err, proc.ErrNoProgram) {
			t.Errorf("%q: got %v", argv, err)
		}
	}
	missing := filepath.Join(t.TempDir(), "missing")
	r, err := proc.Run(t.Context(), proc.Command{Argv: []string{missing, marker}, Stdin: []byte(marker)})
	if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "missing") || strings.Contains(err.Error(), marker) || r.ExitCode != -1 {
		t.Errorf("got %+v, %v", r, err)
	}
	c := role(t, "exit", "0")
	c.Dir = missing
	nowhere := proc.Command{Argv: []string{"empower-no-such-program"}} // looked up in PATH
	if _, err := proc.Run(t.Context(), nowhere); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want %v", err, fs.ErrNotExist)
	}
	if _, err := proc.Run(t.Context(), c); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no folder: got %v", err)
	}
}

func TestTheEndOfTheContextEndsTheProgramAndNamesTheCause(t *testing.T) {
	stop := errors.New("stopped by a test")
	ctx, cancel := context.WithCancelCause(t.Context())
	time.AfterFunc(200*time.Millisecond, func() { cancel(stop) })
	began := time.Now()
	r, err := proc.Run(ctx, role(t, "hang"))
	if !errors.Is(err, stop) || string(r.Output) != "begun" {
		t.Errorf("got %q, %v", r.Output, err)
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("took %s", took)
	}
	cancelled, cancelNow := context.WithCancel(t.Context())
	cancelNow()
	if _, err := proc.Run(cancelled, role(t, "exit", "0")); !errors.Is(err, context.Canceled) {
		t.Errorf("before the start: got %v", err)
	}
}
