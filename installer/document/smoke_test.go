package document_test

import (
	"fmt"
	"testing"

	"github.com/empowersuite/backend-installer/installer/document"
	"github.com/empowersuite/backend-installer/installer/secret"
)

func TestSmoke(t *testing.T) {
	y := "a: plain\nb: 'sing le' # c\nc: \"dq\\\n  x\" # d\nd: |- # hdr\n  lit\n\ne: >\n  fold\n  ed\n\n  x\n# end\nf:\ng: [a, {h: b}]\ni: multi\n  line\n\n  plain\nj: &x val\nk: !!str 12\n"
	for _, at := range []string{"/a", "/b", "/c", "/d", "/e", "/f", "/g/0", "/g/1/h", "/i", "/j", "/k"} {
		m, err := document.Find([]byte(y), document.YAML, document.Slot{At: at})
		fmt.Printf("%s %d:%d %q %v\n", at, m.Line, m.Column, m.Value.Reveal(), err)
		for _, v := range []string{"Simple1", "has # x: 'y' \"", "nl\n", "ü\U0001F600", " lead", ""} {
			out, err := document.Edit([]byte(y), document.YAML, []document.Change{{Slot: document.Slot{At: at}, Value: secret.New(v)}})
			if err != nil {
				fmt.Printf("   %q: %v\n", v, err)
				continue
			}
			n, err := document.Find(out, document.YAML, document.Slot{At: at})
			if err != nil || n.Value.Reveal() != v {
				t.Errorf("%s %q: %v %q", at, v, err, n.Value.Reveal())
			}
		}
	}
	for _, s := range []string{"", "# c\n", "---\n", "%YAML 1.3\n---\na: b\n", "a: 1\n", "a: *x\n", "a: {", "a: b\na: c\n", "{?a: b}", "a: {{ x }}", "a: '{{ x }}'", "a: b\n---\na: c\n", "x: &y {a: b}\nz:\n  <<: *y\n"} {
		at := "/a"
		_, err := document.Find([]byte(s), document.YAML, document.Slot{At: at})
		fmt.Printf("%q %v\n", s, err)
	}
	j := "\xef\xbb\xbf// \"ClientSecret\": \"decoy\"\r\n{ \"AzureAd\": {\r\n /* \"ClientSecret\": \"x\" */ \"clientsecret\": \"a\\/b\", }, \"L\": [ {\"x\": \"1\"}, 2, ], }\r\n"
	for _, at := range []string{"/AzureAd/ClientSecret", "/AzureAd:ClientSecret", "/l/0/X", "/l/1", "/q", "/azuread/y", "", "/AzureAd"} {
		m, err := document.Find([]byte(j), document.JSONC, document.Slot{At: at})
		fmt.Printf("%s %d:%d %q %v\n", at, m.Line, m.Column, m.Value.Reveal(), err)
	}
	out, err := document.Edit([]byte(j), document.JSONC, []document.Change{{Slot: document.Slot{At: "/l/0/x"}, Value: secret.New("new")}, {Slot: document.Slot{At: "/AzureAd/ClientSecret"}, Value: secret.New("ne\"w")}})
	fmt.Printf("%q %v\n", out, err)
}
