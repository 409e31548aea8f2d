package properties

import (
	"bytes"
	"strings"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
)

// Insert implements syntax.Grammar.
func (g grammar) Insert(body []byte, path, text string) ([]syntax.Splice, error) {
	if err := representable(text); err != nil {
		return nil, err
	}
	at, err := g.neighbour(body, path)
	if err != nil {
		return nil, err
	}
	if at.open {
		return nil, syntax.Refuse(syntax.Unsupported, body, at.pos-1, "the last line goes on in a next one, which a new key would become: take the backslash away")
	}
	signed := strings.ContainsAny(at.separator, "=:")
	added := at.indent + writeKey(path) + at.separator + writeValue(text, signed)
	end := at.end
	if at.unended {
		added = end + added
	} else {
		added += end
	}
	return []syntax.Splice{{Start: at.pos, End: at.pos, Text: added}}, nil
}

// place is where and how a line is added.
type place struct {
	pos       int
	unended   bool   // what stands before has no line end
	open      bool   // what stands before goes on
	end       string // of a line
	indent    string
	separator string
}

// neighbour looks for the key that a new one comes after.
func (g grammar) neighbour(body []byte, path string) (place, error) {
	var last, kin line
	closest := 0
	s := scanner{body: body}
	for {
		l, ok, err := s.next()
		if err != nil {
			return place{}, err
		}
		if !ok {
			break
		}
		last = l
		if key, whole := g.charset.meaning(body[l.start:l.keyEnd]); whole {
			if n := shared(key, path); n > 0 && n >= closest {
				closest, kin = n, l
			}
		}
	}
	if s.docs > 0 {
		return place{}, syntax.Refuse(syntax.Unsupported, body, s.docs-1, "the file holds several documents, divided here: which one a new key belongs to is not certain")
	}
	if closest > 0 {
		return after(body, kin, kin.next), nil
	}
	return after(body, last, len(body)), nil
}

// shared is how many names two keys have in common from the left, the last not
// counted.
func shared(a, b string) int {
	n := 0
	for {
		first, restA, more := strings.Cut(a, ".")
		second, restB, moreB := strings.Cut(b, ".")
		if first != second || !more || !moreB {
			return n
		}
		a, b = restA, restB
		n++
	}
}

// after is the place at pos, in the style of a line.
func after(body []byte, like line, pos int) place {
	p := place{pos: pos, end: lineEnd(body, like), separator: "="}
	p.unended = pos > 0 && !isEnd(body[pos-1])
	if like.end == 0 {
		return p
	}
	p.open = !p.unended && pos == like.end
	from := like.start
	for from > 0 && isBlank(body[from-1]) {
		from--
	}
	p.indent = string(body[from:like.start])
	separator := body[like.keyEnd:like.valueStart]
	if len(separator) > 0 && !like.split && !bytes.ContainsAny(separator, "\\\r\n") {
		p.separator = string(separator)
	}
	return p
}

// lineEnd is how a line ends, or the first line of the file where it has no end.
func lineEnd(body []byte, like line) string {
	if like.next > like.end {
		return string(body[like.end:like.next])
	}
	for i, c := range body {
		if isEnd(c) {
			return string(body[i : i+endLength(body[i:])])
		}
	}
	return "\n"
}
