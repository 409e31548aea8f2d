package unitfile

import (
	"bytes"
	"strings"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
)

// Insert implements syntax.Grammar.
func (grammar) Insert(body []byte, path, text string) ([]syntax.Splice, error) {
	s, err := scan(body)
	if err != nil {
		return nil, err
	}
	names := strings.Split(path, "/")
	key := names[1]
	var written string
	if key == environment {
		written, err = writeWord(names[2], text, bareWord)
	} else {
		written, err = writeWhole(key, text)
	}
	if err != nil {
		return nil, err
	}
	at, like, err := s.behind(names[0], key)
	if err != nil {
		return nil, err
	}
	indent, sign := "", "="
	if like != nil {
		indent, sign = string(body[like.line:like.at]), s.sign(*like)
	}
	line := indent + key + strings.TrimRight(sign+written, " \t")
	end := s.lineEnd(at)
	if at > 0 && body[at-1] != '\n' {
		line = end + line
	} else {
		line += end
	}
	return []syntax.Splice{{Start: at, End: at, Text: line}}, nil
}

// behind is where a line with a key belongs in a section, and the assignment
// before it, nil where there is none.
func (s *scanner) behind(section, key string) (int, *assignment, error) {
	var last *assignment
	for i := range s.assignments {
		a := &s.assignments[i]
		if a.section == section && (a.key == key || last == nil || last.key != key) {
			last = a
		}
	}
	if last != nil {
		return last.next, last, nil
	}
	for i := len(s.headers) - 1; i >= 0; i-- {
		if h := s.headers[i]; h.section == section {
			return h.next, nil, nil
		}
	}
	return 0, nil, &syntax.Error{Kind: syntax.NotFound, Reason: "no section [" + section + "]"}
}

// sign is the equals sign of an assignment with the blanks around it.
func (s *scanner) sign(a assignment) string {
	before := s.body[a.at+len(a.key) : a.sign]
	value := s.body[a.pieces[0].start:a.pieces[0].end]
	after := value[:len(value)-len(bytes.TrimLeft(value, " \t"))]
	if len(after) == len(value) {
		after = before
	}
	return string(before) + "=" + string(after)
}

// lineEnd is how the line before an offset ends, or the first one where it has no
// end.
func (s *scanner) lineEnd(at int) string {
	n := bytes.LastIndexByte(s.body[:at], '\n')
	if n < 0 {
		n = bytes.IndexByte(s.body, '\n')
	}
	if n > 0 && s.body[n-1] == '\r' {
		return "\r\n"
	}
	return "\n"
}
