package svc

import (
	"context"
	"strings"
)

// Listed is a service of the host, as its manager has it registered.
type Listed struct {
	Name    string
	Manager string     // the word of descriptions: ManagerSystemd, ManagerSCM
	Exec    [][]string // the programs that it starts, each with its arguments; not to be shown: they could hold a secret
	After   []string   // services that it is started after
	Env     []string   // names, never values, of variables that are set for this service
	Files   []string   // that define it; systemd's unit file and drop-ins
	// EnvFiles set variables besides Env.
	EnvFiles []string
}

// The managers that can list their services, as descriptions name them.
const (
	ManagerSystemd = "systemd"
	ManagerSCM     = "windows"
)

// Lister is a service manager that can tell which services there are.
type Lister interface {
	// List tells every service that is registered, whether it runs or not, in no
	// particular order. It changes nothing and needs no special rights; a service
	// that this account may not look at is left out.
	List(ctx context.Context) ([]Listed, error)
}

// splitCommandLine takes a service's command line apart as Windows does. Its program
// is often not quoted although its path has blanks: then each blank may be its
// end, and the first that leads to a file is, as CreateProcess looks for it. Where
// none does, the program ends behind the first .exe.
func splitCommandLine(line string, isFile func(path string) bool) []string {
	line = strings.TrimLeft(line, " \t")
	if line == "" {
		return nil
	}
	program, rest := splitProgram(line, isFile)
	argv := []string{program}
	for {
		rest = strings.TrimLeft(rest, " \t")
		if rest == "" {
			return argv
		}
		var arg string
		arg, rest = splitArgument(rest)
		argv = append(argv, arg)
	}
}

// splitProgram knows no escapes: a path of Windows holds no quotation mark.
func splitProgram(line string, isFile func(string) bool) (program, rest string) {
	if quoted, ok := strings.CutPrefix(line, `"`); ok {
		program, rest, _ = strings.Cut(quoted, `"`)
		return program, rest
	}
	ends := append(blanksIn(line), len(line))
	for _, end := range ends {
		for _, path := range []string{line[:end], line[:end] + ".exe"} {
			if isFile(path) {
				return path, line[end:]
			}
		}
	}
	for _, end := range ends {
		if strings.HasSuffix(strings.ToLower(line[:end]), ".exe") {
			return line[:end], line[end:]
		}
	}
	return line[:ends[0]], line[ends[0]:]
}

// blanksIn are where blanks end a word.
func blanksIn(line string) []int {
	var at []int
	for i := range len(line) {
		if isBlank(line[i]) && !isBlank(line[i-1]) {
			at = append(at, i)
		}
	}
	return at
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' }

// splitArgument reads one argument as CommandLineToArgvW does: backslashes count
// half in front of a quotation mark, an odd one makes it a letter, and two of them
// within quotes are one that ends the quotes.
func splitArgument(line string) (arg, rest string) {
	var b strings.Builder
	within, slashes := false, 0
	for i := 0; i < len(line); i++ {
		c := line[i]
		switch {
		case c == '\\':
			slashes++
			continue
		case c == '"':
			b.WriteString(strings.Repeat(`\`, slashes/2))
			switch {
			case slashes%2 == 1:
				b.WriteByte(c)
			case within && i+1 < len(line) && line[i+1] == '"':
				b.WriteByte(c)
				i++
				within = false
			default:
				within = !within
			}
		case isBlank(c) && !within:
			b.WriteString(strings.Repeat(`\`, slashes))
			return b.String(), line[i:]
		default:
			b.WriteString(strings.Repeat(`\`, slashes))
			b.WriteByte(c)
		}
		slashes = 0
	}
	b.WriteString(strings.Repeat(`\`, slashes))
	return b.String(), ""
}

// expand puts values in the place of %NAME%, as Windows does before it starts a
// service. What the environment does not know stays.
func expand(line string, getenv func(string) string) string {
	var b strings.Builder
	for {
		before, behind, found := strings.Cut(line, "%")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		name, rest, closed := strings.Cut(behind, "%")
		value := ""
		if closed && name != "" {
			value = getenv(name)
		}
		if value == "" {
			b.WriteByte('%')
			line = behind
			continue
		}
		b.WriteString(value)
		line = rest
	}
}
