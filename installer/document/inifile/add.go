package inifile

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
)

// keyName is a key that all readers take as it is.
var keyName = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.-]*$`)

// place is where a key is to be added.
type place struct {
	*scanner
	section   int
	key       string
	commented []int // where the key, the sign and the next line are in a line like ";key ="
}

// Insert implements syntax.Grammar.
func (grammar) Insert(body []byte, path, text string) ([]syntax.Splice, error) {
	s, err := scan(body)
	if err != nil {
		return nil, err
	}
	tokens, err := syntax.ParsePointer("/" + path)
	if err != nil {
		return nil, err
	}
	p := place{scanner: s, key: tokens[1]}
	if p.section, err = s.find(tokens[0]); err != nil {
		return nil, err
	}
	if err := p.check(path); err != nil {
		return nil, err
	}
	p.commented = p.comment()
	at, written, err := p.write(text)
	if err != nil {
		return nil, err
	}
	return []syntax.Splice{{Start: at, End: at, Text: written}}, nil
}

// find is the section of a name.
func (s *scanner) find(name string) (int, error) {
	if name == "" {
		return 0, refusal(s.sections[0].no)
	}
	found, alike := -1, 0
	for i, sec := range s.sections[1:] {
		if !strings.EqualFold(sec.name, name) {
			continue
		}
		alike++
		if sec.name == name {
			found = i + 1
		}
	}
	switch {
	case found < 0:
		return 0, &syntax.Error{Kind: syntax.NotFound, Reason: "no section [" + name + "]"}
	case alike > 1:
		return 0, syntax.Refuse(syntax.Ambiguous, s.body, s.sections[found].header, "the section is there twice")
	case s.sections[found].no != nil:
		return 0, syntax.Refuse(s.sections[found].no.Kind, s.body, s.sections[found].header, s.sections[found].no.Reason)
	}
	return found, nil
}

func refusal(no *syntax.Error) error {
	if no == nil {
		return nil
	}
	return no
}

// check refuses a key that is there to some readers or that some read otherwise,
// and a section in which lines are not lines to all of them.
func (p place) check(path string) error {
	if !keyName.MatchString(p.key) {
		return &syntax.Error{Kind: syntax.Unrepresent, Reason: "not all readers of INI files would read a key of this name as it is"}
	}
	for _, e := range p.entries {
		switch {
		case strings.EqualFold(e.Path, path):
			return syntax.Refuse(syntax.Ambiguous, p.body, e.key, "the key is there in another case")
		case e.section == p.section && e.sign == 0 && strings.EqualFold(p.uncommented(e), p.key):
			return syntax.Refuse(syntax.Ambiguous, p.body, e.key, "to some readers the key is there, with a comment behind it")
		case e.section == p.section && e.folded:
			return syntax.Refuse(syntax.ParserDiffer, p.body, e.key, "to some readers this line goes on in the next one")
		}
	}
	return nil
}

// uncommented is a key without a value to readers to which a comment follows it.
func (p place) uncommented(e entry) string {
	name := string(p.body[e.key:e.keyEnd])
	if n := strings.IndexAny(name, "#;"); n >= 0 {
		name = strings.TrimSpace(name[:n])
	}
	return name
}

// comment finds the last line in the section that is the key in a comment, nil
// where there is none.
func (p place) comment() []int {
	line := regexp.MustCompile(`(?m)^[ \t]*[;#]+[ \t]*` + regexp.QuoteMeta(p.key) + `[ \t]*[=:]`)
	sec := p.sections[p.section]
	all := line.FindAllIndex(p.body[sec.start:sec.end], -1)
	if len(all) == 0 {
		return nil
	}
	start, sign := sec.start+all[len(all)-1][0], sec.start+all[len(all)-1][1]-1
	key := start + bytes.LastIndex(p.body[start:sign], []byte(p.key))
	return []int{key, sign, p.behind(sign)}
}

// behind is where the line begins that follows an offset.
func (p place) behind(at int) int {
	if n := bytes.IndexByte(p.body[at:], '\n'); n >= 0 {
		return at + n + 1
	}
	return len(p.body)
}

