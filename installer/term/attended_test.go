package term_test

import (
	"testing"

	"github.com/empowersuite/backend-installer/installer/term"
)

func TestNobodyIsAtAConsoleOfServicesExceptOverSSH(t *testing.T) {
	for _, c := range []struct{ services, ssh, want bool }{
		{false, false, true}, {false, true, true}, {true, false, false}, {true, true, true},
	} {
		if got := term.Attended(c.services, c.ssh); got != c.want {
			t.Errorf("%+v: got %v", c, got)
		}
	}
}

func TestOnlyADoubleClickMakesAWindowOfOurOwn(t *testing.T) {
	for _, c := range []struct {
		what                 string
		processes, arguments int
		interactive, want    bool
	}{
		{"a double click", 1, 0, true, true},
		{"from cmd", 2, 0, true, false},
		{"a file dropped on it, or a task with arguments", 1, 1, true, false},
		{"a scheduled task in session 0, or redirected streams", 1, 0, false, false},
		{"no console", 0, 0, false, false},
		{"another system", 0, 0, true, false},
	} {
		if got := term.OwnWindow(c.processes, c.arguments, c.interactive); got != c.want {
			t.Errorf("%s: got %v", c.what, got)
		}
	}
}

func TestAnUnattendedTerminalIsNotAskedAt(t *testing.T) {
	if (term.IO{Unattended: true}).Interactive() {
		t.Error("a person would be asked where nobody is")
	}
}
