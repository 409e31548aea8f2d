package yamldoc

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
)

var blockHeader = regexp.MustCompile(`^([|>])(?:([1-9])?([-+])?|([-+])([1-9]))([ \t]+#[^\r\n]*|[ \t]*)(\r?\n|$)`)

// header is the first line of a literal or folded scalar.
type header struct {
	indicator string
	digit     string
	chomp     string
	comment   string // with the blanks before it
	lineEnd   string
	length    int
}

func parseHeader(body []byte) (header, bool) {
	m := blockHeader.FindSubmatch(body)
	if m == nil {
		return header{}, false
	}
	return header{
		indicator: string(m[1]), digit: string(m[2]) + string(m[5]), chomp: string(m[3]) + string(m[4]),
		comment: string(m[6]), lineEnd: string(m[7]), length: len(m[0]),
	}, true
}

// blockEnd finds the end of a block scalar's last line that is not empty. The
// indentation is what makes the lines read as value.
func blockEnd(body []byte, i int, value string) (end, indent int, ok bool) {
	h, ok := parseHeader(body[i:])
	if !ok {
		return 0, 0, false
	}
	from := i + h.length
	indent = firstIndent(body[from:])
	if h.digit != "" { // counts from the indentation of what the block is in
		indent -= firstIndent([]byte(value))
	}
	if indent < 0 {
		return 0, 0, false
	}
	reads, end := readBlock(body, from, indent, h)
	return end, indent, end > from && reads == value
}

// firstIndent is the indentation of the first line that is not empty.
func firstIndent(b []byte) int {
	indent := 0
	for _, c := range b {
		switch c {
		case ' ':
			indent++
		case '\n':
			indent = 0
		case '\r':
		default:
			return indent
		}
	}
	return indent
}

// readBlock reads lines as YAML does: a folded scalar joins lines that both do
// not start with a blank.
func readBlock(body []byte, from, indent int, h header) (value string, last int) {
	var b strings.Builder
	breaks := 0 // since the last line of text
	wasBlank := false
	last = from
	for i := from; i < len(body); {
		line, next, ends := cutLine(body, i)
		end := i + len(line)
		i = next
		if lineIndent(line) < indent && len(bytes.TrimLeft(line, " ")) > 0 {
			break
		}
		line = line[min(indent, len(line)):]
		if len(line) == 0 {
			breaks += ends
			continue
		}
		startsBlank := isBlank(line[0])
		if h.indicator == ">" && b.Len() > 0 && !wasBlank && !startsBlank {
			b.WriteString(folded(breaks))
		} else {
			b.WriteString(strings.Repeat("\n", breaks))
		}
		b.Write(line)
		breaks, wasBlank, last = ends, startsBlank, end
	}
	return b.String() + chomped(breaks, h.chomp), last
}

// cutLine is a line without its end, and where the next one starts. The last
// line may have no end.
func cutLine(body []byte, i int) (line []byte, next, ends int) {
	line = body[i : i+lineLength(body[i:])]
	if j := bytes.IndexByte(body[i+len(line):], '\n'); j >= 0 {
		return line, i + len(line) + j + 1, 1
	}
	return line, len(body), 0
}

func lineIndent(line []byte) int { return len(line) - len(bytes.TrimLeft(line, " ")) }

func chomped(breaks int, chomp string) string {
	switch chomp {
	case "-":
		return ""
	case "+":
		return strings.Repeat("\n", breaks)
	default:
		return strings.Repeat("\n", min(1, breaks))
	}
}

// encodeBlock keeps the block where it can carry the value in one line.
func (y *File) encodeBlock(v syntax.Value, value string) string {
	body := y.t.Body
	h, _ := parseHeader(body[v.Start:])
	_, indent, _ := blockEnd(body, v.Start, v.Text)
	chomp := "-"
	line := value
	if cut, ok := strings.CutSuffix(value, "\n"); ok && v.End < len(body) {
		line, chomp = cut, ""
	}
	if line == "" || indent == 0 || !printable(line) || line != strings.TrimSpace(line) {
		return strings.TrimRight(y.quote(value)+h.comment, " \t")
	}
	return h.indicator + h.digit + chomp + h.comment + h.lineEnd + strings.Repeat(" ", indent) + line
}

// printable reports whether a text is visible ASCII and blanks.
func printable(s string) bool {
	for _, r := range s {
		if r < ' ' || r > '~' {
			return false
		}
	}
	return true
}
