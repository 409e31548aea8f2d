package jsonc_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/tailscale/hujson"

	"github.com/empowersuite/backend-installer/installer/document/jsonc"
)

// hujson knows the same dialect and shares no code with either reader of this
// package.
func FuzzPlain(f *testing.F) {
	for _, s := range samples() {
		f.Add(bytes.TrimPrefix(s.Source(), []byte("\xef\xbb\xbf")))
	}
	for _, text := range []string{
		`["//", "/* , */", "\"//", 1,]`, "[1 /* , ] */, // ]\n]", "[1, /**/]", "{\"a\":1,/* x */ // y\n}", `"a\\" // x`, "[\"\\\\\", 2 , ]",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		want, err := hujson.Standardize(append(bytes.Clone(body), '\n')) // it wants a line end behind the last comment
		if err != nil {
			return
		}
		got, err := jsonc.Plain(body)
		if err != nil || blanks(got) != blanks(want[:len(want)-1]) {
			t.Errorf("%q: got %q, %v, want %q", body, got, err, want)
		}
	})
}

// blanks makes all blanks one: hujson keeps the line ends within comments.
func blanks(text []byte) string {
	return strings.NewReplacer("\r", " ", "\n", " ", "\t", " ").Replace(string(text))
}
