package svc

import (
	"errors"
	"fmt"
	"strings"

	"github.com/empowersuite/backend-installer/installer/winpath"
)

// commandLine joins a program and its arguments so that CommandLineToArgvW
// takes them apart again. The program is always quoted: without, Windows tries
// C:\Program.exe for C:\Program Files\….
func commandLine(argv []string) (string, error) {
	if len(argv) == 0 {
		return "", errors.New("there is no program")
	}
	if !windowsAbsolute(argv[0]) || strings.Contains(argv[0], `"`) {
		return "", fmt.Errorf("the program %q is no absolute path", argv[0])
	}
	var line strings.Builder
	line.WriteString(`"` + argv[0] + `"`)
	for _, arg := range argv[1:] {
		line.WriteByte(' ')
		quoteArgument(&line, arg)
	}
	switch text := line.String(); {
	case strings.Contains(text, "\x00"):
		return "", errors.New("an argument holds a zero byte")
	case strings.Count(text, "%") > 1:
		return "", errors.New("an argument holds two percent signs, between which the manager would put a variable's value")
	default:
		return text, nil
	}
}

// windowsAbsolute knows C:\… and \\server\….
func windowsAbsolute(path string) bool {
	if strings.HasPrefix(path, `\\`) {
		return len(path) > 2
	}
	return len(path) > 3 && path[1] == ':' && (path[2] == '\\' || path[2] == '/') &&
		('a' <= path[0]|0x20 && path[0]|0x20 <= 'z')
}

// quoteArgument writes an argument, in quotes where it needs them.
func quoteArgument(line *strings.Builder, arg string) {
	if arg == "" || strings.ContainsAny(arg, " \t\n\v\"") {
		arg = winpath.Argument(arg)
	}
	line.WriteString(arg)
}
