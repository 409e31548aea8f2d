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
	In  io.Reader
	Out io.Writer
	Err io.Writer
}

// Standard is the process's own streams. One to read from that the process did not
// get is empty.
func Standard() IO {
	standard := IO{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}
	if !given(os.Stdin) {
		standard.In = strings.NewReader("")
	}
	return standard
}

// IsTerminal reports whether a stream is a file that is attached to a terminal.
func IsTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// Interactive reports whether a person can be asked: both In and Err are
// terminals. Out may be redirected, because it carries only the result.
func (s IO) Interactive() bool { return IsTerminal(s.In) && IsTerminal(s.Err) }

// ErrIsTerminal reports whether Err is a terminal: colours may be used.
func (s IO) ErrIsTerminal() bool { return IsTerminal(s.Err) }
