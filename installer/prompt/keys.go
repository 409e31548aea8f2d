package prompt

import (
	"context"
	"io"
	"unicode"
	"unicode/utf8"
)

type kind int

const (
	printable kind = iota
	enter
	giveUp
	backspace
	clearLine
	up
	down
	left
	right
	home
	end
	other
)

// key is one press; text is set for a printable one.
type key struct {
	kind kind
	text string
}

// keys turns the bytes of a terminal in raw mode into keys.
type keys struct {
	source  source
	afterCR bool
}

func newKeys(r io.Reader) *keys { return &keys{source: source{r: r}} }

// next returns the next key. LF after CR is no key of its own, so that a
// pasted CR LF does not answer two questions.
func (k *keys) next(ctx context.Context) (key, error) {
	b, err := k.byte(ctx)
	if err != nil {
		return key{}, err
	}
	switch {
	case b == 0x1b:
		return k.escape(ctx)
	case b < 0x20 || b == 0x7f:
		return control(b), nil
	case b < utf8.RuneSelf:
		return key{printable, string(rune(b))}, nil
	}
	return k.letter(ctx, b)
}

// byte is the next byte but for an LF that belongs to the CR before.
func (k *keys) byte(ctx context.Context) (byte, error) {
	b, err := k.source.next(ctx)
	if err == nil && k.afterCR && b == '\n' {
		b, err = k.source.next(ctx)
	}
	if err == nil {
		k.afterCR = b == '\r'
	}
	return b, err
}

func control(b byte) key {
	switch b {
	case '\r', '\n':
		return key{kind: enter}
	case 0x03, 0x04: // Ctrl-C, Ctrl-D
		return key{kind: giveUp}
	case 0x08, 0x7f:
		return key{kind: backspace}
	case 0x15: // Ctrl-U
		return key{kind: clearLine}
	case 0x01: // Ctrl-A
		return key{kind: home}
	case 0x05: // Ctrl-E
		return key{kind: end}
	case '\t':
		return key{printable, " "}
	}
	return key{kind: other}
}

// letter reads the rest of a character of several bytes. Blanks of every kind
// become a space; what cannot be seen is dropped.
func (k *keys) letter(ctx context.Context, first byte) (key, error) {
	text := []byte{first}
	for !utf8.FullRune(text) {
		b, err := k.byte(ctx)
		if err != nil {
			return key{}, err
		}
		if utf8.RuneStart(b) {
			return control(b), nil
		}
		text = append(text, b)
	}
	r, _ := utf8.DecodeRune(text)
	switch {
	case unicode.IsSpace(r):
		return key{printable, " "}, nil
	case r == utf8.RuneError || !unicode.IsPrint(r):
		return key{kind: other}, nil
	}
	return key{printable, string(r)}, nil
}

// escape reads a sequence "ESC [ … final" or "ESC O final". An Esc that is
// pressed alone is dropped and the key after it counts.
func (k *keys) escape(ctx context.Context) (key, error) {
	b, err := k.byte(ctx)
	if err != nil {
		return key{}, err
	}
	if b != '[' && b != 'O' {
		if b >= 0x20 && b < 0x7f {
			return key{printable, string(rune(b))}, nil
		}
		return control(b), nil
	}
	params := ""
	for {
		b, err := k.byte(ctx)
		switch {
		case err != nil:
			return key{}, err
		case b < 0x20:
			return control(b), nil
		case b >= 0x40 && b <= 0x7e:
			return sequence(params, b), nil
		case len(params) < 16:
			params += string(rune(b))
		}
	}
}

func sequence(params string, final byte) key {
	if final == '~' {
		switch params {
		case "1", "7":
			return key{kind: home}
		case "4", "8":
			return key{kind: end}
		}
		return key{kind: other}
	}
	kinds := map[byte]kind{'A': up, 'B': down, 'C': right, 'D': left, 'H': home, 'F': end}
	if kind, ok := kinds[final]; ok {
		return key{kind: kind}
	}
	return key{kind: other}
}
