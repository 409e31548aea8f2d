package unitfile

import (
	"fmt"
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
)

// The notations of a value; those of words come last.
const (
	plain       syntax.Style = 1 + iota
	reset                    // an Environment= without a value
	bareWord                 // NAME=value
	doubleWord               // "NAME=value"
	singleWord               // 'NAME=value'
	doubleValue              // NAME="value"
	singleValue              // NAME='value'
	mixedWord                // quotes elsewhere
)

// words are those of an Environment=.
func (s *scanner) words(a assignment) ([]syntax.Value, error) {
	l := lexer{list: s.joined(a)}
	if strings.Trim(l.list, blanks) == "" {
		at := a.sign + 1
		return []syntax.Value{{Path: a.section + "/" + environment, Start: at, End: at, Style: reset, Refusal: syntax.Reason(syntax.NotString, "no variable")}}, nil
	}
	var values []syntax.Value
	for l.next() {
		w, err := l.word()
		if err != nil {
			return nil, s.refuse(syntax.Syntax, s.place(a, l.at), err.Error())
		}
		values = append(values, s.value(a, l.list, w))
	}
	return values, nil
}

// place is where a byte of the value with all lines in one is in the body.
func (s *scanner) place(a assignment, at int) int {
	i := sort.Search(len(a.pieces), func(i int) bool { return a.pieces[i].at > at }) - 1
	return min(a.pieces[i].start+at-a.pieces[i].at, a.pieces[i].end)
}

// value is a word as a value of the file.
func (s *scanner) value(a assignment, list string, w word) syntax.Value {
	v := syntax.Value{Start: s.place(a, w.start), End: s.place(a, w.end-1) + 1}
	name, text, ok := strings.Cut(w.text, "=")
	v.Path, v.Text, v.Style = a.section+"/"+environment+"/"+name, text, styleOf(list[w.start:w.end], name, w)
	if !ok || !variableName.MatchString(name) {
		v.Path, v.Text = a.section+"/"+environment, w.text
		v.Refusal = syntax.Reason(syntax.Unsupported, "no variable")
		return v
	}
	value, whole := resolved(text)
	switch {
	case v.End-v.Start != w.end-w.start:
		v.Refusal = syntax.Reason(syntax.Unsupported, "a word that goes on in the next line")
	case v.Style == mixedWord:
		v.Refusal = syntax.Reason(syntax.Unsupported, "a word of which only a part is in quotes, or whose name is escaped")
	case !utf8.ValidString(text):
		v.Refusal = &syntax.Error{Kind: syntax.Encoding, Reason: "the value is no valid text: systemd ignores it"}
	case !whole:
		v.Refusal = &syntax.Error{Kind: syntax.Templated, Reason: "a specifier of systemd in the value: change what it stands for"}
	default:
		v.Text, v.Refusal = value, syntax.Foreign(value)
	}
	return v
}

// styleOf is the notation of a word.
func styleOf(raw, name string, w word) syntax.Style {
	named := strings.HasPrefix(raw, name+"=")
	if w.quotes == 0 && named {
		return bareWord
	}
	if w.quotes != 1 || w.close != w.end-1 {
		return mixedWord
	}
	single := syntax.Style(0)
	if raw[w.open-w.start] == '\'' {
		single = singleWord - doubleWord
	}
	switch {
	case w.open == w.start && strings.HasPrefix(raw[1:], name+"="):
		return doubleWord + single
	case w.open == w.start+len(name)+len("=") && named:
		return doubleValue + single
	}
	return mixedWord
}

// writeWord is NAME=text in a notation. It needs double quotes instead of none
// where a blank, a quote or an escape is in it.
func writeWord(name, text string, style syntax.Style) (string, error) {
	if strings.ContainsFunc(text, syntax.Unreadable) || syntax.Foreign(text) != nil {
		return "", &syntax.Error{Kind: syntax.Unrepresent, Reason: "systemd does not take the value: it holds a control character, a byte order mark or a character that is reserved in Unicode, or looks like an expression of a template or an encrypted value"}
	}
	text = strings.ReplaceAll(text, "%", "%%")
	switch style {
	case singleWord:
		return "'" + name + "=" + escaped(text, '\'') + "'", nil
	case doubleValue:
		return name + `="` + escaped(text, '"') + `"`, nil
	case singleValue:
		return name + "='" + escaped(text, '\'') + "'", nil
	case bareWord:
		if !strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune(`"'\`, r) }) {
			return name + "=" + text, nil
		}
	}
	return `"` + name + "=" + escaped(text, '"') + `"`, nil
}

// escaped is a text within quotes, in ASCII.
func escaped(text string, quote rune) string {
	var b strings.Builder
	for _, r := range text {
		switch {
		case r == quote || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\t':
			b.WriteString(`\t`)
		case r == '\n':
			b.WriteString(`\n`)
		case r <= '~':
			b.WriteRune(r)
		case r <= 0xffff:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			fmt.Fprintf(&b, `\U%08x`, r)
		}
	}
	return b.String()
}
