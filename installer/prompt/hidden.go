package prompt

import (
	"context"
	"io"
	"unicode/utf8"

	xterm "golang.org/x/term"
)

// hidden reads a line without echo, also on a dumb terminal: single keys need
// no cursor control.
func (t *Terminal) hidden(ctx context.Context) (string, error) {
	_, _ = io.WriteString(t.io.Err, mark)
	restore, err := t.raw()
	if err != nil {
		return t.password(ctx)
	}
	defer func() {
		restore()
		t.print("")
	}()
	var line unseen
	for {
		k, err := t.keys.next(ctx)
		switch {
		case err != nil, k.kind == giveUp:
			return "", cancelled(ctx)
		case k.kind == enter && line.over:
			return "", errTooLong
		case k.kind == enter:
			return string(line.text), nil
		}
		line.press(k)
	}
}

// unseen is a line that is not drawn, and is edited at its end only.
type unseen struct {
	text []byte
	over bool
}

func (u *unseen) press(k key) {
	switch k.kind {
	case printable:
		u.over = u.over || len(u.text)+len(k.text) > MaxBytes
		if !u.over {
			u.text = append(u.text, k.text...)
		}
	case backspace:
		_, n := utf8.DecodeLastRune(u.text)
		u.text = u.text[:len(u.text)-n]
	case clearLine:
		*u = unseen{}
	default:
	}
}

// password reads a line where single keys are not to be had: consoles of
// Windows that know no sequences.
func (t *Terminal) password(ctx context.Context) (string, error) {
	defer t.print("")
	in, ok := descriptor(t.io.In)
	if !ok {
		return "", ErrNoTerminal
	}
	state, err := xterm.GetState(in)
	if err != nil {
		return "", cancelled(ctx)
	}
	defer func() { _ = xterm.Restore(in, state) }()
	type result struct {
		line []byte
		err  error
	}
	done := make(chan result, 1)
	go func() {
		line, err := xterm.ReadPassword(in)
		done <- result{line, err}
	}()
	select {
	case got := <-done:
		switch {
		case got.err != nil:
			return "", cancelled(ctx)
		case len(got.line) > MaxBytes:
			return "", errTooLong
		}
		return string(got.line), nil
	case <-ctx.Done():
		return "", cancelled(ctx)
	}
}
