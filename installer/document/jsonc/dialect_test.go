package jsonc_test

import (
	"testing"

	"github.com/empowersuite/backend-installer/installer/document/jsonc"
	"github.com/empowersuite/backend-installer/installer/document/syntax/syntaxtest"
)

// As StringComparer.OrdinalIgnoreCase: each character by its simple capital letter,
// but no Turkish i, long s or Kelvin sign as a letter of ASCII.
func TestNamesAreOneWhereDotNETTakesThemForOne(t *testing.T) {
	for _, c := range []struct {
		name, at string
		same     bool
	}{
		{"k", "K", true},
		{"ä", "Ä", true},
		{"σ", "Σ", true},
		{"ς", "Σ", true},
		{"ǆ", "ǅ", true},
		{"ÿ", "Ÿ", true},
		{"µ", "Μ", true},
		{"ж", "Ж", true},
		{"ſ", "s", false},
		{"ſ", "S", false},
		{"\u212a", "k", false},
		{"\u212a", "K", false},
		{"\u212b", "å", false},
		{"ẞ", "ß", false},
		{"ı", "i", false},
		{"ı", "I", false},
		{"İ", "i", false},
		{"İ", "I", false},
		{"ß", "SS", false},
		{"Ω", "\u2126", false},
	} {
		for _, p := range [][2]string{{c.name, c.at}, {c.at, c.name}} {
			_, err := syntaxtest.Get(jsonc.Open, []byte(`{"`+p[0]+`":"x"}`), "/"+p[1])
			if (err == nil) != c.same {
				t.Errorf("%s for %s: %v", p[0], p[1], err)
			}
		}
	}
}
