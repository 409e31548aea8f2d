package unitfile

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// word is a part of a value with all lines in one.
type word struct {
	start, end  int
	text        string // without quotes and escapes
	quotes      int    // how many parts of it are in quotes
	open, close int    // where the last of them begins, and where it ends
}

// lexer splits a value with all lines in one into words.
type lexer struct {
	list string
	at   int
	text []byte
}

// next goes to the next word and reports whether there is one.
func (l *lexer) next() bool {
	for l.at < len(l.list) && l.separates() {
		l.at++
	}
	return l.at < len(l.list)
}

func (l *lexer) separates() bool { return strings.IndexByte(blanks, l.list[l.at]) >= 0 }

// word reads one. Where it is not valid, at stays on what is wrong.
func (l *lexer) word() (word, error) {
	w := word{start: l.at}
	l.text = l.text[:0]
	for l.at < len(l.list) && !l.separates() {
		c := l.list[l.at]
		if c != '"' && c != '\'' {
			if err := l.char(); err != nil {
				return w, err
			}
			continue
		}
		w.open = l.at
		if err := l.quoted(c); err != nil {
			return w, err
		}
		w.close = l.at - 1
		w.quotes++
	}
	w.end, w.text = l.at, string(l.text)
	return w, nil
}

// quoted reads what is in quotes.
func (l *lexer) quoted(quote byte) error {
	from := l.at
	for l.at++; l.at < len(l.list); {
		if l.list[l.at] == quote {
			l.at++
			return nil
		}
		if err := l.char(); err != nil {
			return err
		}
	}
	l.at = from
	return errors.New("a quote that is not closed")
}

// char reads a byte or an escape.
func (l *lexer) char() error {
	if c := l.list[l.at]; c != '\\' {
		l.text = append(l.text, c)
		l.at++
		return nil
	}
	text, n, err := unescape(l.list[l.at+1:])
	if err != nil {
		return err
	}
	l.text = append(l.text, text...)
	l.at += 1 + n
	return nil
}

var escape = regexp.MustCompile(`^(?:[abfnrtvs\\"']|x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|[0-7]{3})`)

// unescape reads what stands behind a backslash.
func unescape(rest string) (text string, n int, err error) {
	e := escape.FindString(rest[:min(len(rest), len("U0010ffff"))])
	if e == "" {
		return "", 0, errors.New("not an escape that systemd knows")
	}
	if i := strings.IndexByte(`abfnrtvs\"'`, e[0]); i >= 0 {
		return "\a\b\f\n\r\t\v \\\"'"[i : i+1], 1, nil
	}
	text, err = coded(e)
	return text, len(e), err
}

// coded is the byte or character of a number: x41, 101, u0041, U00000041.
func coded(e string) (string, error) {
	digits, base, size := e[1:], 16, 32
	switch e[0] {
	case 'x':
		size = 8
	case 'u', 'U':
	default:
		digits, base, size = e, 8, 8
	}
	code, err := strconv.ParseUint(digits, base, size)
	switch {
	case err != nil || code == 0:
		return "", errors.New("an escape of no character")
	case size == 8:
		return string([]byte{byte(code)}), nil //nolint:gosec // it was parsed as one of 8 bits
	}
	r := rune(min(code, utf8.MaxRune+1))
	if !utf8.ValidRune(r) || isUnread(r) && r != '\ufeff' {
		return "", errors.New("an escape of no character")
	}
	return string(r), nil
}
