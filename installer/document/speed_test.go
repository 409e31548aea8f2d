package document_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/document"
	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/document/syntax/syntaxtest"
)

// shape makes files of a format with any number of values.
type shape struct {
	format            document.Format
	size              int // of the larger of two files: four times the other
	head, entry, tail string
	place             string // of an entry; both hold %d
}

func shapes() []shape {
	const large, dear = 4 << 20, 1 << 20 // dear where a second parser is slow
	return []shape{
		{document.JSONC, large, "{\n", "  \"key%d\": \"value\", // why\n", "}\n", "/key%d"},
		{document.JSON, large, "{\n  \"a\": 1", ",\n  \"key%d\": \"value\"", "\n}\n", "/key%d"},
		{document.YAML, dear, "# head\n", "key%d: value # why\n", "", "/key%d"},
		{document.Kubernetes, dear, "kind: Secret\nstringData:\n", "  key%d: value\n", "", "/stringData/key%d"},
		{document.XML, dear, "<c>\n", "  <add key=\"key%d\" value=\"value\"/>\n", "</c>\n", "/c/add[@key=\"key%d\"]/@value"},
		{document.TOML, dear, "", "key%d = \"value\" # why\n", "", "/key%d"},
		{document.INI, dear, "", "[section%d]\nkey = value\n", "", "section%d/key"},
		{document.Env, dear, "", "KEY%d=value\n", "", "KEY%d"},
		{document.SystemdEnv, large, "", "KEY%d=value\n", "", "KEY%d"},
		{document.Unit, dear, "[Service]\n", "Environment=KEY%d=value\n", "", "Service/Environment/KEY%d"},
		{document.Properties, dear, "", "key%d = value\n", "", "key%d"},
	}
}

// file is a file of a size and the place of its last entry.
func (s shape) file(size int) (src []byte, place string) {
	var b strings.Builder
	b.WriteString(s.head)
	n := 0
	for ; b.Len() < size; n++ {
		fmt.Fprintf(&b, s.entry, n)
	}
	b.WriteString(s.tail)
	return []byte(b.String()), fmt.Sprintf(s.place, n-1)
}

// edit is how long it takes to edit the last entry.
func (s shape) edit(t *testing.T, size int) time.Duration {
	t.Helper()
	src, place := s.file(size)
	start := time.Now()
	out, err := document.Edit(src, s.format, at(place, entra))
	took := time.Since(start)
	if err != nil || len(out) < len(src)+len(entra)-len(`"value"`) {
		t.Fatalf("%s: %v", place, err)
	}
	return took
}

func TestTimeGrowsWithTheSizeOfAFile(t *testing.T) {
	if testing.Short() {
		t.Skip("large files")
	}
	for _, s := range shapes() {
		t.Run(string(s.format), func(t *testing.T) {
			var small, large time.Duration
			for range 3 { // other work on the machine slows the one or the other
				small, large = s.edit(t, s.size/4), s.edit(t, s.size)
				t.Logf("%v for %d kB, %v for %d kB", small, s.size>>12, large, s.size>>10)
				if large < 8*small {
					return
				}
			}
			t.Errorf("%v for %d kB, %v for %d kB", small, s.size>>12, large, s.size>>10)
		})
	}
}

func TestAnEditOfJSONTakesLittleMemory(t *testing.T) {
	for _, s := range shapes()[:2] {
		src, place := s.file(16 << 20)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if _, err := document.Edit(src, s.format, at(place, entra)); err != nil {
			t.Fatal(err)
		}
		runtime.ReadMemStats(&after)
		took := float64(after.TotalAlloc-before.TotalAlloc) / float64(len(src))
		t.Logf("%s: %.2f times the file", s.format, took)
		if took > 3 {
			t.Errorf("%s: %.2f times the file", s.format, took)
		}
	}
}

