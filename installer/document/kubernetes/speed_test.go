package kubernetes_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/document/syntax/syntaxtest"
)

func TestTimeGrowsWithTheManifestOnly(t *testing.T) {
	if testing.Short() {
		t.Skip("reads large files")
	}
	secret := func(i int) string { return fmt.Sprintf("kind: Secret\nmetadata: {name: s%d}\n", i) }
	for name, c := range map[string]struct {
		at   string
		text func(n int) string
	}{
		"documents": {"s0:/stringData/key", func(n int) string {
			return each(n/8, func(i int) string { return secret(i) + "stringData: {key: x}\n---\n" })
		}},
		"items": {"s1:/data/key", func(n int) string {
			return "kind: List\nitems:\n" + each(n/8, func(i int) string {
				return "- " + strings.ReplaceAll(secret(i)+"data: {key: eA==}", "\n", "\n  ") + "\n"
			})
		}},
		"keys": {"/stringData/key", func(n int) string {
			return secret(0) + "stringData:\n  key: x\n" + each(n, func(i int) string { return fmt.Sprintf("  k%d: x\n", i) })
		}},
		"lines of a file": {"/stringData/app#properties:key", func(n int) string {
			return secret(0) + "stringData:\n  app: |\n    key = x\n" + each(n, func(i int) string { return fmt.Sprintf("    k%d = x\n", i) })
		}},
		"a file in base64": {"/data/key", func(n int) string {
			return secret(0) + "data:\n  key: |\n" + strings.Repeat("    eHh4eHh4\n", n)
		}},
	} {
		syntaxtest.Linear(t, name, 4_000, func(n int) time.Duration { return edited(t, c.at, c.text(n)) })
	}
}

func edited(t *testing.T, at, text string) time.Duration {
	t.Helper()
	start := time.Now()
	if _, err := syntaxtest.Set(open, []byte(text), at, "new"); err != nil {
		t.Error(err)
	}
	if _, err := syntaxtest.Add(open, []byte(text), at+"-new", "new"); err != nil {
		t.Error(err)
	}
	return time.Since(start)
}

func each(n int, text func(i int) string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(text(i))
	}
	return b.String()
}
