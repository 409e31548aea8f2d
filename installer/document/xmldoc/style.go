package xmldoc

import (
	"bytes"
	"strings"
)

// defaultIndent is what a file without indentation gets.
const defaultIndent = "  "

// write is a new element; tail is how it ends where nothing is within.
func (e fresh) write(tail, quote string) string {
	var b strings.Builder
	b.WriteString("<" + e.name)
	for _, a := range e.attributes {
		b.WriteString(" " + a.attribute + "=" + quotation(a.value, quote))
	}
	switch {
	case !e.short:
		b.WriteString(">" + escaped(e.text, 0) + "</" + e.name + ">")
	case tail == ">":
		b.WriteString("></" + e.name + ">")
	default:
		b.WriteString(tail)
	}
	return b.String()
}

func quotation(text, quote string) string { return quote + escaped(text, quote[0]) + quote }

// quote is that of the last attribute.
func quote(body []byte, tag []property) string {
	if len(tag) == 0 {
		return `"`
	}
	end := tag[len(tag)-1].event.value.end
	return string(body[end : end+1])
}

const defaultTail = " />"

// tail is how an empty element ends: with />, blanks before it, or with > for an
// end tag of its own.
func (c child) tail(body []byte) string {
	end := c.tagEnd.all
	switch {
	case c.tagEnd.short && sameLine(body[end.start:end.end-len("/>")]):
		return string(end.of(body))
	case !c.tagEnd.short && end.end == c.end.all.start:
		return ">"
	default:
		return defaultTail
	}
}

// tail is as of a child, for an element that has none.
func (e *element) tail(body []byte) string {
	if e.tagEnd.short {
		return child{tagEnd: e.tagEnd}.tail(body)
	}
	return defaultTail
}

// separator is what stands before the last attribute.
func (e *element) separator(body []byte) string {
	n := len(e.tag)
	switch n {
	case 0:
		return " "
	case 1:
		return string(body[e.open.all.end:e.tag[0].event.all.start])
	default:
		return string(body[e.tag[n-2].event.all.end:e.tag[n-1].event.all.start])
	}
}

// lastLine is blanks from their last line end on.
func lastLine(blanks string) string {
	i := strings.LastIndexAny(blanks, "\r\n")
	if i > 0 && blanks[i-1:i+1] == "\r\n" {
		i--
	}
	return blanks[max(0, i):]
}

// lead is a line end and the indentation of the line that begins at pos; not
// indented where it does not begin there.
func (f *file) lead(pos int) (lead string, indented bool) {
	body := f.t.Body
	from := pos
	for from > 0 && isBlank(body[from-1]) {
		from--
	}
	gap := string(body[from:pos])
	switch {
	case strings.ContainsAny(gap, "\r\n"):
		return lastLine(gap), true
	case from == 0:
		return f.lineEnd() + gap, true
	default:
		return "", false
	}
}

func (f *file) lineEnd() string {
	i := bytes.IndexAny(f.t.Body, "\r\n")
	switch {
	case i < 0:
		return "\n"
	case bytes.HasPrefix(f.t.Body[i:], []byte("\r\n")):
		return "\r\n"
	default:
		return string(f.t.Body[i : i+1])
	}
}

// unit is the indentation of the first element that has one.
func (f *file) unit() string {
	s := f.scanner(f.t.Body)
	for gap := ""; ; {
		e, err := s.next()
		switch {
		case err != nil || e.kind == evEnd:
			return defaultIndent
		case e.kind == evOpen && gap != "":
			return gap
		}
		gap = ""
		if e.kind == evText && blank(e.all.of(s.body)) {
			if line := lastLine(string(e.all.of(s.body))); strings.ContainsAny(line, "\r\n") {
				gap = strings.TrimLeft(line, "\r\n")
			}
		}
	}
}