func TestDeepNestingIsBounded(t *testing.T) {
	const levels = 100_000
	deep := func(open, within, end string) string {
		return strings.Repeat(open, levels) + within + strings.Repeat(end, levels)
	}
	for name, c := range map[string]struct {
		format    document.Format
		place, in string
	}{
		"arrays of JSON":         {document.JSON, strings.Repeat("/0", levels), deep("[", `"x"`, "]")},
		"objects of JSON":        {document.JSONC, strings.Repeat("/a", levels), deep(`{"a":`, `"x"`, "}")},
		"JSON that ends in it":   {document.JSONC, "/0", strings.Repeat("[", levels)},
		"sequences of YAML":      {document.YAML, strings.Repeat("/0", levels), deep("[", "x", "]")},
		"mappings of YAML":       {document.YAML, strings.Repeat("/a", levels), deep("{a: ", "x", "}")},
		"sequences on a line":    {document.YAML, strings.Repeat("/0", levels), deep("- ", "x", "")},
		"elements":               {document.XML, strings.Repeat("/a", levels), deep("<a>", "x", "</a>")},
		"elements that end open": {document.XML, "/a", strings.Repeat("<a>", levels)},
		"arrays of TOML":         {document.TOML, "/a" + strings.Repeat("/0", levels), "a = " + deep("[", `"x"`, "]")},
		"tables within braces":   {document.TOML, strings.Repeat("/a", levels+1), "a = " + deep("{a = ", `"x"`, "}")},
		"dots of TOML":           {document.TOML, strings.Repeat("/a", levels+1), deep("a.", `a = "x"`, "")},
		"a table of TOML":        {document.TOML, strings.Repeat("/a", levels+2), "[" + deep("a.", "a", "") + "]\na = \"x\""},
		"dots of properties":     {document.Properties, deep("a.", "a", ""), deep("a.", "a", "") + " = x"},
		"lines of a unit":        {document.Unit, "Service/Environment/A", "[Service]\nEnvironment=" + deep("\\\n", "A=x", "")},
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			_, err := document.Edit([]byte(c.in), c.format, at(c.place, entra))
			took := time.Since(start)
			t.Logf("%v, %v", took, syntaxtest.KindOf(err))
			if kind := syntaxtest.KindOf(err); err != nil && (kind == "" || kind == syntax.Verify) {
				t.Error(kind)
			}
			if took > time.Minute {
				t.Errorf("%v", took)
			}
		})
	}
}

func TestOneHugeLineIsEdited(t *testing.T) {
	if testing.Short() {
		t.Skip("large files")
	}
	long := strings.Repeat("x", 8<<20)
	for name, c := range map[string]struct {
		format             document.Format
		place, before, end string
	}{
		"JSON":                  {document.JSONC, "/a", `{"b":1,"a":"`, `"}`},
		"JSON behind it":        {document.JSON, "/a", `{"b":"` + long + `","a":"`, `"}`},
		"YAML":                  {document.YAML, "/a", "a: ", "\n"},
		"YAML, quoted":          {document.YAML, "/a", `{b: c, "a": "`, `"}`},
		"YAML, in a comment":    {document.YAML, "/a", "a: \"", "\" # y"},
		"a Secret":              {document.Kubernetes, "/stringData/a", "kind: Secret\nstringData:\n  a: |\n    ", "\n"},
		"XML, text":             {document.XML, "/a/b", "<a><b>", "</b></a>"},
		"XML, attribute":        {document.XML, "/a/@b", "<a b='", "'/>"},
		"TOML":                  {document.TOML, "/a", `a = "`, `"`},
		"INI":                   {document.INI, "a/b", "[a]\nb = ", "\n"},
		"environment":           {document.Env, "A", "A=", "\n"},
		"environment, quoted":   {document.Env, "A", "A='", "'\n"},
		"systemd's environment": {document.SystemdEnv, "A", "A=\"", "\"\n"},
		"a unit":                {document.Unit, "Service/Environment/A", "[Service]\nEnvironment=\"A=", "\"\n"},
		"properties":            {document.Properties, "a", "a = ", "\n"},
		"a raw file":            {document.Raw, "", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			out, err := document.Edit([]byte(c.before+long+c.end), c.format, at(c.place, entra))
			took := time.Since(start)
			t.Logf("%v, %v", took, err)
			if err == nil && !strings.Contains(string(out), entra) || syntaxtest.KindOf(err) == syntax.Verify {
				t.Errorf("%v", err)
			}
			if took > time.Minute {
				t.Errorf("%v", took)
			}
		})
	}
}
