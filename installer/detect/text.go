package detect

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/release"
)

// Marker stands in the text of a proposal where something is to be decided.
const Marker = "DECIDE"

// writer writes YAML with comments.
type writer struct{ strings.Builder }

// Text is the proposal as a description: comments say where each line comes from,
// and what is to be decided is a comment, with the lines that were found for it.
func (p Proposal) Text() []byte {
	w := &writer{}
	w.head(p)
	in := p.Installation()
	w.line("", "apiVersion: "+in.APIVersion)
	w.line("", "kind: "+in.Kind)
	w.decisions(p, InEnvironment)
	if p.Environment != "" {
		w.line("", "environment: "+quoted(p.Environment))
	}
	w.line("", "product: "+quoted(in.Product))
	if in.Version == "" {
		w.comment("", "nothing tells the version: "+EnvironmentFile+" has none that is recognised")
	} else {
		w.comment("", "of "+EnvironmentFile)
		w.line("", "version: "+quoted(in.Version))
	}
	w.line("", "files:")
	for _, f := range p.Files {
		w.file("  ", f)
	}
	w.decisions(p, InFiles)
	w.line("", "services:")
	for _, s := range in.Services {
		for _, of := range p.Services {
			if of.Name == s.Name {
				w.service("  ", s, of.Why, p.undecided())
			}
		}
	}
	w.decisions(p, InServices)
	w.line("", "settings:")
	for _, s := range p.Settings {
		w.setting("  ", s)
	}
	w.decisions(p, InSettings)
	return []byte(w.String())
}

func (w *writer) head(p Proposal) {
	name := p.Environment
	if name == "" {
		name = "that has no name yet"
	}
	w.comment("", "What installer adopt --detect found of the environment "+name+". It registered nothing")
	w.comment("", "and changed nothing. Check every line, decide what is marked with "+Marker+", then")
	w.comment("", "register it: installer adopt FILE")
	for _, found := range p.Found {
		w.comment("", "found: "+found)
	}
	for _, note := range p.Notes {
		w.comment("", "note: "+note)
	}
	for i, d := range p.Decisions {
		w.comment("", fmt.Sprintf("to decide (%d of %d): %s", i+1, len(p.Decisions), d.What))
	}
}

// decisions writes those of a section, with their choices as comments.
func (w *writer) decisions(p Proposal, section Section) {
	indent := "  "
	if section == InEnvironment {
		indent = ""
	}
	for _, d := range p.Decisions {
		if d.Section != section {
			continue
		}
		w.comment(indent, Marker+": "+d.What)
		if d.Key != "" && len(d.Choices) == 0 {
			w.line(indent, "# "+d.Key+": ''")
		}
		for i, c := range d.Choices {
			w.comment(indent, fmt.Sprintf("%d. %s", i+1, c.Label))
			w.choice(indent, p, c)
		}
	}
}

// choice writes the lines of a choice as comments, those of other sections with
// what section they belong to.
func (w *writer) choice(indent string, p Proposal, c Choice) {
	inner := &writer{}
	for _, f := range c.Files {
		inner.file("", f)
	}
	p.Part = Part{Files: p.Files}.with(c.Part)
	for _, s := range p.Installation().Services {
		inner.service("", s, "", p.undecided())
	}
	for _, s := range c.Settings {
		inner.comment("", "below settings: "+s.Key+": "+quoted(s.Text)+" ("+s.Why+")")
	}
	for _, d := range c.Decisions {
		inner.comment("", "then to decide: "+d.What)
	}
	for _, line := range strings.Split(strings.TrimSuffix(inner.String(), "\n"), "\n") {
		w.line(indent, "# "+line)
	}
}

func (w *writer) file(indent string, f File) {
	w.line(indent, "- path: "+quoted(f.Path))
	w.line(indent, "  format: "+string(f.Format))
	w.line(indent, "  slots:")
	for _, s := range f.Slots {
		w.comment(indent+"    ", s.Why)
		w.line(indent, "    - {setting: "+s.Setting+", at: "+quoted(s.At)+"}")
	}
}

// undecided are the files that only decisions name.
func (p Proposal) undecided() []string {
	var all []string
	for _, d := range p.Decisions {
		for _, c := range d.Choices {
			for _, f := range c.Files {
				if !slices.Contains(p.paths(), f.Path) && !slices.Contains(all, f.Path) {
					all = append(all, f.Path)
				}
			}
		}
	}
	return all
}

// service also names, as a comment, the files that it may read once they are decided.
func (w *writer) service(indent string, s release.Service, why string, undecided []string) {
	if why != "" {
		w.comment(indent, why+"; check which of the files it reads")
	}
	w.line(indent, "- name: "+quoted(s.Name))
	w.line(indent, "  manager: "+s.Manager)
	if len(s.After) > 0 {
		w.line(indent, "  after: "+list(s.After))
	}
	if len(s.Reads) > 0 {
		w.line(indent, "  reads: "+list(s.Reads))
	}
	if len(undecided) > 0 {
		w.comment(indent+"  ", Marker+": of these, the files that are decided above")
		w.line(indent, "  # reads: "+list(append(slices.Clone(s.Reads), undecided...)))
	}
	switch h := s.Health; {
	case h == nil:
		w.comment(indent+"  ", "no address to probe was found: whether it runs is all that is proven of it")
	case h.TCP != "":
		w.comment(indent+"  ", "only whether anybody answers there; better is a page that tells of its health, such as")
		w.comment(indent+"  ", "health: {http: 'http://"+h.TCP+"/health/ready'}")
		w.line(indent, "  health: {tcp: "+quoted(h.TCP)+"}")
	default:
		w.line(indent, "  health: {http: "+quoted(h.HTTP)+"}")
	}
}

func (w *writer) setting(indent string, s Setting) {
	w.comment(indent, s.Why)
	w.line(indent, s.Key+": "+quoted(s.Text))
}

func (w *writer) line(indent, text string) { w.WriteString(indent + text + "\n") }

func (w *writer) comment(indent, text string) { w.line(indent, "# "+printable(text)) }

// printable is a text on one line: a path can hold a line end, behind which a
// comment would be none.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r == ' ' || unicode.IsPrint(r) && r != '\u2028' && r != '\u2029' && r != unicode.ReplacementChar {
			return r
		}
		return '?'
	}, text)
}

func list(items []string) string {
	var all []string
	for _, item := range items {
		all = append(all, quoted(item))
	}
	return "[" + strings.Join(all, ", ") + "]"
}

// quoted is a text of YAML on one line, as any reader of it takes it.
func quoted(text string) string {
	if printable(text) == text {
		return "'" + strings.ReplaceAll(text, "'", "''") + "'"
	}
	return syntax.Quote(text, func(r rune) string {
		if r > 0xffff {
			return fmt.Sprintf(`\U%08x`, r)
		}
		return fmt.Sprintf(`\u%04x`, r)
	})
}
