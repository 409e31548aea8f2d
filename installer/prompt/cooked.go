package prompt

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// cookedMax is where a terminal in line mode begins to cut lines without a
// word: a line of that length may once have been longer.
const cookedMax = MaxBytes - 1

// cookedLine reads a line that the terminal itself lets the person edit.
func (t *Terminal) cookedLine(ctx context.Context) (string, error) {
	_, _ = io.WriteString(t.io.Err, mark)
	var line []byte
	for {
		b, err := t.keys.byte(ctx)
		switch {
		case err != nil:
			t.print("")
			return "", cancelled(ctx)
		case b == '\n' || b == '\r':
			return cooked(line)
		case len(line) <= cookedMax:
			line = append(line, b)
		}
	}
}

func cooked(line []byte) (string, error) {
	if len(line) >= cookedMax {
		return "", errTooLong
	}
	text := strings.ToValidUTF8(string(line), "")
	text = strings.Map(func(r rune) rune {
		if r < 0x20 || r == 0x7f || r == utf8.RuneError {
			return -1
		}
		return r
	}, strings.ReplaceAll(text, "\t", " "))
	return text, nil
}

// number asks for one of the choices by its number.
func (t *Terminal) number(ctx context.Context, q Question) (int, error) {
	start := q.start()
	suffix := ""
	if start >= 0 {
		suffix = " [" + strconv.Itoa(start+1) + "]"
	}
	t.heading(q, suffix)
	places := len(strconv.Itoa(len(q.Choices)))
	for i, choice := range q.Choices {
		t.print(shorten(fmt.Sprintf("  %*d) %s", places, i+1, choice), t.width()-1))
	}
	if q.CanGoBack {
		t.print(fmt.Sprintf("  %*s) back", places, Back))
	}
	chosen := start
	err := t.repeat(ctx, t.cookedLine, func(typed string) error {
		typed = strings.TrimSpace(typed)
		switch {
		case q.CanGoBack && typed == Back:
			return ErrBack
		case typed == "" && start >= 0:
			chosen = start
			return nil
		}
		n, err := strconv.Atoi(typed)
		if err != nil || n < 1 || n > len(q.Choices) {
			return fmt.Errorf("type a number from 1 to %d", len(q.Choices))
		}
		chosen = n - 1
		return nil
	})
	if err != nil {
		return 0, err
	}
	return chosen, nil
}
