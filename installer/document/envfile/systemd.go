package envfile

import (
	"bytes"
	"strings"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
)

// systemd is the file of EnvironmentFile= as syntax.Listed needs it.
type systemd struct{}

// Address implements syntax.Grammar.
func (systemd) Address(at string) (string, error) { return address(at) }

// Values implements syntax.Grammar.
func (systemd) Values(body []byte) ([]syntax.Value, error) {
	if i := bytes.IndexFunc(body, syntax.Reserved); i >= 0 {
		return nil, syntax.Refuse(syntax.Encoding, body, i, "a character that is reserved in Unicode: systemd ignores a file with one")
	}
	var values []syntax.Value
	for at := 0; at < len(body); {
		v, next, err := statementAt(body, at)
		if err != nil {
			return values, err
		}
		if v != nil {
			values = append(values, *v)
		}
		at = next
	}
	return values, signed(body, values)
}

// statementAt reads what begins in the line that starts at an offset: nothing, a
// comment, or a value, which may be of several lines.
func statementAt(body []byte, start int) (*syntax.Value, int, error) {
	end, next := syntax.LineAt(body, start)
	at := start
	for at < end && isBlank(body[at]) {
		at++
	}
	if at == end {
		return nil, next, nil
	}
	if body[at] == '#' || body[at] == ';' {
		return nil, next, comment(body, end)
	}
	sign := bytes.IndexByte(body[at:end], '=')
	if sign < 1 {
		// systemd ignores a line without a sign, and one that begins with it is
		// the value of the name "=…".
		if sign == 0 {
			return nil, 0, syntax.Refuse(syntax.Syntax, body, at, "no name before the equals sign")
		}
		return nil, next, nil
	}
	r := reader{body: body, at: at + sign + 1}
	r.v.Path = strings.TrimRight(string(body[at:at+sign]), " \t")
	if err := r.read(); err != nil {
		return nil, 0, err
	}
	return &r.v, r.at, nil
}

// reader reads one value.
type reader struct {
	body []byte
	at   int
	v    syntax.Value
	text []byte
}

// read leaves at behind the end of the value's last line.
func (r *reader) read() error {
	r.blanks()
	r.v.Style, r.v.Start, r.v.End = bare, r.at, r.at
	var err error
	switch {
	case r.ended():
	case r.body[r.at] == '\'' || r.body[r.at] == '"':
		err = r.quoted()
	default:
		err = r.bare()
	}
	if err != nil {
		return err
	}
	r.v.Text = string(r.text)
	refuse(&r.v, syntax.Foreign(r.v.Text))
	_, r.at = syntax.LineAt(r.body, r.at)
	return nil
}

func (r *reader) blanks() {
	for r.at < len(r.body) && isBlank(r.body[r.at]) {
		r.at++
	}
}

// ended reports whether the line ends here.
func (r *reader) ended() bool {
	return r.at == len(r.body) || r.body[r.at] == '\n' || r.body[r.at] == '\r'
}

func (r *reader) refuse(kind syntax.Kind, reason string) error {
	return syntax.Refuse(kind, r.body, min(r.at, len(r.body)), reason)
}

// bare reads a value without quotes. Quotes within it are part of it.
func (r *reader) bare() error {
	kept := 0 // how much of the text is there even where the line ends
	for ; !r.ended(); r.at++ {
		c := r.body[r.at]
		switch {
		case c == '\\':
			if err := r.escape(); err != nil {
				return err
			}
		case isBlank(c):
			r.text = append(r.text, c)
			continue
		case c == '#' && (r.at == r.v.Start || isBlank(r.body[r.at-1])):
			refuse(&r.v, syntax.Reason(syntax.ParserDiffer, "a # behind blanks is a part of the value to systemd, though it looks like a comment"))
			fallthrough
		default:
			r.text = append(r.text, c)
		}
		kept, r.v.End = len(r.text), r.at+1
	}
	r.text = r.text[:kept]
	return nil
}

// escape reads a backslash in a value without quotes, and leaves at on what it
// stands before.
func (r *reader) escape() error {
	r.at++
	switch {
	case r.at == len(r.body), r.at+1 == len(r.body) && r.body[r.at] == '\n':
		return r.refuse(syntax.Syntax, "the last line goes on in a next one")
	case r.body[r.at] == '\r':
		return r.refuse(syntax.ParserDiffer, "a line goes on in the next one, but not before CRLF")
	case r.body[r.at] != '\n':
		r.text = append(r.text, r.body[r.at])
	}
	return nil
}

// quoted reads a value in quotes, which may be of several lines.
func (r *reader) quoted() error {
	quote := r.body[r.at]
	r.v.Style = single
	if quote == '"' {
		r.v.Style = double
	}
	for r.at++; ; r.at++ {
		if r.at >= len(r.body) {
			r.at = r.v.Start
			return r.refuse(syntax.Syntax, "a quote that is not closed")
		}
		c := r.body[r.at]
		if c == quote {
			break
		}
		if c != '\\' {
			r.text = append(r.text, c)
			continue
		}
		if err := r.slash(); err != nil {
			return err
		}
	}
	r.at++
	r.v.End = r.at
	if r.blanks(); !r.ended() {
		return r.refuse(syntax.Unsupported, "something behind the closing quote, which is a part of the value to systemd")
	}
	return nil
}

// slash reads a backslash within quotes, and what belongs to it. systemd 239, of
// RHEL 8, drops it before every character, in single quotes too.
func (r *reader) slash() error {
	var next byte
	if r.at+1 < len(r.body) {
		next = r.body[r.at+1]
	}
	switch {
	case r.v.Style == single && next == '\'':
		return r.refuse(syntax.ParserDiffer, "a backslash before the closing quote, which does not close to older versions of systemd")
	case r.v.Style == double && next == '\n':
		r.at++
	case r.v.Style == double && strings.IndexByte("\"\\`$", next) >= 0:
		r.text = append(r.text, next)
		r.at++
	default:
		r.text = append(r.text, '\\')
		refuse(&r.v, syntax.Reason(syntax.ParserDiffer, "a backslash in the value that older versions of systemd drop"))
	}
	return nil
}
