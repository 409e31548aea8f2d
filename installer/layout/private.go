package layout

import (
	"path"
	"strings"
)

// Private is where an account that is not an administrator keeps state of the
// installer; "" where its environment does not tell. On Linux it is that of the XDG
// Base Directory Specification 0.8.
func Private(goos string, getenv func(string) string) string {
	if goos == "windows" {
		if local := getenv("LOCALAPPDATA"); local != "" {
			return local + `\empower\installer`
		}
		return ""
	}
	const name = "empower-installer"
	if state := getenv("XDG_STATE_HOME"); strings.HasPrefix(state, "/") { // one that is not absolute is to be ignored
		return path.Join(state, name)
	}
	if home := getenv("HOME"); strings.HasPrefix(home, "/") {
		return path.Join(home, ".local/state", name)
	}
	return ""
}
