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
	deepest := firstIndent(body[from:])
	shallowest := deepest
	if h.digit != "" {
		shallowest = int(h.digit[0] - '0')
	}
	for indent = shallowest; indent <= deepest; indent++ {
		reads, last := readBlock(body, from, indent, h)
		if last > from && reads == value {
			return last, indent, true
		}
	}
	return 0, 0, false
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
	pending := "" // the line ends since the last line of text
	wasBlank := false
	last = from
	for i := from; i < len(body); {
		length := lineLength(body[i:])
		line, next, lineEnd := cutLine(body, i, length)
		if lineIndent(line) < indent {
			if strings.Trim(line, " ") != "" {
				break
			}
			pending += lineEnd
			i = next
			continue
		}
		line = line[indent:]
		startsBlank := line != "" && isBlank(line[0])
		if line == "" {
			pending += lineEnd
			i = next
			continue
		}
		b.WriteString(joined(pending, h.indicator == ">" && b.Len() > 0 && !wasBlank && !startsBlank))
		b.WriteString(line)
		pending, wasBlank, last = lineEnd, startsBlank, i+length
		i = next
	}
	return b.String() + chomped(pending, h.chomp), last
}

func cutLine(body []byte, i, length int) (line string, next int, lineEnd string) {
	line, next = string(body[i:i+length]), i+length
	if j := bytes.IndexByte(body[next:], '\n'); j >= 0 {
		return line, next + j + 1, "\n"
	}
	return line, len(body), ""
}

func lineIndent(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }

func joined(breaks string, folds bool) string {
	if !folds {
		return breaks
	}
	return folded(len(breaks))
}

func chomped(breaks, chomp string) string {
	switch chomp {
	case "-":
		return ""
	case "+":
		return breaks
	default:
		return breaks[:min(1, len(breaks))]
	}
}

// encodeBlock keeps the block where it can carry the value in one line.
func encodeBlock(body []byte, v syntax.Value, value string) string {
	h, _ := parseHeader(body[v.Start:])
	_, indent, _ := blockEnd(body, v.Start, v.Text)
	chomp := "-"
	line := value
	if cut, ok := strings.CutSuffix(value, "\n"); ok && v.End < len(body) {
		line, chomp = cut, ""
	}
	if line == "" || !printable(line) || line != strings.TrimSpace(line) {
		return strings.TrimRight(quoteYAML(value)+h.comment, " \t")
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
