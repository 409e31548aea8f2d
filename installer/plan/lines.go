package plan

import (
	"fmt"
	"strings"
)

// Lines tells the plan to a person, a line per change and per service.
func (p *Plan) Lines() []string {
	var lines []string
	for _, f := range p.Files {
		lines = append(lines, "edit "+f.Path)
		for _, c := range f.Changes {
			place := ""
			if c.Line > 0 {
				place = fmt.Sprintf(" (line %d, column %d)", c.Line, c.Column)
			}
			lines = append(lines, "  "+c.text()+place)
		}
	}
	for _, e := range p.Closed {
		lines = append(lines, fmt.Sprintf("close %s to %s", e.Path, strings.Join(e.Readers, ", ")))
	}
	for _, c := range p.Described {
		lines = append(lines, "record "+c.text())
	}
	if p.Unrecorded {
		lines = append(lines, "record the client secret that is in the file already")
	}
	for _, s := range p.Restart {
		line := "restart " + s.Name
		if p.Later {
			line = "owe a restart of " + s.Name
		}
		lines = append(lines, line)
	}
	for _, s := range p.LeftAlone {
		lines = append(lines, fmt.Sprintf("leave %s alone: it is %s, and only services that run are restarted", s.Name, s.State.Activity))
	}
	return lines
}

func (c Change) text() string {
	if c.Secret {
		return fmt.Sprintf("%s: %s -> %s", c.Setting, fingerprint(c.From), fingerprint(c.To))
	}
	return fmt.Sprintf("%s: %q -> %q", c.Setting, c.From, c.To)
}

func fingerprint(f string) string {
	if f == "" {
		return "not set"
	}
	return "fingerprint " + f
}
