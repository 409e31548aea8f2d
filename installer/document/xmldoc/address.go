package xmldoc

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
)

// address is a place: the elements on the way, and an attribute of the last or ""
// for its text.
type address struct {
	steps     []step
	attribute string
}

type step struct {
	name       string
	conditions []condition
}

// condition is what stands in brackets: an attribute with its value or, where
// that is "", a position from 1 among those that the conditions before leave.
type condition struct {
	attribute, value string
	position         int
}

// parse reads the subset of XPath that addresses are.
func parse(at string) (address, error) {
	p := parser{rest: at}
	if !utf8.ValidString(at) {
		return address{}, p.bad("it is no valid text")
	}
	var a address
	for p.rest != "" && a.attribute == "" {
		if !p.skip("/") {
			return address{}, p.bad("a / is due before " + p.rest)
		}
		if p.skip("@") {
			a.attribute = p.name()
			if a.attribute == "" || p.rest != "" || len(a.steps) == 0 {
				return address{}, p.bad("@ begins the name of an attribute, which ends it")
			}
			if a.last().asks(a.attribute) {
				return address{}, p.bad("with another value of @" + a.attribute + " it would lead nowhere: name the element by another attribute or by its position")
			}
			return a, nil
		}
		s, err := p.step()
		if err != nil {
			return address{}, err
		}
		a.steps = append(a.steps, s)
	}
	if len(a.steps) == 0 {
		return address{}, p.bad("it is empty")
	}
	return a, nil
}

type parser struct{ rest string }

func (p *parser) bad(reason string) error {
	return &syntax.Error{Kind: syntax.BadPointer, Reason: strings.ToValidUTF8(
		`not an address like /configuration/appSettings/add[@key="ClientSecret"]/@value: `+reason, "�")}
}

func (p *parser) skip(prefix string) bool {
	rest, ok := strings.CutPrefix(p.rest, prefix)
	p.rest = rest
	return ok
}

func (p *parser) name() string {
	n := 0
	for n < len(p.rest) && isName(p.rest[n]) {
		n++
	}
	if n == 0 || !isNameStart(p.rest[0]) {
		return ""
	}
	name := p.rest[:n]
	p.rest = p.rest[n:]
	return name
}

func (p *parser) step() (step, error) {
	s := step{name: p.name()}
	switch {
	case s.name == "" && strings.HasPrefix(p.rest, "/"):
		return s, p.bad("// is not supported: name each element")
	case s.name == "" && strings.HasPrefix(p.rest, "*"):
		return s, p.bad("* is not supported: name each element")
	case s.name == "":
		return s, p.bad("the name of an element is due behind /")
	case strings.HasPrefix(p.rest, "("):
		return s, p.bad("functions are not supported: " + s.name + "()")
	}
	for p.skip("[") {
		c, err := p.condition()
		if err != nil {
			return s, err
		}
		s.conditions = append(s.conditions, c)
	}
	return s, nil
}

func (p *parser) condition() (condition, error) {
	var c condition
	p.blanks()
	read := p.position
	if p.skip("@") {
		read = p.attribute
	}
	if err := read(&c); err != nil {
		return c, err
	}
	p.blanks()
	if !p.skip("]") {
		return c, p.bad("a ] is missing")
	}
	return c, nil
}

func (p *parser) attribute(c *condition) error {
	c.attribute = p.name()
	p.blanks()
	if c.attribute == "" || !p.skip("=") {
		return p.bad(`[@ is followed by the name of an attribute, = and its value: [@key="x"]`)
	}
	p.blanks()
	quote := p.rest[:min(1, len(p.rest))]
	end := -1
	if quote == `"` || quote == `'` {
		end = strings.Index(p.rest[1:], quote)
	}
	if end < 0 {
		return p.bad(`a value in quotes is due: [@` + c.attribute + `="x"]`)
	}
	c.value = p.rest[1 : 1+end]
	p.rest = p.rest[end+2:]
	return nil
}

func (p *parser) position(c *condition) error {
	digits := p.rest[:len(p.rest)-len(strings.TrimLeft(p.rest, "0123456789"))]
	n, err := strconv.Atoi(digits)
	if err != nil || n < 1 {
		return p.bad(`[ is followed by @ or a position from 1: [@key="x"] or [1]`)
	}
	c.position = n
	p.rest = p.rest[len(digits):]
	return nil
}

func (p *parser) blanks() { p.rest = strings.TrimLeft(p.rest, " \t") }

// String is the address as parse reads it.
func (a address) String() string {
	var b strings.Builder
	for _, s := range a.steps {
		b.WriteString("/" + s.name)
		for _, c := range s.conditions {
			b.WriteString(c.String())
		}
	}
	if a.attribute != "" {
		b.WriteString("/@" + a.attribute)
	}
	return b.String()
}

func (c condition) String() string {
	switch {
	case c.attribute == "":
		return "[" + strconv.Itoa(c.position) + "]"
	case strings.Contains(c.value, `"`):
		return "[@" + c.attribute + "='" + c.value + "']"
	default:
		return "[@" + c.attribute + `="` + c.value + `"]`
	}
}

// last is the step to the element that holds the place.
func (a address) last() step { return a.steps[len(a.steps)-1] }

// asks reports whether a step names its element by an attribute.
func (s step) asks(attribute string) bool {
	return slices.ContainsFunc(s.conditions, func(c condition) bool { return c.attribute == attribute })
}

// positioned reports whether a step names one of several that are there.
func (s step) positioned() bool {
	return s.asks("")
}
