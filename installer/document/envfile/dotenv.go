package envfile

import (
	"bytes"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
)

// dotenv is the .env file as syntax.Listed needs it.
type dotenv struct{}

// Address implements syntax.Grammar.
func (dotenv) Address(at string) (string, error) { return address(at) }

// Values implements syntax.Grammar.
func (dotenv) Values(body []byte) ([]syntax.Value, error) {
	s, err := scan(body)
	return s.values, err
}

// statement is the start of a line that sets a variable. No reader but docker
// takes any name; envparse takes none that begins with a digit, godotenv none
// with a dash.
var statement = regexp.MustCompile(`^(export[ \t]+)?([A-Za-z_][A-Za-z0-9_.]*)([ \t]*)=`)

// within is an assignment that a shell sees within a value.
var within = regexp.MustCompile(`[ \t;&|(]([A-Za-z_][A-Za-z0-9_]*)\+?=`)

// scanner reads a body and stops where readers differ on where something ends.
type scanner struct {
	body    []byte
	values  []syntax.Value
	exports int
	quotes  syntax.Style    // of the last value that has some
	nested  map[string]bool // the variables that a shell sets within the values of others
	guard   guard
}

func scan(body []byte) (*scanner, error) {
	s := &scanner{body: body, nested: map[string]bool{}}
	if i := bytes.IndexFunc(body, endsLine); i >= 0 {
		return s, syntax.Refuse(syntax.ParserDiffer, body, i, "a control character or a separator of lines, which readers take for different things")
	}
	for start := 0; start < len(body); {
		next, err := s.line(start)
		if err != nil {
			return s, err
		}
		start = next
	}
	for i, v := range s.values {
		if s.nested[v.Path] {
			s.values[i].Refusal = &syntax.Error{Kind: syntax.Ambiguous, Reason: "to a shell the value of another variable sets this one, too"}
		}
	}
	if err := signed(body, s.values); err != nil {
		return s, err
	}
	return s, s.guard.check(body)
}

// endsLine reports whether a character may end a line to JavaScript or is a
// blank to some readers only.
func endsLine(r rune) bool {
	return r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0x7f || r == '\u2028' || r == '\u2029'
}

// line reads what begins at start and returns where the next line begins.
func (s *scanner) line(start int) (int, error) {
	end, next := syntax.LineAt(s.body, start)
	at := start
	for at < end && isBlank(s.body[at]) {
		at++
	}
	switch {
	case at == end:
		return next, nil
	case s.body[at] == '#':
		s.guard.comments++
		return next, comment(s.body, end)
	}
	s.guard.statement(s.body[at:end])
	v, err := s.name(at, end)
	if err != nil {
		return 0, err
	}
	next, err = s.value(&v, end, next)
	s.values = append(s.values, v)
	return next, err
}

// name reads a line up to where its value begins.
func (s *scanner) name(at, end int) (syntax.Value, error) {
	m := statement.FindSubmatchIndex(s.body[at:end])
	if m == nil {
		return syntax.Value{}, s.refuse(syntax.Syntax, at, "not a line like KEY=value that all readers take")
	}
	v := syntax.Value{Path: string(s.body[at+m[4] : at+m[5]]), Start: at + m[1]}
	if m[2] >= 0 {
		s.exports++
		if string(s.body[at:at+m[3]]) != "export " {
			v.Refusal = syntax.Reason(syntax.ParserDiffer, "other than one space behind export")
		}
	}
	for v.Start < end && isBlank(s.body[v.Start]) {
		v.Start++
	}
	if m[7] > m[6] || v.Start > at+m[1] {
		v.Refusal = syntax.Reason(syntax.ParserDiffer, "blanks around the equals sign, which a shell does not take")
	}
	return v, nil
}

