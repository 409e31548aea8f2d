package layout_test

import (
	"path/filepath"
	"testing"

	"github.com/empowersuite/backend-installer/installer/layout"
)

func TestAnAccountsOwnStateIsWhereItsEnvironmentSays(t *testing.T) {
	for want, c := range map[string]struct {
		goos        string
		environment map[string]string
	}{
		"/home/a/.local/state/empower-installer":     {"linux", map[string]string{"HOME": "/home/a", "XDG_STATE_HOME": "state"}},
		"/state/empower-installer":                   {"linux", map[string]string{"HOME": "/home/a", "XDG_STATE_HOME": "/state"}},
		`C:\Users\a\AppData\Local\empower\installer`: {"windows", map[string]string{"LOCALAPPDATA": `C:\Users\a\AppData\Local`}},
		"": {"linux", map[string]string{"HOME": "somewhere"}},
	} {
		got := layout.Private(c.goos, func(name string) string { return c.environment[name] })
		if filepath.ToSlash(got) != filepath.ToSlash(want) {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if got := layout.Private("windows", func(string) string { return "" }); got != "" {
		t.Errorf("got %q", got)
	}
}
