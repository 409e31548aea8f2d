package unitfile_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/document/syntax/syntaxtest"
	"github.com/empowersuite/backend-installer/installer/document/unitfile"
)

func TestTimeGrowsWithTheFileOnly(t *testing.T) {
	if testing.Short() {
		t.Skip("reads large files")
	}
	var keys strings.Builder
	for i := range 150_000 {
		fmt.Fprintf(&keys, "X-Key%d=%d\n", i, i)
	}
	line := func(part string) string { return "Environment=" + strings.Repeat(part, (1<<18-20)/len(part)) + "\n" }
	for name, text := range map[string]string{
		"many keys":        keys.String(),
		"long lines":       strings.Repeat("X-Key="+strings.Repeat("x", 1<<18-10)+"\n", 10),
		"many words":       line("A=b "),
		"many escapes":     line(`A=\"\x41\\ `),
		"many quotes":      line(`"A='" `),
		"many pieces":      "Environment=" + strings.Repeat("A=b \\\n", 1<<17) + "\n",
		"many comments":    strings.Repeat("#x=y\n;\n", 1<<17),
		"comments within":  "Environment=C=1 \\\n" + strings.Repeat("# x\n", 1<<17) + " D=1\n",
		"many sections":    strings.Repeat("[Unit]\n", 1<<17) + "[Service]\n",
		"many resets":      strings.Repeat("Environment=\n", 1<<16),
		"many blank lines": strings.Repeat("\r\n", 1<<18),
	} {
		start := time.Now()
		src := []byte("[Service]\n" + text + "Environment=K=x\n")
		out, err := syntaxtest.Set(unitfile.Open, src, "Service/Environment/K", syntaxtest.Entra)
		if err != nil || !strings.HasSuffix(string(out), "Environment=K="+syntaxtest.Entra+"\n") {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := syntaxtest.Add(unitfile.Open, src, "Service/User", "x"); err != nil {
			t.Errorf("%s: adding: %v", name, err)
		}
		took := time.Since(start)
		t.Logf("%s: %d MB, %v", name, len(src)>>20, took)
		if took > 120*time.Second {
			t.Errorf("%s: too slow", name)
		}
	}
}
