// Package term is the three streams of a program and what they are attached to.
package term

import (
	"io"
	"os"
	"strings"

	"golang.org/x/term"
)

// IO is In, Out and Err. Out carries the result, Err is for people.
type IO struct {
	In         io.Reader
	Out        io.Writer
	Err        io.Writer
	Unattended bool // no person is at the terminal, if there is one
}

// Standard is the process's own streams. One to read from that the process did not
// get is empty.
func Standard() IO {
	standard := IO{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}
	if !given(os.Stdin) {
		standard.In = strings.NewReader("")
	}
	standard.Unattended = !Attended(inServicesSession(), os.Getenv("SSH_CONNECTION") != "")
	return standard
}

// IsTerminal reports whether a stream is a file that is attached to a terminal.
func IsTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// Interactive reports whether a person can be asked: both In and Err are
// terminals, and somebody can be there. Out may be redirected, because it carries
// only the result.
func (s IO) Interactive() bool { return !s.Unattended && IsTerminal(s.In) && IsTerminal(s.Err) }

// Colours reports whether Err shows colours: it is a terminal that obeys. It makes
// a console of Windows obey.
func (s IO) Colours() bool {
	f, ok := s.Err.(*os.File)
	return ok && term.IsTerminal(int(f.Fd())) && colours(f)
}
