package inifile

import (
	"bytes"
	"strings"

	"gopkg.in/ini.v1"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
)

// Facts implements syntax.Witness with ini.v1, as Grafana sets it: with comments
// within lines, and with values of several lines.
func (grammar) Facts(body []byte) ([]syntax.Fact, error) {
	f, err := ini.LoadSources(ini.LoadOptions{AllowBooleanKeys: true, AllowNonUniqueSections: true}, body)
	if err != nil {
		return nil, placed(err, body)
	}
	var facts []syntax.Fact
	for i, sec := range f.Sections() {
		name := sec.Name()
		if i == 0 {
			name = ""
		}
		facts = append(facts, syntax.Fact{Path: join(name, ""), Text: "a section"})
		for _, key := range sec.Keys() {
			facts = append(facts, syntax.Fact{Path: join(name, key.Name()), Text: key.Value()})
		}
	}
	return facts, nil
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
