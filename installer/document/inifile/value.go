package inifile

import (
	"strings"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
)

// The notations of a value. colon is added to one of the others.
const (
	bare   syntax.Style = 1
	double syntax.Style = 2
	single syntax.Style = 3
	colon  syntax.Style = 4 // key: value
)

// plain is what may stand in a value without quotes, and blanks within it.
const plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_~./+=@,:-"

// meaning is what a value's notation means where all readers agree on it.
func meaning(raw string) (text string, style syntax.Style, no *syntax.Error) {
	text, style = raw, bare
	switch quote := quoteOf(raw); {
	case quote != 0:
		text, style = raw[1:len(raw)-1], double
		if quote == '\'' {
			style = single
		}
	case strings.ContainsAny(raw, `"'`):
		return text, style, syntax.Reason(syntax.Unsupported, "quotes within a value")
	}
	return text, style, doubt(text)
}

// quoteOf is the quote that a value begins and ends with and has nowhere else,
// 0 where there is none.
func quoteOf(raw string) byte {
	if len(raw) < 2 || raw[0] != '"' && raw[0] != '\'' {
		return 0
	}
	if strings.IndexByte(raw[1:], raw[0]) != len(raw)-2 {
		return 0
	}
	return raw[0]
}

// doubt is why readers differ on what a text means, quoted or not.
func doubt(text string) *syntax.Error {
	switch {
	case strings.HasSuffix(text, `\`):
		return syntax.Reason(syntax.Unsupported, "a backslash at the end: to some readers the value goes on in the next line")
	case strings.Contains(text, `"""`):
		return syntax.Reason(syntax.Unsupported, "three quotes in a row: to some readers the value goes on in the next line")
	case strings.Contains(text, "`"):
		return syntax.Reason(syntax.Unsupported, "a value in back quotes")
	case strings.ContainsAny(text, "#;"):
		return syntax.Reason(syntax.ParserDiffer, "a # or ; within a value, which begins a comment to some readers")
	case strings.Contains(text, "%("), strings.Contains(text, "${"), strings.Contains(text, "$__"), strings.Contains(text, "{{"):
		return &syntax.Error{Kind: syntax.Templated, Reason: "the value is an expression: change what it names"}
	case strings.Contains(text, "%%"):
		return syntax.Reason(syntax.ParserDiffer, "a %% within a value, which is one % to some readers")
	}
	return syntax.Decrypted(text)
}

// write is a text in a notation, where all readers read it as that.
func write(text string, style syntax.Style) (string, error) {
	written, fits := text, strings.Trim(text, plain+" ") == "" && strings.Trim(text, " ") == text
	switch style &^ colon {
	case double:
		written, fits = `"`+text+`"`, !strings.ContainsFunc(text, needsMore)
	case single:
		written, fits = "'"+text+"'", !strings.ContainsFunc(text, needsMore)
	}
	got, now, no := meaning(written)
	if !fits || no != nil || got != text || now != style&^colon || style&colon != 0 && strings.Contains(text, "=") {
		return "", &syntax.Error{Kind: syntax.Unrepresent, Reason: "not all readers of INI files would read the value as it is"}
	}
	return written, nil
}

// needsMore reports whether quotes alone do not protect a character.
func needsMore(r rune) bool { return r < ' ' || r > '~' || strings.ContainsRune(`\%$`, r) }