// write is what to write where.
func (p place) write(text string) (at int, written string, err error) {
	at, indentation := p.position()
	like := p.like(at)
	before, sign, after := " ", byte('='), " "
	switch {
	case like != nil:
		before, sign, after = p.sign(like.key, like.sign)
		if (like.section == 0) == (p.section == 0) {
			indentation = string(p.body[like.line:like.key])
		}
	case p.commented != nil:
		before, sign, after = p.sign(p.commented[0], p.commented[1])
	}
	style := bare
	if sign == ':' {
		style |= colon
	}
	value, err := write(text, style)
	if err != nil {
		return 0, "", err
	}
	line := indentation + p.key + before + string(sign) + strings.TrimRight(after+value, " \t")
	if e := p.after(at); e != nil && e.goesOn {
		return 0, "", syntax.Refuse(syntax.ParserDiffer, p.body, e.key, "to some readers this line belongs to the value before it")
	}
	at, written = p.lines(at, line)
	return at, written, nil
}

// position is the beginning of the line before which the key belongs.
func (p place) position() (at int, indentation string) {
	if p.commented != nil {
		start := bytes.LastIndexByte(p.body[:p.commented[0]], '\n') + 1
		line := p.body[start:p.commented[0]]
		return p.commented[2], string(line[:len(line)-len(bytes.TrimLeft(line, " \t"))])
	}
	for i := len(p.entries) - 1; i >= 0; i-- {
		if e := p.entries[i]; e.section == p.section {
			return e.next, ""
		}
	}
	if p.section > 0 {
		return p.sections[p.section].start, ""
	}
	return p.top(), ""
}

// top is before the first header and the comment that belongs to it.
func (p place) top() int {
	at := p.sections[0].end
	if len(p.sections) == 1 {
		return at
	}
	for at > 0 {
		above := bytes.LastIndexByte(p.body[:at-1], '\n') + 1
		if text := bytes.TrimSpace(p.body[above:at]); len(text) == 0 || text[0] != ';' && text[0] != '#' {
			break
		}
		at = above
	}
	return at
}

// like is the key whose notation the new one takes: the last one before it in
// its section, else the first one behind it. Where the section has none it is
// that of the comment, else the nearest in another section.
func (p place) like(at int) *entry {
	var found *entry
	for i := range p.entries {
		e := &p.entries[i]
		own := e.section == p.section
		switch {
		case e.sign == 0 || e.goesOn:
		case own && e.line >= at:
			if found == nil || found.section != p.section {
				found = e
			}
			return found
		case own, p.commented == nil && (e.section < p.section || found == nil):
			found = e
		}
	}
	return found
}

// after is the first entry of the section from an offset on.
func (p place) after(at int) *entry {
	for i := range p.entries {
		if e := &p.entries[i]; e.section == p.section && e.line >= at {
			return e
		}
	}
	return nil
}

// sign is what stands around the sign of another line; where the signs are in a
// column they stay in it.
func (p place) sign(key, sign int) (before string, is byte, after string) {
	name := bytes.TrimRight(p.body[key:sign], " \t")
	before = string(p.body[key+len(name) : sign])
	if len(before) > 1 && strings.Trim(before, " ") == "" {
		before = strings.Repeat(" ", max(1, sign-key-len(p.key)))
	}
	is = p.body[sign]
	behind := p.body[sign+1 : p.behind(sign)]
	after = string(behind[:len(behind)-len(bytes.TrimLeft(behind, " \t"))])
	if value := bytes.TrimSpace(behind); len(value) == 0 {
		after = ""
		if before != "" || is == ':' {
			after = " "
		}
	}
	return before, is, after
}

// lines makes a line of a text, with the line end of the file.
func (p place) lines(at int, text string) (int, string) {
	end := "\n"
	line := bytes.LastIndexByte(p.body[:at], '\n')
	if at == 0 {
		line = bytes.IndexByte(p.body, '\n')
	}
	if line > 0 && p.body[line-1] == '\r' {
		end = "\r\n"
	}
	switch {
	case at > 0 && p.body[at-1] != '\n':
		return at, end + text
	case p.section == 0 && len(p.sections) > 1 && p.commented == nil && p.after(0) == nil:
		return at, text + end + end
	}
	return at, text + end
}
