package cli_test

import (
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/cli"
	"github.com/empowersuite/backend-installer/installer/prompt/prompttest"
	"github.com/empowersuite/backend-installer/installer/term"
)

// windowOf is a world in which the console has some processes on it.
func windowOf(t *testing.T, processes int) (*prompttest.Person, cli.World, *strings.Builder) {
	t.Helper()
	person, tty := prompttest.Sit(t)
	var out strings.Builder
	world := cli.Real()
	world.IO = term.IO{In: tty, Out: &out, Err: tty}
	world.Getenv = func(string) string { return "" }
	world.Processes = func() int { return processes }
	return person, world, &out
}

func TestADoubleClickIsExplainedAndTheWindowWaitsForEnter(t *testing.T) {
	person, world, out := windowOf(t, 1)
	ended := make(chan int, 1)
	go func() { ended <- cli.Main(world, nil) }()
	select {
	case <-ended:
		t.Fatal("the window did not wait")
	case <-time.After(200 * time.Millisecond):
	}
	if err := person.Press("\r"); err != nil {
		t.Fatal(err)
	}
	select {
	case status := <-ended:
		if status != 0 || !strings.Contains(out.String(), "Run as administrator") || !strings.Contains(out.String(), `.\installer configure`) {
			t.Errorf("got status %d and %q", status, out.String())
		}
	case <-time.After(10 * time.Second):
		t.Fatal("Enter did not close the window")
	}
}

func TestNobodyWaitsForAWindowThatIsNotOurs(t *testing.T) {
	for name, c := range map[string]struct {
		processes  int
		args       []string
		unattended bool
	}{
		"from a shell":         {2, nil, false},
		"with an argument":     {1, []string{"version"}, false},
		"no questions asked":   {1, []string{"--non-interactive"}, false},
		"a task in session 0":  {1, nil, true},
		"no console, no count": {0, nil, false},
	} {
		_, world, out := windowOf(t, c.processes)
		world.IO.Unattended = c.unattended
		if status := cli.Main(world, c.args); status != 0 || strings.Contains(out.String(), "Press Enter") {
			t.Errorf("%s: got status %d and %q", name, status, out.String())
		}
	}
}
