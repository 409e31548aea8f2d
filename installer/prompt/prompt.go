// Package prompt asks a person at a terminal.
package prompt

import (
	"context"
	"errors"

	"github.com/empowersuite/backend-installer/installer/secret"
)

// ErrNoTerminal says that nobody can be asked.
var ErrNoTerminal = errors.New("no terminal to ask at")

// ErrCancelled says that the person gave up with Ctrl-C, Ctrl-D or a closed terminal.
var ErrCancelled = errors.New("cancelled at the prompt")

// ErrBack says that the person wants to go one question back.
var ErrBack = errors.New("back to the question before")

// Question is one thing to ask.
type Question struct {
	Label     string
	Help      string // one line, printed above
	Default   string // what Enter gives
	Choices   []string
	Validate  func(string) error // nil = anything
	CanGoBack bool               // "<" or the choice "back" gives ErrBack
}

// Asker asks one question at a time. Without a terminal every method returns
// ErrNoTerminal at once and prints nothing.
type Asker interface {
	Text(ctx context.Context, q Question) (string, error)
	Select(ctx context.Context, q Question) (int, error)
	Confirm(ctx context.Context, q Question) (bool, error)
	Secret(ctx context.Context, q Question) (secret.Value, error)
}
