package release_test

import (
	"testing"

	"github.com/empowersuite/backend-installer/installer/release"
)

func TestPathsAreSpelledAsTheSystemSpellsThem(t *testing.T) {
	for _, c := range []struct{ goos, path, want string }{
		{"windows", `C:\app/settings.json`, `C:\app\settings.json`},
		{"windows", `C:/app/./x/../settings.json`, `C:\app\settings.json`},
		{"windows", `C:\..\settings.json`, `C:\settings.json`},
		{"windows", `//server/share/settings.json`, `\\server\share\settings.json`},
		{"windows", "/etc/settings.json", "/etc/settings.json"},
		{"windows", "", ""},
		{"linux", "/a//b/../settings.json", "/a//b/../settings.json"},
		{"linux", `/a\b`, `/a\b`},
	} {
		if got := release.Spelled(c.goos, c.path); got != c.want {
			t.Errorf("%s: %q: got %q, want %q", c.goos, c.path, got, c.want)
		}
	}
}
