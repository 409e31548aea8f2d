package xmldoc_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/document/syntax/syntaxtest"
	"github.com/empowersuite/backend-installer/installer/document/xmldoc"
)

func TestTimeGrowsWithTheFileOnly(t *testing.T) {
	if testing.Short() {
		t.Skip("reads large files")
	}
	var keys, attributes strings.Builder
	for i := range 200_000 {
		fmt.Fprintf(&keys, "    <add key=\"key%d\" value=\"%d\" />\r\n", i, i)
		fmt.Fprintf(&attributes, " a%d='%d'", i, i)
	}
	for name, within := range map[string]string{
		"many keys":           keys.String(),
		"many attributes":     "<b" + attributes.String() + "/>",
		"one huge line":       "<b>" + strings.Repeat("x", 10<<20) + "</b>",
		"one huge attribute":  "<b c='" + strings.Repeat("x\n", 1<<20) + "'/>",
		"many references":     "<b>" + strings.Repeat("&#x41;", 1<<18) + "</b>",
		"many CDATA sections": "<b>" + strings.Repeat("<![CDATA[x]]>", 1<<17) + "</b>",
		"many guards":         strings.Repeat("<add configSource='x'/>\n", 1<<15),
		"many comments":       strings.Repeat("<!-- x -->\n", 1<<17),
		"many lines in tags":  strings.Repeat("<b\n c=''\n/>", 1<<16),
		"deep":                strings.Repeat("<b>", syntax.MaxDepth-1) + strings.Repeat("</b>", syntax.MaxDepth-1),
		"long names":          strings.Repeat("<"+strings.Repeat("b", 1<<16)+">", 16) + strings.Repeat("</"+strings.Repeat("b", 1<<16)+">", 16),
	} {
		start := time.Now()
		src := []byte("<c>" + within + "<add key='Z' value='«x»'/></c>")
		out, err := syntaxtest.Set(xmldoc.Open, src, "/c/add[@key='Z']/@value", syntaxtest.Entra)
		if err != nil || !strings.HasSuffix(string(out), "<add key='Z' value='"+syntaxtest.Entra+"'/></c>") {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := syntaxtest.Add(xmldoc.Open, src, "/c/add[@key='Y']/@value", "x"); err != nil {
			t.Errorf("%s: adding: %v", name, err)
		}
		took := time.Since(start)
		t.Logf("%s: %d MB, %v", name, len(src)>>20, took)
		if took > 60*time.Second {
			t.Errorf("%s: %d MB took %v", name, len(src)>>20, took)
		}
	}
}

func TestNestingIsBounded(t *testing.T) {
	deep := strings.Repeat("<b>", 100_000) + strings.Repeat("</b>", 100_000)
	if _, err := xmldoc.Open([]byte(deep)); syntaxtest.KindOf(err) != syntax.Unsupported {
		t.Errorf("100,000 levels: %v", err)
	}
	at := strings.Repeat("/b", syntax.MaxDepth)
	src := strings.Repeat("<b>", syntax.MaxDepth) + "x" + strings.Repeat("</b>", syntax.MaxDepth)
	out, err := syntaxtest.Set(xmldoc.Open, []byte(src), at, "y")
	if err != nil || string(out) != strings.Replace(src, "x", "y", 1) {
		t.Errorf("%d levels: %v", syntax.MaxDepth, err)
	}
}
