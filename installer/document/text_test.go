package document_test

import (
	"testing"

	"github.com/empowersuite/backend-installer/installer/document"
)

func TestAnEncodingThatIsNotSureIsRefused(t *testing.T) {
	const json = `{"a":"` + entra + `"}`
	for _, f := range []document.Format{document.JSONC, document.YAML} {
		for name, text := range map[string]string{
			"UTF-32":                         "\xff\xfe\x00\x00{\x00\x00\x00",
			"UTF-32, big endian":             "\x00\x00\xfe\xff\x00\x00\x00{",
			"UTF-16 without a mark":          string(wide(json, false)[2:]),
			"UTF-16, cut off":                string(wide(json, false)) + "x",
			"UTF-16, half a pair":            string(wide(json, false)) + "\x3d\xd8",
			"UTF-16, half a pair, then text": string(wide(json, false)) + "\x3d\xd8a\x00",
			"UTF-16, the wrong half first":   string(wide(json, true)) + "\xde\x00\xd8\x3d",
			"UTF-16, a NUL":                  string(wide(json, false)) + "\x00\x00",
			"a NUL":                          json + "\x00",
			"Latin 1":                        "{\"a\":\"" + entra + "\xfc\"}",
			"an overlong form":               json + "\xc0\xaf",
			"half a pair in UTF-8":           json + "\xed\xa0\xbd",
			"cut off":                        json + "\xf0\x9f\x98",
		} {
			_, err := document.Find([]byte(text), f, document.Slot{At: "/a"})
			if kindOf(err) != document.Encoding {
				t.Errorf("%s, %s: got %v (%s)", f, name, err, kindOf(err))
			}
		}
	}
}

func TestAMarkAloneIsAnEmptyFile(t *testing.T) {
	for _, text := range []string{"\xef\xbb\xbf", "\xff\xfe", "\xfe\xff"} {
		_, err := document.Find([]byte(text), document.JSONC, document.Slot{At: "/a"})
		wantKind(t, err, document.Syntax)
	}
}
