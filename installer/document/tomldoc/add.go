package tomldoc

import (
	"bytes"
	"strings"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
)

// Insert implements syntax.Grammar.
func (grammar) Insert(body []byte, path, text string) ([]syntax.Splice, error) {
	r, err := read(body)
	if err != nil {
		return nil, err
	}
	tokens, err := syntax.ParsePointer(path)
	if err != nil {
		return nil, err
	}
	around, name := tokens[:len(tokens)-1], bare(tokens[len(tokens)-1])
	n := r.root.find(around)
	switch {
	case n == nil || n.kind == leaf:
		return nil, &syntax.Error{Kind: syntax.NotFound, Reason: "no table " + syntax.FormatPointer(around)}
	case n.kind == super:
		return nil, &syntax.Error{Kind: syntax.NotFound, Reason: syntax.FormatPointer(around) + " has no [header] of its own: add that first"}
	case n.kind == tables || n.kind == array:
		return nil, &syntax.Error{Kind: syntax.Unsupported, Reason: syntax.FormatPointer(around) + " is an array: no element can be added"}
	}
	at, added := r.insertion(n, name, quote(text))
	return []syntax.Splice{{Start: at, End: at, Text: added}}, nil
}

// bare is a part of a key, in quotes where it needs them.
func bare(name string) string {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	if name == "" || strings.Trim(name, letters) != "" {
		return quote(name)
	}
	return name
}

func (r *reader) insertion(n *node, name, value string) (at int, text string) {
	own := n.last
	plain := name + " = " + value
	switch {
	case own.end == 0 && n.kind == braces:
		if r.body[n.open] == '}' {
			return n.open, " " + plain + " "
		}
		return n.open, " " + plain
	case own.end == 0 && n == r.root:
		return r.top(plain)
	case own.end == 0:
		return r.line(n.open, r.indentation(n.open)+plain)
	}
	stem := ""
	if n.kind == dotted {
		stem = string(r.body[own.start:n.stem]) + "."
	}
	plain = stem + name + r.equals(own, len(stem)+len(name)) + value
	if n.inline {
		return own.end, ", " + plain
	}
	return r.line(own.end, r.indentation(own.start)+plain)
}

// equals is what stands between a key and a value of so many bytes, as it is
// in another pair: where the signs are in a column they stay in it.
func (r *reader) equals(p pair, length int) string {
	between := r.body[p.name:]
	sign := bytes.IndexByte(between, '=')
	after := sign + 1
	for between[after] == ' ' || between[after] == '\t' {
		after++
	}
	before := string(between[:sign])
	if width := p.name - p.start + sign; len(before) > 1 && strings.Trim(before, " ") == "" {
		before = strings.Repeat(" ", max(1, width-length))
	}
	return before + string(between[sign:after])
}

// indentation is that of the line in which an offset lies.
func (r *reader) indentation(at int) string {
	line := r.body[bytes.LastIndexByte(r.body[:at], '\n')+1 : at]
	return string(line[:len(line)-len(bytes.TrimLeft(line, " \t"))])
}

// line puts a line behind the one in which an offset lies.
func (r *reader) line(behind int, text string) (at int, added string) {
	n := bytes.IndexByte(r.body[behind:], '\n')
	if n < 0 {
		return len(r.body), r.lineEnd(len(r.body)) + text
	}
	return behind + n + 1, text + r.lineEnd(behind+n+1)
}

// lineEnd is how the line ends that lies before an offset.
func (r *reader) lineEnd(at int) string {
	end := bytes.LastIndexByte(r.body[:at], '\n')
	if end > 0 && r.body[end-1] == '\r' {
		return "\r\n"
	}
	return "\n"
}

// top puts the only key that is in no table before the first header and the
// comment that belongs to that.
func (r *reader) top(text string) (at int, added string) {
	if r.first < 0 {
		if len(r.body) > 0 && r.body[len(r.body)-1] != '\n' {
			return len(r.body), r.lineEnd(len(r.body)) + text
		}
		return len(r.body), text + r.lineEnd(len(r.body))
	}
	at = bytes.LastIndexByte(r.body[:r.first], '\n') + 1
	for at > 0 {
		above := bytes.LastIndexByte(r.body[:at-1], '\n') + 1
		if !bytes.HasPrefix(bytes.TrimLeft(r.body[above:at], " \t"), []byte("#")) {
			break
		}
		at = above
	}
	end := r.lineEnd(r.first)
	if at == 0 {
		if n := bytes.IndexByte(r.body, '\n'); n >= 0 {
			end = r.lineEnd(n + 1)
		}
	}
	return at, text + end + end
}
