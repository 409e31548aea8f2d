package unitfile

import (
	"bytes"
	"strings"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
)

// maxLine is what systemd reads of a line, with all lines that it goes on in.
const maxLine = 1 << 20

// assignment is a key with its value.
type assignment struct {
	section string
	key     string
	line    int // where its first line begins
	at      int // where the key begins
	sign    int
	pieces  []piece
	size    int // of the value with all lines in one
	next    int // where the line behind it begins
}

// piece is what one line gives to a value.
type piece struct {
	start, end int
	at         int // where it is in the value with all lines in one
}

// header is where the lines of a section begin.
type header struct {
	section string
	next    int
}

// scanner reads a body line by line, as systemd does.
type scanner struct {
	body        []byte
	headers     []header
	assignments []assignment
	open        bool // the last assignment goes on in the next line
}

func scan(body []byte) (*scanner, error) {
	s := &scanner{body: body}
	if i := bytes.IndexFunc(body, isUnread); i >= 0 {
		return s, s.refuse(syntax.Encoding, i, "a byte order mark within the file or a character that is reserved in Unicode, with which systemd ignores the line")
	}
	for start := 0; start < len(body); {
		end, next := syntax.LineAt(body, start)
		if err := s.line(start, end, next); err != nil {
			return s, err
		}
		start = next
	}
	if s.open {
		return s, s.refuse(syntax.Syntax, len(body), "the last line goes on in a next one")
	}
	return s, nil
}

// isUnread reports whether a character keeps systemd from reading a line as it is.
func isUnread(r rune) bool {
	return r == '\ufeff' || syntax.Reserved(r)
}

func (s *scanner) refuse(kind syntax.Kind, at int, reason string) error {
	return syntax.Refuse(kind, s.body, at, reason)
}

func (s *scanner) line(start, end, next int) error {
	text := bytes.TrimLeft(s.body[start:end], " \t")
	open := bytes.HasSuffix(text, []byte(`\`))
	remark := len(text) > 0 && (text[0] == '#' || text[0] == ';')
	if err := s.legible(start, end, remark); err != nil {
		return err
	}
	at := end - len(text)
	switch {
	case remark:
		return nil
	case s.open:
		return s.piece(start, end, next, open)
	case at == end:
		return nil
	case s.body[at] == '[':
		return s.header(at, end, next)
	}
	return s.assignment(assignment{line: start, at: at}, end, next, open)
}

// legible refuses a line that readers, or versions of systemd, take for different
// things.
func (s *scanner) legible(start, end int, remark bool) error {
	text := s.body[start:end]
	slashes := len(text) - len(bytes.TrimRight(text, `\`))
	switch i := bytes.IndexByte(text, '\r'); {
	case i >= 0:
		return s.refuse(syntax.ParserDiffer, start+i, "a carriage return, which ends a line to some readers")
	case len(text) > maxLine:
		return s.refuse(syntax.Syntax, start, "a line of more than 1 MiB, which systemd does not read")
	case remark && slashes > 0:
		return s.refuse(syntax.ParserDiffer, end-1, "a comment that ends in a backslash: to some readers it goes on in the next line")
	case slashes > 0 && slashes%2 == 0:
		return s.refuse(syntax.ParserDiffer, end-1, "two backslashes at the end of a line: to some readers it goes on in the next one")
	}
	return nil
}

func (s *scanner) header(at, end, next int) error {
	text := strings.TrimRight(string(s.body[at:end]), " \t")
	if len(text) < 2 || text[len(text)-1] != ']' || !sectionName.MatchString(text[1:len(text)-1]) {
		return s.refuse(syntax.Syntax, at, "not a section like [Service]")
	}
	s.headers = append(s.headers, header{text[1 : len(text)-1], next})
	return nil
}

func (s *scanner) assignment(a assignment, end, next int, open bool) error {
	sign := bytes.IndexByte(s.body[a.at:end], '=')
	switch {
	case len(s.headers) == 0:
		return s.refuse(syntax.Syntax, a.at, "a line before any section")
	case sign < 0:
		return s.refuse(syntax.Syntax, a.at, "not a line like Key=value")
	}
	a.sign = a.at + sign
	a.section = s.headers[len(s.headers)-1].section
	a.key = strings.TrimRight(string(s.body[a.at:a.sign]), " \t")
	if !keyName.MatchString(a.key) {
		return s.refuse(syntax.Syntax, a.at, "not the name of a setting before the equals sign")
	}
	s.assignments = append(s.assignments, a)
	return s.piece(a.sign+1, end, next, open)
}

// piece adds a line to the last assignment.
func (s *scanner) piece(start, end, next int, open bool) error {
	a := &s.assignments[len(s.assignments)-1]
	if open {
		end--
	}
	a.pieces = append(a.pieces, piece{start, end, a.size})
	a.size += end - start
	if open {
		a.size++
	}
	a.next = next
	s.open = open
	if a.size > maxLine {
		return s.refuse(syntax.Syntax, start, "lines that are one of more than 1 MiB, which systemd does not read")
	}
	return nil
}

// joined is the value with all lines in one: a blank is in the place of each
// backslash.
func (s *scanner) joined(a assignment) string {
	if len(a.pieces) == 1 {
		return string(s.body[a.pieces[0].start:a.pieces[0].end])
	}
	var b strings.Builder
	for i, p := range a.pieces {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.Write(s.body[p.start:p.end])
	}
	return b.String()
}
