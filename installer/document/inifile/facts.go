package inifile

import (
	"bytes"
	"regexp"
	"strings"

	"gopkg.in/ini.v1"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
)

// Facts implements syntax.Witness with ini.v1, as Grafana sets it: with comments
// within lines, and with values of several lines.
func (grammar) Facts(body []byte) ([]syntax.Fact, error) {
	shown, again := inPieces(body)
	f, err := ini.LoadSources(ini.LoadOptions{AllowBooleanKeys: true, AllowNonUniqueSections: true}, shown)
	if err != nil {
		return nil, placed(err, body)
	}
	var facts []syntax.Fact
	name := ""
	var at map[string]int // of a section's keys; of several of a name the last one counts
	for i, sec := range f.Sections() {
		if !again[i] {
			if i > 0 {
				name = sec.Name()
			}
			at = map[string]int{}
			facts = append(facts, syntax.Fact{Path: join(name, ""), Text: "a section"})
		}
		for _, key := range sec.Keys() {
			n, twice := at[key.Name()]
			if !twice {
				n = len(facts)
				at[key.Name()] = n
				facts = append(facts, syntax.Fact{Path: join(name, key.Name())})
			}
			facts[n].Text = key.Value()
		}
	}
	return facts, nil
}

// piece is how many lines of a section ini.v1 is shown at once.
const piece = 512

// inPieces is a body in which a header stands again after so many lines, and which
// of the sections are of such a header: ini.v1 looks through all keys of a section
// for each. Where a value may be of several lines, or a key gets a number, the body
// is left as it is. Of lines this knows no more than where they end.
func inPieces(body []byte) (shown []byte, again map[int]bool) {
	if folds(body) || bytes.Count(body, []byte("\n")) < piece {
		return body, nil
	}
	again = map[int]bool{}
	sections, lines := 1, 0
	for line := range bytes.Lines(body) {
		switch {
		case bytes.HasPrefix(bytes.TrimSpace(line), []byte("[")):
			sections, lines = sections+1, 0
		case lines == piece:
			shown = append(shown, "[again]\n"...)
			again[sections] = true
			sections, lines = sections+1, 0
		}
		lines++
		shown = append(shown, line...)
	}
	return shown, again
}

var numbered = regexp.MustCompile(`(?m)^\s*-\s*[=:]`)

// folds reports whether ini.v1 may see a value of several lines, or a key that it
// numbers within its section.
func folds(body []byte) bool {
	return numbered.Match(body) || bytes.Contains(body, []byte(`"""`)) || bytes.IndexByte(body, '`') >= 0 ||
		bytes.Contains(body, []byte("\\\n")) || bytes.Contains(body, []byte("\\\r"))
}

// placed is an error with the place of the line that the second parser quotes in it.
func placed(err error, body []byte) error {
	_, line, _ := strings.Cut(err.Error(), ": ")
	line = strings.TrimSpace(line)
	if at := bytes.Index(body, []byte(line)); at >= 0 && line != "" {
		return syntax.Refuse(syntax.ParserDiffer, body, at, "not valid to the second parser")
	}
	return err
}
