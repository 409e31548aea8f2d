package inifile_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/document/inifile"
	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/document/syntax/syntaxtest"
)

func TestTimeGrowsWithTheFileOnly(t *testing.T) {
	if testing.Short() {
		t.Skip("reads large files")
	}
	for name, text := range map[string]func(n int) string{
		"sections":         func(n int) string { return each(n, "[s%x]\nk = 1\n") },
		"sections of keys": func(n int) string { return each(n/100, "[s%x]\n"+strings.Repeat("#\n", 50)+each(50, "k%x = 1\n")) },
		"keys":             func(n int) string { return each(n, "k%x = 1\n") },
		"refused values":   func(n int) string { return each(n, "[s%x]\nk = %%(x)s\n") },
		"deeper lines":     func(n int) string { return "[s]\nk = 1\n" + each(n/40, "  x%x\n") },
		"one section":      func(n int) string { return strings.Repeat("[s]\nk = 1\n", n) },
		"a long value":     func(n int) string { return "[s]\nk = " + strings.Repeat("x", 40*n) + "\n" },
		"a long key":       func(n int) string { return strings.Repeat("x", 40*n) + " = 1\n" },
		"comments":         func(n int) string { return strings.Repeat(";l = x\n", 5*n) },
		"blank lines":      func(n int) string { return strings.Repeat("\r\n", 10*n) },
	} {
		syntaxtest.Linear(t, name, 4_000, func(n int) time.Duration { return edited(t, name, text(n)) })
	}
}

// edited is how long a replacement and an addition take.
func edited(t *testing.T, name, text string) time.Duration {
	t.Helper()
	start := time.Now()
	src := []byte("[a]\nk = old\n" + text)
	out, err := syntaxtest.Set(inifile.Open, src, "a/k", "new")
	if err != nil || string(out) != "[a]\nk = new\n"+text {
		t.Errorf("%s: %v", name, err)
	}
	if _, err := syntaxtest.Add(inifile.Open, src, "a/l", "new"); err != nil {
		t.Errorf("%s, added: %v", name, err)
	}
	return time.Since(start)
}

// What ini.v1 would take hours for is refused at once.
func TestWhatTheSecondParserIsTooSlowForIsRefused(t *testing.T) {
	for name, text := range map[string]string{
		"numbered keys":    "k = 1\n" + strings.Repeat("- = 1\n", 25_000),
		"folded lines":     "k = 1\n" + strings.Repeat("x\\\n", 1<<18),
		"three quotes":     "k = 1\nj = \"\"\"\n" + strings.Repeat("x\n", 1<<18),
		"back quotes":      "k = 1\nj = `\n" + strings.Repeat("x\n", 1<<18),
		"swallowed titles": "k = 1\n" + each(25_000, "[s%x]\nk = \\\r\n"),
	} {
		start := time.Now()
		_, err := syntaxtest.Set(inifile.Open, []byte(text), "/k", "new")
		if !syntax.Is(err, syntax.Unsupported) {
			t.Errorf("%s: %v", name, err)
		}
		if took := time.Since(start); took > 20*time.Second {
			t.Errorf("%s took %v", name, took)
		}
	}
}

// BenchmarkMillionKeys is a replacement with all its verification.
func BenchmarkMillionKeys(b *testing.B) {
	src := []byte("[a]\nk = old\n" + each(10_000, "[s%x]\n"+each(100, "k%x = 1\n")))
	b.SetBytes(int64(len(src)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := syntaxtest.Set(inifile.Open, src, "a/k", "new"); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkKeysOfOneSection is of a million, too.
func BenchmarkKeysOfOneSection(b *testing.B) {
	src := []byte("[a]\nk = old\n[b]\n" + each(1_000_000, "k%x = 1\n"))
	b.SetBytes(int64(len(src)))
	for b.Loop() {
		if _, err := syntaxtest.Set(inifile.Open, src, "a/k", "new"); err != nil {
			b.Fatal(err)
		}
	}
}

func each(n int, text string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.ReplaceAll(text, "%x", fmt.Sprintf("%x", i)))
	}
	return strings.ReplaceAll(b.String(), "%%", "%")
}