// value reads the value that begins at v.Start, in a line that ends at end.
func (s *scanner) value(v *syntax.Value, end, next int) (int, error) {
	if v.Start < end && (s.body[v.Start] == '"' || s.body[v.Start] == '\'') {
		return s.quoted(v)
	}
	v.Style, v.End = bare, end
	if n := remark.FindIndex(s.body[v.Start:end]); n != nil {
		v.End = v.Start + n[0]
		refuse(v, syntax.Reason(syntax.ParserDiffer, "a # behind the value begins a comment to some readers"))
		if err := comment(s.body, end); err != nil {
			return 0, err
		}
	} else if v.End > v.Start && isBlank(s.body[v.End-1]) {
		v.End = v.Start + len(bytes.TrimRight(s.body[v.Start:end], " \t"))
		refuse(v, syntax.Reason(syntax.ParserDiffer, "blanks behind the value, which are part of it to some readers"))
	}
	v.Text = string(s.body[v.Start:v.End])
	if reason := unending(v.Text); reason != "" {
		return 0, s.refuse(syntax.ParserDiffer, v.Start, reason)
	}
	if strings.ContainsAny(v.Text, " \t;&|(") {
		for _, m := range within.FindAllStringSubmatch(v.Text, -1) {
			s.nested[m[1]] = true
		}
	}
	refuse(v, doubt(v.Text, bare))
	return next, nil
}

// remark is what begins a comment behind a value.
var remark = regexp.MustCompile(`[ \t]+#`)

// unending is why a value without quotes may go on in the next line, "" where it
// does not.
func unending(text string) string {
	switch {
	case strings.ContainsAny(text, `"'`):
		return "a quote within a value: readers differ on where the value ends"
	case strings.HasSuffix(text, `\`):
		return "a backslash at the end of the line: to some readers the value goes on in the next one"
	case strings.Count(text, "`")%2 != 0:
		return "a back quote that is not closed on its line"
	case strings.Contains(text, "<<"):
		return "to a shell << begins a text of several lines"
	case strings.Count(text, "(") != strings.Count(text, ")"), strings.Contains(text, "${") && strings.Count(text, "{") != strings.Count(text, "}"):
		return "a bracket that is not closed on its line"
	}
	return ""
}

// quoted reads a value in quotes, which may be of several lines.
func (s *scanner) quoted(v *syntax.Value) (int, error) {
	quote := s.body[v.Start]
	v.Style = single
	if quote == '"' {
		v.Style = double
	}
	s.quotes = v.Style
	inner := v.Start + 1
	closing, err := s.closing(inner, quote)
	if err != nil {
		return 0, err
	}
	v.Text, v.End = string(s.body[inner:closing]), closing+1
	if strings.Contains(v.Text, "\n") {
		refuse(v, syntax.Reason(syntax.Unsupported, "a value of several lines"))
	}
	refuse(v, doubt(v.Text, v.Style))
	end, next := syntax.LineAt(s.body, v.End)
	rest := s.body[v.End:end]
	text := bytes.TrimLeft(rest, " \t")
	switch {
	case len(text) == 0:
		return next, nil
	case text[0] != '#' || len(text) == len(rest):
		return 0, s.refuse(syntax.ParserDiffer, v.End, "something behind the closing quote: readers differ on where the value ends")
	case bytes.ContainsAny(text, "\"'`"):
		return 0, s.refuse(syntax.ParserDiffer, v.End, "a quote in the comment behind a value in quotes: some readers take it for the closing one")
	}
	if isCut(v.Text) {
		refuse(v, syntax.Reason(syntax.ParserDiffer, cut))
	}
	return next, comment(s.body, end)
}

// cut is why isCut is asked.
const cut = "a comment stands behind the value, and the last character is not ASCII: envparse loses a part of it"

func isCut(text string) bool { return text != "" && text[len(text)-1] >= utf8.RuneSelf }

// closing is where the quote is that ends a value.
func (s *scanner) closing(inner int, quote byte) (int, error) {
	for at := inner; ; at++ {
		n := bytes.IndexByte(s.body[at:], quote)
		if n < 0 {
			return 0, s.refuse(syntax.Syntax, inner-1, "a quote that is not closed")
		}
		at += n
		slashes := 0
		for at-slashes > inner && s.body[at-slashes-1] == '\\' {
			slashes++
		}
		switch {
		case slashes == 0:
			return at, nil
		case quote == '\'' || slashes%2 == 0:
			return 0, s.refuse(syntax.ParserDiffer, at, "a backslash before the quote: readers differ on whether that ends the value")
		}
	}
}

func (s *scanner) refuse(kind syntax.Kind, at int, reason string) error {
	return syntax.Refuse(kind, s.body, at, reason)
}

// refuse adds a refusal to a value that has none.
func refuse(v *syntax.Value, no *syntax.Error) {
	if v.Refusal == nil {
		v.Refusal = no
	}
}
