package yamldoc

import (
	"bytes"
	"fmt"
	"regexp"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/yamltree"
)

var plainKey = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_./-]+$`)

// manner is how the entries of a mapping are written.
type manner struct {
	value      syntax.Style
	quotedKeys bool
	colon      string
}

// manner is that of most strings of a mapping, and of its last key.
func (y *File) manner(parent *yamltree.Node) manner {
	m := manner{value: plain, colon: ": "}
	if parent != nil {
		count := map[syntax.Style]int{}
		for i := 1; i < len(parent.Content); i += 2 {
			m.quotedKeys = parent.Content[i-1].Style&yamltree.DoubleQuoted != 0
			if style, ok := styleOfString(parent.Content[i]); ok {
				if count[style]++; count[style] >= count[m.value] {
					m.value = style
				}
			}
		}
	}
	if y.json || m.quotedKeys && parent.Style&yamltree.Flow != 0 {
		m.value, m.quotedKeys = doubleQuoted, true
	}
	return m
}

func styleOfString(n *yamltree.Node) (syntax.Style, bool) {
	switch {
	case n.Kind != yamltree.Scalar || n.ShortTag() != "!!str" || n.Style&(yamltree.Literal|yamltree.Folded) != 0:
		return 0, false
	case n.Style&yamltree.DoubleQuoted != 0:
		return doubleQuoted, true
	case n.Style&yamltree.SingleQuoted != 0:
		return singleQuoted, true
	default:
		return plain, true
	}
}

// entry is key and value.
func (y *File) entry(m manner, name, text string) string {
	key := name
	if m.quotedKeys || !plainKey.MatchString(name) || plainWords.MatchString(name) {
		key = y.quote(name)
	}
	return key + m.colon + y.encode(syntax.Value{Style: m.value}, text)
}

// quote writes a double-quoted scalar, which JSON reads, too, where the file is
// JSON. A surrogate pair of JSON is no character in YAML, so that characters
// beyond U+FFFF have eight digits, or are written as they are.
func (y *File) quote(value string) string {
	return syntax.Quote(value, func(r rune) string {
		switch {
		case y.json && r > 0xffff:
			return string(r)
		case y.json || r > 0xff && r <= 0xffff:
			return fmt.Sprintf(`\u%04x`, r)
		case r <= 0xff:
			return fmt.Sprintf(`\x%02x`, r)
		}
		return fmt.Sprintf(`\U%08x`, r)
	})
}

// lineEnd is how the line ends in which an offset lies, or the one before it where
// that is the last.
func (y *File) lineEnd(at int) string {
	body := y.t.Body
	end := bytes.LastIndexByte(body[:at], '\n')
	if n := bytes.IndexByte(body[at:], '\n'); n >= 0 {
		end = at + n
	}
	if end > 0 && body[end-1] == '\r' {
		return "\r\n"
	}
	return "\n"
}

// step is by how much the file indents: what the first nested mapping has.
func (y *File) step() int {
	for _, n := range y.nodes {
		for i := 1; n.Kind == yamltree.Mapping && n.Style&yamltree.Flow == 0 && i < len(n.Content); i += 2 {
			key, value := n.Content[i-1], n.Content[i]
			if value.Kind == yamltree.Mapping && value.Style&yamltree.Flow == 0 && value.Line > key.Line {
				return value.Column - key.Column
			}
		}
	}
	return 2
}
