package properties_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/document/properties"
	"github.com/empowersuite/backend-installer/installer/document/syntax/syntaxtest"
)

func TestTimeGrowsWithTheFileOnly(t *testing.T) {
	if testing.Short() {
		t.Skip("reads large files")
	}
	var keys, expressions strings.Builder
	for i := range 100_000 {
		fmt.Fprintf(&keys, "a.key%d=%d\n", i, i)
		fmt.Fprintf(&expressions, "a.key%d=${x}\n", i)
	}
	for name, text := range map[string]string{
		"many keys":          keys.String(),
		"many expressions":   expressions.String(),
		"one huge line":      "b=" + strings.Repeat("x", 10<<20) + "\n",
		"many continuations": "b=" + strings.Repeat("x\\\n", 1<<19) + "\n",
		"many escapes":       "b=" + strings.Repeat(`\ud83d\ude00`, 1<<19) + "\n",
		"many backslashes":   "b=" + strings.Repeat(`\\`, 1<<20) + "\n",
		"a long key":         strings.Repeat("a.", 1<<20) + "=1\n",
		"many comments":      strings.Repeat("# x=y\n", 1<<19),
		"many blank lines":   strings.Repeat("\r\n", 1<<20),
	} {
		start := time.Now()
		src := []byte(text + "a.z=«x»\n")
		out, err := syntaxtest.Set(properties.Open, src, "a.z", syntaxtest.Entra)
		if err != nil || !strings.HasSuffix(string(out), "a.z="+syntaxtest.Entra+"\n") {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := syntaxtest.Add(properties.Open, src, "a.y", "x"); err != nil {
			t.Errorf("%s: adding: %v", name, err)
		}
		if took := time.Since(start); took > 60*time.Second {
			t.Errorf("%s: %d MB took %v", name, len(src)>>20, took)
		} else {
			t.Logf("%s: %d MB, %v", name, len(src)>>20, took)
		}
	}
}
