package inifile

import (
	"bytes"
	"strings"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
)

// section is a part of the file; the first one has no header.
type section struct {
	name       string
	start, end int // its lines, without the header
	header     int // where the header begins
	keys       int
	no         *syntax.Error // why readers differ on what is in it
}

// entry is a line with a key.
type entry struct {
	syntax.Value
	section   int
	line      int // where it begins
	key, sign int // where the key begins, and the sign behind it; a bare key has none
	keyEnd    int
	next      int  // where the next line begins
	goesOn    bool // the line before goes on in it, to some readers
	folded    bool // it goes on in the next line, to ini.v1
}

// scanner reads a body line by line as most readers do, and notes where another
// one would see something else.
type scanner struct {
	body     []byte
	sections []section
	entries  []entry
	option   int    // the entry that a line continues to configparser if it is indented deeper than
	indent   int    // this; -1 where there is none
	quote    string // that ends a value of several lines in ini.v1
	folded   bool   // the line before ends in a backslash
}

func scan(body []byte) (*scanner, error) {
	s := &scanner{body: body, option: -1, sections: []section{{}}}
	for start := 0; start < len(body); {
		next := len(body)
		if n := bytes.IndexByte(body[start:], '\n'); n >= 0 {
			next = start + n + 1
		}
		end := start + len(bytes.TrimSuffix(bytes.TrimSuffix(body[start:next], []byte("\n")), []byte("\r")))
		if err := s.checked(start, end); err != nil {
			return nil, err
		}
		s.line(start, end, next)
		start = next
	}
	s.sections[len(s.sections)-1].end = len(body)
	s.fold()
	s.defaults()
	return s, s.bound()
}

// checked refuses a line that readers may not even take for one, and one that
// takes too much.
func (s *scanner) checked(start, end int) error {
	if n := bytes.IndexByte(s.body[start:end], '\r'); n >= 0 {
		return syntax.Refuse(syntax.ParserDiffer, s.body, start+n, "a carriage return, which ends a line to some readers")
	}
	text := bytes.TrimSpace(s.body[start:end])
	if len(text) == 0 || text[0] == ';' || text[0] == '#' {
		return nil
	}
	if n := bytes.IndexFunc(s.body[start:end], isControl); n >= 0 {
		return syntax.Refuse(syntax.ParserDiffer, s.body, start+n, "a control character, which is a blank to some readers")
	}
	if text[0] == '[' && len(text) > maxName {
		return syntax.Refuse(syntax.Unsupported, s.body, start, "a section's name of more than 256 bytes")
	}
	return nil
}

func isControl(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }

// line reads one line.
func (s *scanner) line(start, end, next int) {
	text := bytes.TrimSpace(s.body[start:end])
	swallowed := s.swallowed(string(text))
	if len(text) == 0 || text[0] == ';' || text[0] == '#' {
		return
	}
	at := start + bytes.Index(s.body[start:end], text)
	deeper := s.option >= 0 && at-start > s.indent
	var no *syntax.Error
	switch {
	case deeper:
		no = syntax.Reason(syntax.ParserDiffer, "indented deeper than the key before it: to some readers it belongs to that one's value")
		s.entries[s.option].refuse(syntax.Reason(syntax.ParserDiffer, "the next line is indented deeper: to some readers the value goes on in it"))
	case swallowed:
		no = syntax.Reason(syntax.ParserDiffer, "to some readers this line belongs to the value before it")
	case len(bytes.Trim(s.body[start:end], " \t")) != len(text):
		no = syntax.Reason(syntax.ParserDiffer, "an unusual blank around the line")
	}
	option := -1
	if text[0] == '[' {
		s.head(start, at, next, no)
	} else {
		option = len(s.entries)
		s.entry(start, at, at+len(text), next, no)
		s.entries[option].goesOn = deeper || swallowed
		if !swallowed {
			s.opens(&s.entries[option], string(text))
		}
	}
	if !deeper {
		s.option, s.indent = option, at-start
	}
}

