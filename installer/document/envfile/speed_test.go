package envfile_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/document/envfile"
	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/document/syntax/syntaxtest"
)

func TestTimeGrowsWithTheFileOnly(t *testing.T) {
	if testing.Short() {
		t.Skip("reads large files")
	}
	var keys strings.Builder
	for i := range 150_000 {
		fmt.Fprintf(&keys, "KEY%d=%d\n", i, i)
	}
	files := map[string]string{
		"many keys":         keys.String(),
		"one huge line":     "B=" + strings.Repeat("x", 2<<20) + "\n",
		"a huge value":      "B='" + strings.Repeat("x\n", 1<<18) + "'\n",
		"many quotes":       "B=\"" + strings.Repeat(`\"`, 1<<18) + "\"\n",
		"many backslashes":  "B=\"" + strings.Repeat(`\\`, 1<<18) + "x\"\n",
		"many words":        "B=" + strings.Repeat(" C=", 1<<16) + "\n",
		"many comments":     strings.Repeat(strings.Repeat("# x=y\n", 9999)+"B=x\n", 8),
		"comments in a row": strings.Repeat("#\n", 1<<18),
		"many blank lines":  strings.Repeat("\r\n", 1<<18),
		"many exports":      strings.Repeat("export B=1\n", 1<<16),
		"export in names":   strings.Repeat("exportB=1\n", 1<<16),
		"many dollars":      "B='" + strings.Repeat("$", 2<<20) + "'\n",
	}
	for name, text := range files {
		for dialect, open := range map[string]syntaxtest.Open{"env": envfile.Open, "systemd": envfile.OpenSystemd} {
			start := time.Now()
			out, err := syntaxtest.Set(open, []byte(text+"A=x\n"), "A", syntaxtest.Entra)
			bounded := dialect == "env" && (name == "comments in a row" || name == "export in names")
			if bounded != (syntaxtest.KindOf(err) == syntax.Unsupported) || !bounded && (err != nil || !strings.HasSuffix(string(out), "A="+syntaxtest.Entra+"\n")) {
				t.Errorf("%s, %s: %v", dialect, name, err)
			}
			took := time.Since(start)
			t.Logf("%s, %s: %d MB, %v", dialect, name, len(text)>>20, took)
			if took > 60*time.Second {
				t.Errorf("%s, %s: too slow", dialect, name)
			}
		}
	}
}
