package tomldoc_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/document/syntax/syntaxtest"
	"github.com/empowersuite/backend-installer/installer/document/tomldoc"
)

func TestTimeGrowsWithTheFileOnly(t *testing.T) {
	if testing.Short() {
		t.Skip("reads large files")
	}
	for name, text := range map[string]func(n int) string{
		"keys":           keys,
		"tables":         func(n int) string { return each(n, "[t%x]\na = 1\n") },
		"tables of one":  func(n int) string { return each(n, "[t.x%x]\n") },
		"array tables":   func(n int) string { return strings.Repeat("[[t]]\na = 1\n", n) },
		"dotted keys":    func(n int) string { return each(n, "t.a.x%x = 1\n") },
		"an inline line": func(n int) string { return "t = {" + each(n, "x%x = 1, ") + "x = 1}\n" },
		"a line":         func(n int) string { return "t = [" + strings.Repeat("1, ", n) + "]\n" },
		"arrays":         func(n int) string { return "t = [" + strings.Repeat("[], # x\n", n) + "]\n" },
		"a long text":    func(n int) string { return "t = \"" + strings.Repeat("x", 40*n) + "\"\n" },
		"escapes":        func(n int) string { return "t = \"" + strings.Repeat(`\n`, 10*n) + "\"\n" },
		"lines of text":  func(n int) string { return "t = \"\"\"" + strings.Repeat("\"\n\\\n", 5*n) + "\"\"\"\n" },
		"comments":       func(n int) string { return strings.Repeat("# x\n", 5*n) },
		"blank lines":    func(n int) string { return strings.Repeat("\r\n", 10*n) },
	} {
		syntaxtest.Linear(t, name, 4_000, func(n int) time.Duration { return edited(t, name, text(n)) })
	}
}

// edited is how long a replacement and an addition take.
func edited(t *testing.T, name, text string) time.Duration {
	t.Helper()
	start := time.Now()
	src := []byte("z = 'x'\n" + text)
	out, err := syntaxtest.Set(tomldoc.Open, src, "/z", "y")
	if err != nil || string(out) != "z = 'y'\n"+text {
		t.Errorf("%s: %v", name, err)
	}
	if _, err := syntaxtest.Add(tomldoc.Open, src, "/y", "y"); err != nil {
		t.Errorf("%s, added: %v", name, err)
	}
	return time.Since(start)
}

// BenchmarkMillionKeys is a replacement with all its verification.
func BenchmarkMillionKeys(b *testing.B) {
	src := []byte("z = 'x'\n" + keys(1_000_000))
	b.SetBytes(int64(len(src)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := syntaxtest.Set(tomldoc.Open, src, "/z", "y"); err != nil {
			b.Fatal(err)
		}
	}
}

func keys(n int) string { return each(n, "k%x = 1\n") }

func each(n int, text string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, text, i)
	}
	return b.String()
}
