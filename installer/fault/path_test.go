package fault_test

import (
	"testing"

	"github.com/empowersuite/backend-installer/installer/fault"
)

func TestAPathCanBeCopiedOutOfAnError(t *testing.T) {
	for path, want := range map[string]string{
		`C:\Program Files\empower`: `"C:\Program Files\empower"`,
		"/etc/empower/ä b":         `"/etc/empower/ä b"`,
		"":                         `""`,
		"two\nlines":               `"two\nlines"`,
		"\x1b[31mred":              `"\x1b[31mred"`,
		`a "quoted" one`:           `"a \"quoted\" one"`,
	} {
		if got := fault.Path(path); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
