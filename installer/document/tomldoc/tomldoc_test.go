package tomldoc_test

import (
	"strings"
	"testing"

	"github.com/pelletier/go-toml/v2"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/document/syntax/syntaxtest"
	"github.com/empowersuite/backend-installer/installer/document/tomldoc"
)

func TestALawfulEditOfTOML(t *testing.T) {
	syntaxtest.Run(t, tomldoc.Open, samples(), nil)
}

func TestACarelessEncoderGetsNothingWrongThrough(t *testing.T) {
	syntaxtest.Mutation(t, tomldoc.Open, samples(), 2000)
}

func FuzzTOML(f *testing.F) { syntaxtest.Fuzz(f, tomldoc.Open, samples()) }

// FuzzGoTOML: what go-toml's decoder takes is read, and what it holds for there
// twice is there twice.
func FuzzGoTOML(f *testing.F) {
	for _, s := range samples() {
		f.Add(s.Source())
	}
	for _, text := range twice() {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		_, err := tomldoc.Open(src)
		kind := syntaxtest.KindOf(err)
		if kind == syntax.Encoding || kind == syntax.Unsupported || strings.HasPrefix(string(src), syntax.MarkUTF8) {
			return
		}
		var all map[string]any
		theirs := toml.Unmarshal(src, &all)
		if theirs == nil && err != nil || saysTwice(theirs) && err == nil {
			t.Errorf("%q: %v, go-toml: %v", src, err, theirs)
		}
	})
}

func saysTwice(err error) bool {
	return err != nil && (strings.Contains(err.Error(), "already") || strings.Contains(err.Error(), "should be"))
}

