package prompt

import (
	"context"
	"errors"
	"runtime"

	"github.com/empowersuite/backend-installer/installer/secret"
	"github.com/empowersuite/backend-installer/installer/term"
)

// MaxBytes is the longest answer; a longer one is refused and asked again.
const MaxBytes = 4096

// Back is what a person types to go one question back.
const Back = "<"

// BackChoice is the item of a Select that goes one question back.
const BackChoice = "(back)"

// ErrNoTerminal says that nobody can be asked.
var ErrNoTerminal = errors.New("no terminal to ask at")

// ErrCancelled says that the person gave up with Ctrl-C, Ctrl-D or a closed
// terminal, or that the context ended while the question stood.
var ErrCancelled = errors.New("cancelled at the prompt")

// ErrBack says that the person wants to go one question back.
var ErrBack = errors.New("back to the question before")

// errTooLong is shown to the person, who is asked again.
var errTooLong = errors.New("too long: at most 4096 bytes")

// Question is one thing to ask.
type Question struct {
	Label     string
	Help      string             // one line, printed above
	Default   string             // what Enter gives: a text, one of Choices, "yes"; for a secret only shown
	Choices   []string           // of a Select
	Validate  func(string) error // of a text or secret; nil = anything. Its error is shown, so it never quotes a secret
	CanGoBack bool               // "<" or the choice "(back)" gives ErrBack
}

// Asker asks one question at a time; it is not for concurrent use. Without a
// terminal every method returns ErrNoTerminal at once and prints nothing.
type Asker interface {
	// Text returns a valid text without blanks around it, or the default.
	Text(ctx context.Context, q Question) (string, error)
	// Select returns the index of a choice. Without a choice there is nothing
	// to ask: that is an error.
	Select(ctx context.Context, q Question) (int, error)
	// Confirm returns yes or no; Enter gives no unless the default is "yes".
	Confirm(ctx context.Context, q Question) (bool, error)
	// Secret returns what was typed without echo. Enter alone gives the zero
	// Value where Validate accepts an empty text, or where there is a default.
	Secret(ctx context.Context, q Question) (secret.Value, error)
}

// Options say how to ask.
type Options struct {
	IO    term.IO // asks on Err, reads from In
	Dumb  bool    // no cursor control: plain lines
	Color bool    // false where NO_COLOR is set
}

// Terminal is the Asker for a person at a terminal.
type Terminal struct {
	io     term.IO
	dumb   bool
	color  bool
	probed bool // whether raw mode was tried
	keys   *keys
}

// New is an Asker on two streams. A terminal that turns out to lack cursor
// control is treated as dumb.
func New(o Options) *Terminal {
	return &Terminal{io: o.IO, dumb: o.Dumb, color: o.Color, keys: newKeys(o.IO.In)}
}

// Dumb reports whether a terminal of that name (the variable TERM) has no
// cursor control. Windows consoles have no name and are found out when asked.
func Dumb(name string) bool {
	return name == "dumb" || name == "unknown" || (name == "" && runtime.GOOS != "windows")
}
