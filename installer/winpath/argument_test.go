package winpath_test

import (
	"testing"

	"github.com/empowersuite/backend-installer/installer/winpath"
)

func TestAnArgumentIsQuotedAsWindowsTakesItApart(t *testing.T) {
	for word, want := range map[string]string{
		"":           `""`,
		"a b":        `"a b"`,
		`C:\a b\`:    `"C:\a b\\"`,
		`say "hi"`:   `"say \"hi\""`,
		`one\"two`:   `"one\\\"two"`,
		`back\slash`: `"back\slash"`,
		"größe":      `"größe"`,
	} {
		if got := winpath.Argument(word); got != want {
			t.Errorf("%q: got %s, want %s", word, got, want)
		}
	}
}
