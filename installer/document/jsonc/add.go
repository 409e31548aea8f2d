package jsonc

import (
	"bytes"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
)

// Add puts a member behind the last one of an object that is there.
func (f file) Add(at, text string) (syntax.Edit, error) {
	w, tokens, err := f.walk(f.t.Body, at)
	if err != nil {
		return syntax.Edit{}, err
	}
	if len(tokens) == 0 || w.hit {
		return syntax.Edit{}, syntax.Refuse(syntax.Present, f.t.Body, w.found.start, w.pointer(len(w.target))+" is there")
	}
	parent := syntax.FormatPointer(tokens[:len(tokens)-1])
	around, _, err := f.walk(f.t.Body, parent)
	switch {
	case err != nil:
		return syntax.Edit{}, err
	case !around.hit:
		return syntax.Edit{}, w.missing(tokens)
	case around.found.kind != tokOpen:
		return syntax.Edit{}, syntax.Refuse(syntax.Unsupported, f.t.Body, around.found.start, parent+" is no object: only an object can be added to")
	}
	o, err := f.object(around.found.start)
	if err != nil {
		return syntax.Edit{}, err
	}
	e := syntax.Edit{Old: syntax.Value{Path: at, Ordinal: around.ordinal + o.tokens}, Text: text, Added: true}
	e.Splices = o.insert(f.t.Body, quoteJSON(tokens[len(tokens)-1]), quoteJSON(text))
	return e, syntax.Representable(text)
}

// object is where the parts of an object lie that matter for one more member.
type object struct {
	open, close int
	tokens      int // how many lie before the closing bracket, the opening one included
	comma       int // before the last member; -1 where there is one member at most
	key         token
	value       token // the last member's; where it is an object or array: its end
	trailing    int   // the comma behind the last member; -1 where there is none
}

// object scans the object that opens at an offset. The whole body has been
// scanned before.
func (f file) object(open int) (object, error) {
	s := f.scanner(f.t.Body)
	s.pos = open
	o := object{open: open, comma: -1, trailing: -1}
	for {
		t, err := s.next()
		switch {
		case err != nil:
			return o, err
		case len(s.stack) == 0:
			o.close = t.start
			o.trailing = commaBefore(f.t.Body, o.value.end, o.close)
			return o, nil
		case len(s.stack) == 1 && t.kind == tokKey:
			o.comma, o.key = commaBefore(f.t.Body, o.value.end, t.start), t
		case len(s.stack) == 1 && o.tokens > 0:
			o.value = t
		}
		o.tokens++
	}
}

// commaBefore is the comma between two tokens, -1 where there is none.
func commaBefore(body []byte, from, to int) int {
	if from == 0 {
		return -1
	}
	for from < to && body[from] != ',' {
		if body[from] == '/' {
			from += commentLength(body[from:]) - 1
		}
		from++
	}
	if from >= to {
		return -1
	}
	return from
}

// insert is what makes name a member, in the manner of the last one.
func (o object) insert(body []byte, name, value string) []syntax.Splice {
	if o.value.end == 0 {
		return o.first(body, name, value)
	}
	member := name + o.colon(body) + value
	at := o.value.end
	comma := ","
	if o.trailing >= 0 {
		at, comma = o.trailing+1, ""
		member += ","
	}
	lineStart := bytes.LastIndexByte(body[:o.key.start], '\n') + 1
	indent := body[lineStart:o.key.start]
	if !isBlank(indent) {
		return []syntax.Splice{{Start: at, End: at, Text: comma + o.gap(body) + member}}
	}
	// On a line of its own, behind the comment that belongs to the last member.
	member = lineEnd(body, lineStart-1) + string(indent) + member
	behind := at + restOfLine(body[at:o.close])
	if behind == at {
		return []syntax.Splice{{Start: at, End: at, Text: comma + member}}
	}
	splices := []syntax.Splice{{Start: behind, End: behind, Text: member}}
	if comma != "" {
		splices = append([]syntax.Splice{{Start: at, End: at, Text: comma}}, splices...)
	}
	return splices
}

// first is the only member of an object.
func (o object) first(body []byte, name, value string) []syntax.Splice {
	at := o.open + 1
	inside := body[at:o.close]
	member := name + ": " + value
	if bytes.IndexByte(inside, '\n') < 0 {
		if isBlank(inside) {
			member = string(inside) + member
		}
		return []syntax.Splice{{Start: at, End: at, Text: member}}
	}
	lineStart := bytes.LastIndexByte(body[:o.open], '\n') + 1
	own := body[lineStart:o.open]
	indent := string(own[:len(own)-len(bytes.TrimLeft(own, " \t"))]) + step(body)
	at += restOfLine(inside)
	return []syntax.Splice{{Start: at, End: at, Text: lineEnd(body, at) + indent + member}}
}

// colon is what stands between the last member's name and value.
func (o object) colon(body []byte) string {
	from := o.key.end
	to := from + bytes.IndexByte(body[from:], ':') + 1
	for to < len(body) && (body[to] == ' ' || body[to] == '\t') {
		to++
	}
	between := string(body[from:to])
	if !isBlank(bytes.ReplaceAll([]byte(between), []byte(":"), nil)) {
		return ": "
	}
	return between
}

// gap is what stands between the last comma and the last member's name.
func (o object) gap(body []byte) string {
	if o.comma >= 0 {
		if between := body[o.comma+1 : o.key.start]; isBlank(between) {
			return string(between)
		}
	}
	return " "
}

// restOfLine is how far blanks and comments go, up to the line's end. Where
// something else is on the line it is 0.
func restOfLine(b []byte) int {
	end := 0
	for i := 0; i < len(b); {
		switch b[i] {
		case ' ', '\t', '\r':
			i++
		case '\n':
			return end
		case '/':
			comment := b[i : i+commentLength(b[i:])]
			if bytes.IndexByte(comment, '\n') >= 0 {
				return end
			}
			end = i + len(bytes.TrimSuffix(comment, []byte("\r")))
			i += len(comment)
		default:
			return 0
		}
	}
	return 0
}

// lineEnd is how the line ends in which an offset lies.
func lineEnd(body []byte, offset int) string {
	if end := offset + bytes.IndexByte(body[offset:], '\n'); end > 0 && body[end-1] == '\r' {
		return "\r\n"
	}
	return "\n"
}

// step is by how much the file indents: what its first indented name has.
func step(body []byte) string {
	for line := range bytes.SplitSeq(body, []byte("\n")) {
		text := bytes.TrimLeft(line, " \t")
		if bytes.HasPrefix(text, []byte(`"`)) && len(text) < len(line) {
			return string(line[:len(line)-len(text)])
		}
	}
	return "  "
}

func isBlank(b []byte) bool { return len(bytes.Trim(b, " \t")) == 0 }
