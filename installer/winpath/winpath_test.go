package winpath_test

import (
	"testing"

	"github.com/empowersuite/backend-installer/installer/winpath"
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
		if got := winpath.Spelled(c.goos, c.path); got != c.want {
			t.Errorf("%s: %q: got %q, want %q", c.goos, c.path, got, c.want)
		}
	}
}

func TestASharedFolderIsKnownInEachOfItsForms(t *testing.T) {
	for path, want := range map[string]bool{
		`\\server\share\x`: true, `//server/share/x`: true, `\\?\UNC\server\share`: true, `\\?\unc\server\share`: true,
		`\\.\UNC\server\share`: true, `\\wsl$\Debian`: true,
		`\\?\C:\x`: false, `\\.\C:\x`: false, `C:\x`: false, `\x`: false, "x": false, "": false,
	} {
		if got := winpath.OnShare("windows", path); got != want {
			t.Errorf("%q: got %v, want %v", path, got, want)
		}
		if winpath.OnShare("linux", path) {
			t.Errorf("%q is on a share of Linux", path)
		}
	}
}