// swallowed reports whether ini.v1 takes a line for a part of the value before.
func (s *scanner) swallowed(text string) bool {
	if s.quote != "" {
		if strings.Contains(text, s.quote) {
			s.quote = ""
		}
		return true
	}
	was := s.folded
	s.folded = was && strings.HasSuffix(text, `\`)
	return was
}

// head reads the header of a section.
func (s *scanner) head(start, at, next int, no *syntax.Error) {
	text := strings.TrimSpace(string(s.body[at:next]))
	name, rest, ok := strings.Cut(text[1:], "]")
	rest = strings.TrimSpace(rest)
	trimmed := strings.TrimSpace(name)
	switch {
	case no != nil:
	case !ok:
		no = syntax.Reason(syntax.ParserDiffer, "a section without ]")
	case trimmed != name || name == "":
		no = syntax.Reason(syntax.ParserDiffer, "blanks around the name of the section, which are part of it to some readers")
	case rest != "" && rest[0] != ';' && rest[0] != '#' || strings.ContainsAny(rest, "]="):
		no = syntax.Reason(syntax.ParserDiffer, "something behind the name of the section")
	}
	s.sections[len(s.sections)-1].end = start
	s.sections = append(s.sections, section{name: trimmed, header: start, start: next, no: no})
}

// entry reads a line with a key.
func (s *scanner) entry(start, at, end, next int, no *syntax.Error) {
	text := string(s.body[at:end])
	sec := &s.sections[len(s.sections)-1]
	sec.keys++
	e := entry{section: len(s.sections) - 1, line: start, key: at, next: next}
	sign := strings.IndexAny(text, "=:")
	name := text
	if sign >= 0 {
		name = strings.TrimSpace(text[:sign])
		e.sign = at + sign
	}
	e.keyEnd = at + len(name)
	e.Path, e.Start, e.End = join(sec.name, name), at, e.keyEnd
	e.Refusal = no
	e.refuse(sec.no)
	e.refuse(ofKey(name, text, sign))
	if sign >= 0 {
		e.read(s.body, end)
	}
	s.entries = append(s.entries, e)
}

// ofKey is why readers differ on what the key of a line is.
func ofKey(name, text string, sign int) *syntax.Error {
	switch {
	case text[0] == '/':
		return syntax.Reason(syntax.ParserDiffer, "a line that begins with a slash is a comment to .NET")
	case sign < 0:
		return syntax.Reason(syntax.Unsupported, "a key without a value")
	case text[sign] == ':' && strings.Contains(text, "="):
		return syntax.Reason(syntax.ParserDiffer, "a : before the =: readers differ on where the key ends")
	case name == "" || name == "-" || strings.ContainsAny(name, "\"'`"):
		return syntax.Reason(syntax.ParserDiffer, "a key that some readers rename")
	}
	return nil
}

// read finds the value behind the sign.
func (e *entry) read(body []byte, end int) {
	behind := body[e.sign+1 : end]
	raw := bytes.TrimSpace(behind)
	e.Start = end
	if len(raw) > 0 {
		e.Start = end - len(raw)
	} else if n := bytes.IndexAny(body[end:e.next], "\r\n"); n >= 0 {
		e.Start = end + n
	} else {
		e.Start = e.next
	}
	e.End = e.Start + len(raw)
	var no *syntax.Error
	e.Text, e.Style, no = meaning(string(raw))
	if body[e.sign] == ':' {
		e.Style |= colon
	}
	e.refuse(no)
}

// opens notes what makes ini.v1 take the next line for a part of this one.
func (s *scanner) opens(e *entry, text string) {
	s.folded = strings.HasSuffix(text, `\`)
	for _, quote := range []string{`"""`, "`"} {
		if s.quote == "" && strings.Count(text, quote)%2 == 1 {
			s.quote = quote
		}
	}
	e.folded = s.folded || s.quote != ""
}

// refuse notes the first reason that is found.
func (e *entry) refuse(no *syntax.Error) {
	if e.Refusal == nil {
		e.Refusal = no
	}
}
