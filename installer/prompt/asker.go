package prompt

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/empowersuite/backend-installer/installer/secret"
)

// errNoChoices is a mistake of the caller.
var errNoChoices = errors.New("a question without choices")

// Text asks for one line.
func (t *Terminal) Text(ctx context.Context, q Question) (string, error) {
	if err := t.open(ctx); err != nil {
		return "", err
	}
	suffix := ""
	if q.Default != "" {
		suffix = " [" + q.Default + "]"
	}
	t.heading(q, suffix)
	answer := ""
	err := t.repeat(ctx, t.line, func(typed string) error {
		typed = strings.TrimSpace(typed)
		if q.CanGoBack && typed == Back {
			return ErrBack
		}
		if typed == "" {
			typed = q.Default
		}
		answer = typed
		return q.validate(typed)
	})
	if err != nil {
		return "", err
	}
	return answer, nil
}

// Select asks for one of the choices.
func (t *Terminal) Select(ctx context.Context, q Question) (int, error) {
	if err := t.open(ctx); err != nil {
		return 0, err
	}
	if len(q.Choices) == 0 {
		return 0, errNoChoices
	}
	if t.dumb {
		return t.number(ctx, q)
	}
	return t.list(ctx, q)
}

// Confirm asks for yes or no.
func (t *Terminal) Confirm(ctx context.Context, q Question) (bool, error) {
	if err := t.open(ctx); err != nil {
		return false, err
	}
	yes := q.Default == "yes"
	suffix := " [y/N]"
	if yes {
		suffix = " [Y/n]"
	}
	t.heading(q, suffix)
	err := t.repeat(ctx, t.line, func(typed string) error {
		switch strings.ToLower(strings.TrimSpace(typed)) {
		case "":
		case "y", "yes":
			yes = true
		case "n", "no":
			yes = false
		case Back:
			if q.CanGoBack {
				return ErrBack
			}
			fallthrough
		default:
			return errors.New("type y for yes or n for no")
		}
		return nil
	})
	return yes && err == nil, err
}

// Secret asks for one line that is not shown.
func (t *Terminal) Secret(ctx context.Context, q Question) (secret.Value, error) {
	if err := t.open(ctx); err != nil {
		return secret.Value{}, err
	}
	suffix := " (not shown while you type)"
	if q.Default != "" {
		suffix = " [" + q.Default + "]" + suffix
	}
	t.heading(q, suffix)
	var answer secret.Value
	err := t.repeat(ctx, t.hidden, func(typed string) error {
		answer = secret.New(typed)
		switch {
		case q.CanGoBack && typed == Back:
			return ErrBack
		case typed == "":
			answer = secret.Value{}
			if q.Default != "" {
				return nil
			}
		}
		return q.validate(typed)
	})
	if err != nil {
		return secret.Value{}, err
	}
	return answer, nil
}

func (q Question) validate(text string) error {
	if q.Validate == nil {
		return nil
	}
	return q.Validate(text)
}

// start is the index of the default choice.
func (q Question) start() int { return slices.Index(q.Choices, q.Default) }

// open is the one gate in front of every question.
func (t *Terminal) open(ctx context.Context) error {
	if !t.io.Interactive() {
		return ErrNoTerminal
	}
	if ctx.Err() != nil {
		return cancelled(ctx)
	}
	if !t.dumb && !t.probed {
		restore, err := t.raw()
		if err == nil {
			restore()
		}
		t.dumb, t.probed = err != nil, true
	}
	return nil
}

// cancelled tells a person who gave up from a context that ended.
func cancelled(ctx context.Context) error {
	if ctx.Err() != nil {
		return fmt.Errorf("%w: %w", ErrCancelled, context.Cause(ctx))
	}
	return ErrCancelled
}

// repeat reads answers until one is accepted; the person ends it otherwise.
func (t *Terminal) repeat(ctx context.Context, read func(context.Context) (string, error), accept func(string) error) error {
	for {
		typed, err := read(ctx)
		if err == nil {
			err = accept(typed)
		} else if !errors.Is(err, errTooLong) {
			return err
		}
		if err == nil || errors.Is(err, ErrBack) {
			return err
		}
		t.complain(err)
	}
}

// line reads one line that is shown.
func (t *Terminal) line(ctx context.Context) (string, error) {
	if t.dumb {
		return t.cookedLine(ctx)
	}
	return t.editedLine(ctx)
}

func (t *Terminal) heading(q Question, suffix string) {
	width := t.width()
	for _, l := range wrap(q.Help, width) {
		t.print(t.style(faint, l))
	}
	if q.CanGoBack {
		suffix += " (" + Back + " = back)"
	}
	for _, l := range wrap(q.Label+suffix, width) {
		t.print(t.style(bold, l))
	}
}

func (t *Terminal) complain(err error) {
	for _, l := range wrap("! "+err.Error(), t.width()) {
		t.print(t.style(red, l))
	}
}

// print writes one line. A terminal that cannot be written to cannot be read
// from either, and reading tells.
func (t *Terminal) print(line string) { _, _ = io.WriteString(t.io.Err, line+"\n") }
