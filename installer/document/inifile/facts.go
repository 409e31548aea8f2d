package inifile

import (
	"gopkg.in/ini.v1"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
)

// Facts implements syntax.Witness with ini.v1, as Grafana sets it: with comments
// within lines, and with values of several lines.
func (grammar) Facts(body []byte) ([]syntax.Fact, error) {
	f, err := ini.LoadSources(ini.LoadOptions{AllowBooleanKeys: true, AllowNonUniqueSections: true}, body)
	if err != nil {
		return nil, err
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
