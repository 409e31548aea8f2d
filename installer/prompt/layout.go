package prompt

import (
	"strings"
	"unicode"

	xterm "golang.org/x/term"
)

const (
	defaultWidth  = 80
	defaultHeight = 24
	minWidth      = 20
	maxWidth      = 100
)

// The ways in which a line stands out.
const (
	bold  = "1"
	faint = "2"
	red   = "31"
)

// style colours a line where colour is wanted.
func (t *Terminal) style(code, line string) string {
	if !t.color || t.dumb {
		return line
	}
	return "\x1b[" + code + "m" + line + "\x1b[0m"
}

func (t *Terminal) width() int {
	width, _ := t.size()
	return width
}

// size is the columns to use and the rows; a serial line does not know its own.
func (t *Terminal) size() (width, height int) {
	fd, ok := descriptor(t.io.Err)
	if !ok {
		return defaultWidth, defaultHeight
	}
	width, height, err := xterm.GetSize(fd)
	if err != nil || width < minWidth || height < 4 {
		return defaultWidth, defaultHeight
	}
	return min(width, maxWidth), height
}

// wrap breaks a text into lines that leave the last column free, because some
// terminals move on by themselves when it is filled.
func wrap(text string, width int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(clean(text)) {
		if line != "" && columns(line)+1+columns(word) > width-1 {
			lines = append(lines, line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += word
		for columns(line) > width-1 {
			head := cut(line, width-1)
			lines = append(lines, head)
			line = line[len(head):]
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// clean takes from a text what could move the cursor or change the terminal.
func clean(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsPrint(r):
			return '?'
		}
		return r
	}, text)
}

// shorten makes one line of a text.
func shorten(text string, width int) string {
	text = clean(text)
	if columns(text) <= width {
		return text
	}
	return cut(text, max(width-3, 0)) + "..."
}
