package yamldoc_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/document/syntax/syntaxtest"
	"github.com/empowersuite/backend-installer/installer/document/yamldoc"
)

func TestTimeGrowsWithTheFileOnly(t *testing.T) {
	if testing.Short() {
		t.Skip("reads large files")
	}
	repeat := strings.Repeat
	for name, text := range map[string]func(n int) string{
		"keys":                   func(n int) string { return each(n/10, "a%x: v\n") },
		"keys in braces":         func(n int) string { return "l: {" + each(n/10, "a%x: v,\n") + "}\n" },
		"keys behind ?":          func(n int) string { return each(n/10, "? a%x\n: v\n") + "z: x\n" },
		"keys without a value":   func(n int) string { return each(n/10, "a%x:\n") },
		"a list":                 func(n int) string { return "l:\n" + repeat("- x # y\n", n/5) },
		"a list in brackets":     func(n int) string { return "l: [" + repeat("\"x\", ", n/5) + "]\n" },
		"documents":              func(n int) string { return repeat("---\nb: c\n", n/10) },
		"words":                  func(n int) string { return "l: " + repeat("x  ", n) + "x\n" },
		"lines":                  func(n int) string { return "l: " + repeat("x\n ", n) + "x\n" },
		"blanks in quotes":       func(n int) string { return "l: \"" + repeat(" ", 4*n) + "\"\n" },
		"lines in quotes":        func(n int) string { return "l: '" + repeat("\n", 4*n) + "'\n" },
		"escaped lines":          func(n int) string { return "l: \"" + repeat("\\\n", n) + "\"\n" },
		"a literal block":        func(n int) string { return "l: |\n" + repeat("  x\n", n) },
		"a folded block":         func(n int) string { return "l: >\n" + repeat("  x\n\n", n) },
		"a deep block":           func(n int) string { return "l: |1\n" + repeat(" ", n) + "x\n" + repeat("  x\n", n) },
		"empty lines of a block": func(n int) string { return "l: |+\n  x\n" + repeat("\n", 4*n) },
		"comments":               func(n int) string { return repeat("# x\n\n", n) },
		"blank lines":            func(n int) string { return repeat("\r\n", 2*n) },
		"aliases":                func(n int) string { return "b: &b [x]\nl: [" + repeat("*b, ", n/5) + "]\n" },
		"a billion laughs":       func(n int) string { return "a0: &a0 x\n" + each(n/10, "b%x: [*a0, *a0, *a0, *a0, *a0, *a0, *a0]\n") },
		"nested laughs":          func(n int) string { return laughs(n / 20) },
		"merges of one mapping":  func(n int) string { return "b: &b {" + each(n/10, "a%x, ") + "}\n<<: [" + repeat("*b, ", n/10) + "]\n" },
		"anchors":                func(n int) string { return "l:\n" + each(n/10, "- &b%x x\n") },
		"tags":                   func(n int) string { return "l:\n" + repeat("- !!str x\n", n/10) },
		"tags on a line":         func(n int) string { return "l: [" + repeat("! 12, ", n/5) + "]\n" },
	} {
		syntaxtest.Linear(t, name, 20_000, func(n int) time.Duration { return edited(t, name, text(n)) })
	}
}

func laughs(n int) string {
	var b strings.Builder
	b.WriteString("a0: &a0 [x]\n")
	for i := range n {
		fmt.Fprintf(&b, "a%d: &a%d [*a%d, *a%d, *a%d]\n", i+1, i+1, i, i, i)
	}
	return b.String()
}

// edited is how long a replacement of the last long value and of a short one, and
// an addition, take.
func edited(t *testing.T, name, text string) time.Duration {
	t.Helper()
	start := time.Now()
	src := []byte("k: old\n" + text)
	out, err := syntaxtest.Set(yamldoc.Open, src, "/k", "new")
	if err != nil || string(out) != "k: new\n"+text {
		t.Errorf("%s: %v", name, err)
	}
	if _, err := syntaxtest.Set(yamldoc.Open, src, "/l", "new"); err != nil && !syntax.Is(err, syntax.NotFound) && !syntax.Is(err, syntax.NotString) {
		t.Errorf("%s: %v", name, err)
	}
	if _, err := syntaxtest.Add(yamldoc.Open, src, "/new", "new"); err != nil && name != "documents" {
		t.Errorf("%s, added: %v", name, err)
	}
	return time.Since(start)
}

// What is nested deeper than the parsers go is refused at once, and what is not
// takes no stack that grows without bound.
func TestDeepNestingIsReadOrRefused(t *testing.T) {
	if testing.Short() {
		t.Skip("reads large files")
	}
	for _, levels := range []int{9_000, 100_000} {
		for name, text := range map[string]string{
			"lists":             "k: old\nl: " + strings.Repeat("[", levels) + strings.Repeat("]", levels) + "\n",
			"mappings":          "k: old\nl: " + strings.Repeat("{a: ", levels) + strings.Repeat("}", levels) + "\n",
			"JSON":              `{"k":"old","l":` + strings.Repeat(`[{"a":`, levels/2) + "1" + strings.Repeat("}]", levels/2) + "}\n",
			"lists on one line": "k: old\nl:\n" + strings.Repeat("- ", levels) + "x\n",
			"keys on one line":  "k: old\nl:\n" + strings.Repeat(" ? ", levels) + "x\n",
		} {
			start := time.Now()
			_, err := syntaxtest.Set(yamldoc.Open, []byte(text), "/k", "new")
			if levels < 10_000 && err != nil || levels > 10_000 && !syntax.Is(err, syntax.Unsupported) {
				t.Errorf("%s, %d: %v", name, levels, err)
			}
			if _, err := syntaxtest.Add(yamldoc.Open, []byte(text), "/new", "new"); err != nil && syntaxtest.KindOf(err) == syntax.Verify {
				t.Errorf("%s, %d, added: %v", name, levels, err)
			}
			if took := time.Since(start); took > 30*time.Second {
				t.Errorf("%s, %d: %v", name, levels, took)
			}
		}
	}
}

// BenchmarkMillionKeys is a replacement with all its verification.
func BenchmarkMillionKeys(b *testing.B) {
	src := []byte("k: old\n" + each(1_000_000, "a%x: v\n"))
	b.SetBytes(int64(len(src)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := syntaxtest.Set(yamldoc.Open, src, "/k", "new"); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkLongLine is one of 10 MB.
func BenchmarkLongLine(b *testing.B) {
	src := []byte("k: old\nl: \"" + strings.Repeat("x y", 10<<20/3) + "\"\n")
	b.SetBytes(int64(len(src)))
	for b.Loop() {
		if _, err := syntaxtest.Set(yamldoc.Open, src, "/l", "new"); err != nil {
			b.Fatal(err)
		}
	}
}

func each(n int, text string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.ReplaceAll(text, "%x", fmt.Sprintf("%x", i)))
	}
	return b.String()
}
