package yamltree

import (
	"bytes"
	"regexp"
	"unicode/utf8"
)

// What yaml.v3 says where its parser stops, for which it counts lines from 0, and
// where it tells no line although that is not the first.
var (
	countsFromZero = regexp.MustCompile(`did not find expected (key|'-' indicator|node content|',' or|<document start>)|found undefined tag handle|found duplicate %|found incompatible YAML`)
	tellsNoLine    = regexp.MustCompile(`unknown anchor|control characters|UTF-|Unicode|character`)
	startsNoToken  = regexp.MustCompile(`that cannot start any token|unknown escape character|tab character`)
)

// stopped is where yaml.v3 stopped reading a text. It leaves out the first line,
// tells that of the parser as one less, and that of a character which YAML has not
// not at all.
func stopped(data []byte, err error) *Error {
	e := redact(err)
	said := err.Error()
	switch {
	case countsFromZero.MatchString(said):
		e.Line++
	case e.Line > 0:
	case startsNoToken.MatchString(said) || !tellsNoLine.MatchString(said):
		e.Line = 1
	default:
		if i := bytes.IndexFunc(data, unprintable); i >= 0 {
			line := data[bytes.LastIndexByte(data[:i], '\n')+1 : i]
			e.Line, e.Column = bytes.Count(data[:i], []byte("\n"))+1, utf8.RuneCount(line)+1
		}
	}
	e.Line = min(e.Line, max(1, bytes.Count(bytes.TrimSuffix(data, []byte("\n")), []byte("\n"))+1)) // the end is none of its own
	return e
}

// unprintable reports whether YAML has no such character, or it is no UTF-8.
func unprintable(r rune) bool {
	return r < ' ' && r != '\t' && r != '\n' && r != '\r' || r >= 0x7f && r < 0xa0 && r != 0x85 || r >= 0xfffd && r <= 0xffff
}
