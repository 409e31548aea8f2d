package unitfile

import (
	"regexp"
	"strings"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
)

const environment = "Environment"

var (
	keyName      = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_.-]*$`)
	sectionName  = regexp.MustCompile(`^[^][/\x00-\x1f\x7f]+$`)
	variableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
)

// Open reads a unit file or a drop-in to its end.
func Open(src []byte) (syntax.File, error) {
	t, err := syntax.Decode(src)
	if err != nil {
		return nil, err
	}
	if t.Wide() {
		return nil, &syntax.Error{Kind: syntax.Encoding, Line: 1, Column: 1, Reason: "UTF-16, which systemd does not read: save the file as UTF-8"}
	}
	f, err := syntax.Open(t, grammar{})
	if err != nil {
		return nil, err
	}
	return f, nil
}

// grammar is the unit file as syntax.Listed needs it.
type grammar struct{}

// Address implements syntax.Grammar.
func (grammar) Address(at string) (string, error) {
	names := strings.Split(at, "/")
	switch {
	case len(names) == 2 && sectionName.MatchString(names[0]) && keyName.MatchString(names[1]) && names[1] != environment:
		return at, nil
	case len(names) == 3 && sectionName.MatchString(names[0]) && names[1] == environment && variableName.MatchString(names[2]):
		return at, nil
	}
	return "", &syntax.Error{Kind: syntax.BadPointer, Reason: "not an address like Service/User or Service/Environment/NAME: " + strings.ToValidUTF8(at, "�")}
}

// Values implements syntax.Grammar.
func (grammar) Values(body []byte) ([]syntax.Value, error) {
	s, err := scan(body)
	if err != nil {
		return nil, err
	}
	var values []syntax.Value
	for _, a := range s.assignments {
		if a.key != environment {
			values = append(values, s.whole(a))
			continue
		}
		words, err := s.words(a)
		if err != nil {
			return nil, err
		}
		values = append(values, words...)
	}
	takenBack(values)
	return values, nil
}

// takenBack refuses the words that an Environment= without a value follows.
func takenBack(values []syntax.Value) {
	emptied := map[string]bool{}
	for i := len(values) - 1; i >= 0; i-- {
		v := &values[i]
		section, _, _ := strings.Cut(v.Path, "/")
		switch {
		case v.Style == reset:
			emptied[section] = true
		case v.Style >= bareWord && emptied[section]:
			v.Refusal = &syntax.Error{Kind: syntax.Ambiguous, Reason: "an Environment= without a value behind it takes all before it back"}
		}
	}
}

// Encode implements syntax.Grammar.
func (grammar) Encode(body []byte, v syntax.Value, text string) (string, error) {
	names := strings.Split(v.Path, "/")
	if v.Style >= bareWord {
		return writeWord(names[2], text, v.Style)
	}
	written, err := writeWhole(names[1], text)
	if written == "" && err == nil && v.Start < v.End && v.End < len(body) && isBlank(body[v.End]) {
		err = &syntax.Error{Kind: syntax.Unrepresent, Reason: "blanks stand behind the value: it cannot be made empty"}
	}
	if v.Start == v.End && v.Start > 1 && body[v.Start-1] == '=' && isBlank(body[v.Start-2]) {
		written = " " + written
	}
	return written, err
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' }

// blanks are what systemd takes off around a value and between words.
const blanks = " \t\r\n"
