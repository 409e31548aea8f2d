package document_test

import (
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/document"
	"github.com/empowersuite/backend-installer/installer/document/syntax"
)

func TestEveryFormatListsItsValuesInTheirOrder(t *testing.T) {
	const web = `<configuration>
  <appSettings>
    <add key="ida:ClientSecret" value="one"/>
    <add key="b" value="two"/>
  </appSettings>
  <a><x>three</x><x>four</x></a>
</configuration>`
	for _, c := range []struct {
		format document.Format
		text   string
		want   []string // at, names, value
	}{
		{
			document.JSONC, "\ufeff{ /* c */ \"AzureAd\": {\"ClientSecret\": \"o\\u006ee\", \"n\": [1, {\"k\": true},],}, \"a/b\": \"\"}",
			[]string{"/AzureAd/ClientSecret AzureAd|ClientSecret one", "/AzureAd/n/0 AzureAd|n|0 1", "/AzureAd/n/1/k AzureAd|n|1|k true", "/a~1b a/b "},
		},
		{document.JSON, `["x"]`, []string{"/0 0 x"}},
		{document.YAML, "a: &z {b: one}\nc: *z\nd: [x, 1]\n", []string{"/a/b a|b one", "/d/0 d|0 x", "/d/1 d|1 1"}},
		{document.TOML, "[a]\nb = 'one'\n", []string{"/a/b a|b one"}},
		{document.INI, "k=1\n[auth.azuread]\nsecret=one\n", []string{"/k |k 1", "auth.azuread/secret auth.azuread|secret one"}},
		{document.Env, "A=one\n", []string{"A A one"}},
		{document.SystemdEnv, "A='one'\n", []string{"A A one"}},
		{
			document.Unit, "[Service]\nUser=x\nEnvironment=A=one \"B=two\"\n",
			[]string{"Service/User Service|User x", "Service/Environment/A Service|Environment|A one", "Service/Environment/B Service|Environment|B two"},
		},
		{document.Properties, "azure.client-secret = one\n", []string{"azure.client-secret azure|client-secret one"}},
		{document.XML, web, []string{
			`/configuration/appSettings/add[1]/@key configuration|appSettings|add|key ida:ClientSecret`,
			`/configuration/appSettings/add[@key="ida:ClientSecret"]/@value configuration|appSettings|ida:ClientSecret one`,
			`/configuration/appSettings/add[2]/@key configuration|appSettings|add|key b`,
			`/configuration/appSettings/add[@key="b"]/@value configuration|appSettings|b two`,
			`/configuration/a/x[1] configuration|a|x three`, `/configuration/a/x[2] configuration|a|x four`,
		}},
	} {
		var got []string
		for _, e := range mustList(t, c.text, c.format) {
			got = append(got, e.At+" "+strings.Join(e.Names, "|")+" "+e.Value.Reveal())
		}
		if strings.Join(got, "\n") != strings.Join(c.want, "\n") {
			t.Errorf("%s: got\n%s\nwant\n%s", c.format, strings.Join(got, "\n"), strings.Join(c.want, "\n"))
		}
	}
}

func mustList(t *testing.T, text string, f document.Format) []document.Entry {
	t.Helper()
	entries, err := document.List([]byte(text), f)
	if err != nil {
		t.Fatalf("%s: %v", f, err)
	}
	return entries
}

func TestWhatCannotBeListedIsRefused(t *testing.T) {
	for f, text := range map[document.Format]string{document.Raw: "x", document.Kubernetes: "kind: Secret\n"} {
		_, err := document.List([]byte(text), f)
		wantKind(t, err, syntax.Unsupported)
	}
	_, err := document.List([]byte("{\"a\": \"x\"\n\"b\": 1}"), document.JSONC)
	wantKind(t, err, syntax.Syntax)
	if err == nil || err.Error() != "2:1: a comma is missing" {
		t.Errorf("got %v", err)
	}
}

// What is nested too deep is left out, so that addresses stay short.
func TestListsEndAtADepth(t *testing.T) {
	deep := syntax.ListedDepth + 1
	for f, text := range map[document.Format]string{
		document.JSONC: strings.Repeat("[", deep) + `"x"` + strings.Repeat("]", deep),
		document.YAML:  strings.Repeat("[", deep) + `"x"` + strings.Repeat("]", deep),
		document.XML:   strings.Repeat("<a>", deep) + "x" + strings.Repeat("</a>", deep),
	} {
		if got := mustList(t, text, f); len(got) != 0 {
			t.Errorf("%s: got %d values", f, len(got))
		}
		one := map[document.Format]string{document.JSONC: `["x"]`, document.YAML: `["x"]`, document.XML: "<a>x</a>"}[f]
		if got := mustList(t, one, f); len(got) != 1 {
			t.Errorf("%s: got %d values of one", f, len(got))
		}
	}
}

// What List tells, Find finds with the same value, or refuses for a reason of the
// file's own: never because there is no such place.
func FuzzList(f *testing.F) {
	for _, d := range []document.Format{document.JSONC, document.YAML, document.XML, document.TOML, document.INI, document.Env, document.Unit, document.Properties} {
		for _, text := range []string{
			`{"a":{"b":"x","B":1},"":""}`, "a: [x, {b: c}]\n", `<a k="1"><add key="b" value="c"/><add key="B" value="d"/><b>x</b></a>`,
			"[s]\nk=v\n", "A=b\n", "[Service]\nEnvironment=A=b\n", "a.b=c\n",
		} {
			f.Add([]byte(text), string(d))
		}
	}
	f.Fuzz(func(t *testing.T, src []byte, format string) {
		entries, err := document.List(src, document.Format(format))
		if err != nil {
			return
		}
		for _, e := range entries[:min(len(entries), 20)] {
			m, err := document.Find(src, document.Format(format), document.Slot{At: e.At})
			if syntax.Is(err, syntax.NotFound) || err == nil && !m.Value.Equal(e.Value) {
				t.Errorf("%s: %q: %v", format, e.At, err)
			}
		}
	})
}
