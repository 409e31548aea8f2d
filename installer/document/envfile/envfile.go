package envfile

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
)

// The notations of a value.
const (
	bare syntax.Style = 1 + iota
	single
	double
)

var name = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// Open reads a .env file to its end.
func Open(src []byte) (syntax.File, error) { return open(src, dotenv{}) }

// OpenSystemd reads a file of systemd's EnvironmentFile= to its end.
func OpenSystemd(src []byte) (syntax.File, error) { return open(src, systemd{}) }

func open(src []byte, g syntax.Grammar) (syntax.File, error) {
	if err := syntax.Unmarked(src, "most readers take it for a part of the first name"); err != nil {
		return nil, err
	}
	if err := syntax.CheckUTF8(src); err != nil {
		return nil, err
	}
	if i := loneReturn(src); i >= 0 {
		return nil, syntax.Refuse(syntax.ParserDiffer, src, i, "a carriage return, which ends a line to some readers")
	}
	f, err := syntax.Open(syntax.Text{Body: src}, g)
	if err != nil {
		return nil, err
	}
	return f, nil
}

// loneReturn is where a carriage return stands without a newline behind it, -1
// where none does.
func loneReturn(body []byte) int {
	for at := 0; ; {
		n := bytes.IndexByte(body[at:], '\r')
		if n < 0 {
			return -1
		}
		at += n + 1
		if at == len(body) || body[at] != '\n' {
			return at - 1
		}
	}
}

func address(at string) (string, error) {
	if !name.MatchString(at) {
		return "", &syntax.Error{Kind: syntax.BadPointer, Reason: "not the name of a variable like CLIENT_SECRET: " + strings.ToValidUTF8(at, "�")}
	}
	return at, nil
}

// comment refuses one that systemd before 254 lets swallow the next line.
func comment(body []byte, end int) error {
	if body[end-1] == '\\' {
		return syntax.Refuse(syntax.ParserDiffer, body, end-1, "a comment that ends in a backslash: systemd before 254 takes the next line for a part of it")
	}
	return nil
}

// signed refuses a file that sops has encrypted: all of it is signed.
func signed(body []byte, values []syntax.Value) error {
	for _, v := range values {
		if v.Path == "sops_mac" {
			return syntax.Signed(body, v.Start)
		}
	}
	return nil
}

// appended puts a line at the end of a body.
func appended(body []byte, line string) []syntax.Splice {
	end := "\n"
	last := bytes.LastIndexByte(body, '\n')
	if last > 0 && body[last-1] == '\r' {
		end = "\r\n"
	}
	if len(body) > 0 && last != len(body)-1 {
		line = end + line
	} else {
		line += end
	}
	return []syntax.Splice{{Start: len(body), End: len(body), Text: line}}
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' }
