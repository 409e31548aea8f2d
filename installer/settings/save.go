package settings

import (
	"fmt"
	"strconv"
	"strings"
)

const answersHead = `# yaml-language-server: $schema=answers.schema.json
# Answers for the backend installer. What is commented out has the default that
# is shown. A secret is referred to, never written here:
#   {file: PATH}, {env: NAME}, {stdin: true} or {keyring: NAME}
version: 1
`

// Save is an answers file that gives these answers; secrets as references.
func Save(a Answers) []byte {
	return writeAnswers(func(s Setting) string {
		if r, ok := a.Secrets[s.Key]; ok {
			return r.yaml()
		}
		if v, ok := a.Values[s.Key]; ok && v.Text != "" {
			return s.yaml(v.Text)
		}
		return ""
	})
}

// Example is an answers file to fill in: required settings stand there without
// a value, all others are commented out.
func Example() []byte { return ExampleWith(nil) }

// ExampleWith is an Example in which some settings have a value, by their keys.
func ExampleWith(given map[string]string) []byte {
	return writeAnswers(func(s Setting) string {
		switch {
		case given[s.Key] != "" && s.Kind != Secret:
			return s.yaml(given[s.Key])
		case s.Kind == Secret && s.Required:
			return Reference{Env: s.Env}.yaml()
		case s.Required:
			return "''"
		}
		return ""
	})
}

// writeAnswers writes every setting of the table, those without a value as
// comments.
func writeAnswers(value func(Setting) string) []byte {
	var b strings.Builder
	b.WriteString(answersHead)
	var open []string // the levels that the last line stands in
	for _, s := range All() {
		levels := strings.Split(s.Key, ".")
		parents := levels[:len(levels)-1]
		if len(parents) == 0 {
			b.WriteString("\n")
		}
		open = openLevels(&b, open, parents)
		indent := strings.Repeat("  ", len(parents))
		fmt.Fprintf(&b, "%s# %s%s\n", indent, s.Help, s.allowed())
		given := value(s)
		if given == "" {
			indent += "# "
			given = s.example()
		}
		fmt.Fprintf(&b, "%s%s: %s\n", indent, levels[len(levels)-1], given)
	}
	return []byte(b.String())
}

// openLevels writes the parents that are not open yet.
func openLevels(b *strings.Builder, open, parents []string) []string {
	for i, name := range parents {
		if i < len(open) && open[i] == name {
			continue
		}
		if i == 0 {
			b.WriteString("\n")
		}
		open = append(open[:min(i, len(open))], parents[i:]...)
		for j := i; j < len(parents); j++ {
			fmt.Fprintf(b, "%s%s:\n", strings.Repeat("  ", j), parents[j])
		}
		break
	}
	return open
}

func (s Setting) allowed() string {
	if len(s.Choices) == 0 {
		return ""
	}
	return " (" + strings.Join(s.Choices, ", ") + ")"
}

// example is what a line that is commented out shows.
func (s Setting) example() string {
	if s.Kind == Secret {
		return Reference{Env: s.Env}.yaml()
	}
	return s.yaml(s.Default)
}

// yaml writes a value so that it is read back as the same text.
func (s Setting) yaml(text string) string {
	if s.Kind == Integer || s.Kind == Boolean || s.Kind == Choice {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", "''") + "'"
}

func (r Reference) yaml() string {
	if r.Link {
		r.Link = false
		return "{link: " + r.yaml() + "}"
	}
	switch {
	case r.File != "":
		return "{file: " + strconv.Quote(r.File) + "}"
	case r.Env != "":
		return "{env: " + strconv.Quote(r.Env) + "}"
	case r.Keyring != "":
		return "{keyring: " + strconv.Quote(r.Keyring) + "}"
	default:
		return "{stdin: true}"
	}
}
