package properties

import (
	"bytes"
	"regexp"
	"strconv"
	"unicode/utf16"

	"github.com/magiconair/properties"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
)

var escapes = regexp.MustCompile(`\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?s:.))`)

// Facts implements syntax.Witness.
func (g grammar) Facts(body []byte) ([]syntax.Fact, error) {
	l := properties.Loader{Encoding: properties.UTF8, DisableExpansion: true}
	if g.charset.latin {
		body = widen(body)
	}
	p, err := l.LoadBytes(mended(body))
	if err != nil {
		return nil, err
	}
	facts := make([]syntax.Fact, 0, p.Len())
	for _, key := range p.Keys() {
		text, _ := p.Get(key)
		facts = append(facts, syntax.Fact{Path: key, Text: text})
	}
	return facts, nil
}

// mended is a body without what magiconair reads otherwise than Java: CRLF behind
// a backslash, and surrogate pairs.
func mended(body []byte) []byte {
	body = bytes.ReplaceAll(body, []byte("\r\n"), []byte("\n"))
	return escapes.ReplaceAllFunc(body, func(e []byte) []byte {
		if len(e) != 12 {
			return e
		}
		high, _ := strconv.ParseUint(string(e[2:6]), 16, 16)
		low, _ := strconv.ParseUint(string(e[8:12]), 16, 16)
		return []byte(string(utf16.DecodeRune(rune(high), rune(low))))
	})
}

// widen is ISO-8859-1 in UTF-8.
func widen(body []byte) []byte {
	out := make([]byte, 0, len(body)+len(body)/8)
	for _, c := range body {
		out = append(out, string(rune(c))...)
	}
	return out
}