func samples() []syntaxtest.Sample {
	at := func(name, pointer, text string) syntaxtest.Sample {
		return syntaxtest.Sample{Name: name, At: pointer, Text: text, Old: "old"}
	}
	return []syntaxtest.Sample{
		at("root", "/a", "a = «\"old\"»\n"),
		at("literal", "/a", "a = «'old'»\n"),
		{Name: "empty", At: "/a", Text: "a = «\"\"»\n", Old: ""},
		{Name: "empty literal", At: "/a", Text: "a = «''» # x\n", Old: ""},
		{Name: "escapes", At: "/a", Text: "a = «\"\\u00e4\\U0001F600\\\\\\\"\\b\\t\\n\\f\\r/\"»\n", Old: "ä😀\\\"\b\t\n\f\r/"},
		{Name: "not ASCII", At: "/a", Text: "\"ü\" = 1 # 漢字\na = «\"ä漢😀\"»\n", Old: "ä漢😀"},
		{Name: "lines", At: "/a", Text: "a = «\"\"\"\none\n  two \\\n   three\"\"\"» # x\nb = 1\n", Old: "one\n  two three"},
		{Name: "lines with quotes", At: "/a", Text: "a = «\"\"\"one \"\"two\"\"\"\"\"»\nb = 1\n", Old: `one ""two""`},
		{Name: "literal lines", At: "/a", Text: "a = «'''\none\n''two\\\n'''»\nb = 1\n", Old: "one\n''two\\\n"},
		{Name: "lines with CRLF", At: "/a", Text: "a = «\"\"\"\r\none\r\ntwo\"\"\"»\r\nb = 1\r\n", Old: "one\r\ntwo"},
		at("CRLF", "/t/a", "# x\r\n[t]\r\na = «\"old\"»\r\nb = 2\r\n"),
		at("mixed line ends", "/t/a", "# x\r\n\n[t]\nb = 1\r\na = «\"old\"»\n\r\n"),
		at("no final newline", "/t/a", "[t]\na=«\"old\"»"),
		at("byte order mark", "/t/a", "\xef\xbb\xbf[t]\r\na = «\"old\"»\r\n"),
		at("tabs", "/t/a", "\t[t]\t# x\n\ta\t=\t«\"old\"»\t# y\n"),
		at("decoys", "/t/a", "# a = \"old\"\na = \"old\"\nx = \"[t]\\na = 'old'\"\ny = '''\n[t]\na = \"old\"\n'''\n[s]\na = \"old\"\n[t]\nb = \"old\" # a = \"old\"\na = «\"old\"» # a = \"old\"\n"),
		at("a quoted key", "/t/a b", "[t]\n\"a b\" = «\"old\"»\n'a.b' = 1\n"),
		at("a quoted table", "/a.b/c", "[\"a.b\"]\nc = «'old'»\n[a.b]\nc = 1\n"),
		at("slash and tilde", "/a~1b/c~0d", "[\"a/b\"]\n'c~d' = «\"old\"»\n"),
		at("an empty key", "/", "\"\" = «\"old\"»\n"),
		at("a key with escapes", "/aä", "\"\\u0061\\u00e4\" = «\"old\"»\n"),
		at("a dotted key", "/a/b/c", "a.b.d = 1\na . \"b\" . c = «\"old\"»\n[a.x]\nb.c = 2\n"),
		at("an inline table", "/t/a", "t = { b = 1, a = «\"old\"», c = { a = 'x' } } # t\n"),
		at("a deep inline table", "/t/c/a", "t = {b=1,a=\"x\",c={a=«'old'»}}\n"),
		at("a dotted key in an inline table", "/t/a/b", "t = {a.c=1, a.b=«'old'»}\n"),
		at("an array", "/a/1", "a = [\"x\", «\"old\"», 'y']\n"),
		at("an array of lines", "/a/2", "a = [\n  \"x\", # [\n  'y',\n  # z\n  «\"old\"»,\n]\n"),
		at("arrays within", "/a/1/0", "a = [[1, 2], [«\"old\"», []], [], {}]\n"),
		at("tables in an array", "/a/1/b", "a = [{b = 'x'}, {b = «'old'»}]\n"),
		at("an array of tables", "/a/1/b", "[[a]]\nb = \"x\"\n[[a]]\nc = 1\nb = «\"old\"»\n[[a]]\nb = \"y\"\n"),
		at("arrays of tables within", "/a/1/c/0/d", "[[a]]\n[[a.c]]\nd = 1\n[[a]]\n[[a.c]]\nd = «'old'»\n[[a.c]]\n[a.t]\nd = 2\n"),
		at("the table around comes later", "/a/c", "[a.b]\nc = \"x\"\n[a]\nc = «\"old\"»\n"),
		at("values of all kinds", "/z", "a = 1_000\nb = 0x1F\nc = -1.5e3\nd = nan\ne = -inf\nf = true\ng = 1979-05-27T07:32:00Z\nh = 1979-05-27 07:32:00.5\n"+
			"i = 1979-05-27\nj = 07:32:00\nk = []\nl = {}\nm = +0.0\nz = «\"old\"»\nn = -0.0\n[o]\n[[p]]\n"),
		at("as Traefik has it", "/certificatesResolvers/main/acme/email", "[global]\n  checkNewVersion = true\n\n[entryPoints]\n  [entryPoints.web]\n    address = \":80\"\n\n"+
			"[certificatesResolvers.main.acme]\n  email = «\"old\"»\n  storage = \"acme.json\"\n  [certificatesResolvers.main.acme.httpChallenge]\n    entryPoint = \"web\"\n"),
		at("TOML 1.1", "/a/b", "a = {\n  c = \"\\x41\\e\", # x\n  b = «'old'»,\n}\n"),
	}
}

// twice are files in which a key or table is there twice.
func twice() []string {
	return []string{
		"a = 1\na = 2\n", "a = 1\n\"a\" = 2\n", "a = 1\na.b = 2\n", "a.b = 1\na = 2\n", "a.b = 1\n[a]\n", "[a]\n[a]\n", "[a.b]\n[a]\nb = 1\n", "[a.b]\n[a]\nb.c = 1\n",
		"a = {}\n[a]\n", "a = {}\n[a.b]\n", "a = {}\na.b = 1\n", "a = []\n[[a]]\n", "[[a]]\n[a]\n", "[a]\n[[a]]\n", "[[a]]\nb = 1\nb = 2\n", "a = {b = 1, b = 2}\n",
		"a = {b = 1, b.c = 2}\n", "a = [{b = 1, b = 2}]\n", "a = 1\n[a.b]\n", "[a]\nb.c = 1\n[a.b]\n", "[a.b]\n[[a]]\n", "[[a.b]]\n[a]\nb.c = 1\n",
	}
}
