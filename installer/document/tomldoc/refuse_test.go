package tomldoc_test

import (
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/document/syntax/syntaxtest"
	"github.com/empowersuite/backend-installer/installer/document/tomldoc"
)

func TestTOMLThatIsNotSureIsRefused(t *testing.T) {
	const hidden = `"` + syntaxtest.Entra + `"`
	refuse := func(name, at, text string, want syntax.Kind, place string) syntaxtest.Refusal {
		return syntaxtest.Refusal{Name: name, At: at, Text: text, Want: want, Place: place}
	}
	syntaxtest.Refusals(t, tomldoc.Open, []syntaxtest.Refusal{
		refuse("missing", "/a/b", "[a]\nc = "+hidden+"\n", syntax.NotFound, "1:2: no /a/b"),
		refuse("through a text", "/a/b", "a = "+hidden+"\n", syntax.NotFound, ""),
		refuse("another case", "/A", "a = "+hidden+"\n", syntax.NotFound, ""),
		refuse("index beyond", "/a/1", "a = ["+hidden+"]\n", syntax.NotFound, ""),
		refuse("index with a zero", "/a/00", "a = ["+hidden+"]\n", syntax.NotFound, ""),
		refuse("only in a comment", "/a", "# a = "+hidden+"\n", syntax.NotFound, ""),
		refuse("only in a text", "/a", "b = '''\na = "+hidden+"\n'''\n", syntax.NotFound, ""),
		refuse("the whole file", "", "a = "+hidden+"\n", syntax.NotString, ""),
		refuse("no pointer", "a", "a = "+hidden+"\n", syntax.BadPointer, ""),
		refuse("a number", "/a", "b = "+hidden+"\na = 1\n", syntax.NotString, "2:5: "),
		refuse("a date", "/a", "a = 1979-05-27\n", syntax.NotString, "1:5: "),
		refuse("a truth value", "/t/a", "[t]\na = true\n", syntax.NotString, "2:5: "),
		refuse("a table", "/t", "[t]\na = "+hidden+"\n", syntax.NotString, "1:2: "),
		refuse("a table of a table", "/t", "[t.u]\na = "+hidden+"\n", syntax.NotString, "1:2: "),
		refuse("a table of dotted keys", "/t/u", "t.u.a = "+hidden+"\n", syntax.NotString, "1:3: "),
		refuse("an inline table", "/t", "t = {a = "+hidden+"}\n", syntax.NotString, "1:5: "),
		refuse("an array", "/t", "t = ["+hidden+"]\n", syntax.NotString, "1:5: "),
		refuse("an array in an array", "/t/1", "t = [[], # [\n ["+hidden+"]]\n", syntax.NotString, "2:2: "),
		refuse("an array of tables", "/t", "[[t]]\na = "+hidden+"\n", syntax.NotString, "1:3: "),
		refuse("an element of an array of tables", "/t/1", "[[t]]\n[[t]]\na = "+hidden+"\n", syntax.NotString, "2:3: "),
		refuse("sops", "/a", "a = 'ENC[AES256_GCM,data:x,tag:y,type:str]'\n", syntax.Encrypted, "1:5: "),
		refuse("the key twice", "/a", "a = "+hidden+"\nb = 1\n\"a\" = 1\n", syntax.Ambiguous, "3:1: "),
		refuse("another key twice", "/a", "a = "+hidden+"\nb = 1\nb = 2\n", syntax.Ambiguous, "3:1: "),
		refuse("UTF-16", "/a", string(syntaxtest.Wide("a = 'x'\n", false)), syntax.Encoding, "1:1: "),
		refuse("no UTF-8", "/a", "a = 'x\xff'\n", syntax.Encoding, "1:7: "),
		refuse("a NUL", "/a", "a = 'x'\n\x00", syntax.Encoding, "2:1: "),
		refuse("a bare carriage return", "/a", "a = "+hidden+"\rb = 1\n", syntax.Syntax, "1:47: "),
		refuse("a bare carriage return in a comment", "/a", "a = "+hidden+" # x\r\n# y\rz\n", syntax.Syntax, "2:4: "),
		refuse("a bare carriage return in lines", "/a", "a = '''x\ry'''\n", syntax.Syntax, "1:9: "),
		refuse("a second mark", "/a", "\xef\xbb\xbf\xef\xbb\xbfa = "+hidden+"\n", syntax.Syntax, "1:1: "),
		refuse("no value", "/a", "a = "+hidden+"\nb =\n", syntax.Syntax, "2:4: "),
		refuse("no quotes", "/a", "a = "+syntaxtest.Entra+"\n", syntax.Syntax, "1:5: "),
		refuse("no end", "/a", "a = \""+syntaxtest.Entra+"\n", syntax.Syntax, "1:46: "),
		refuse("an unknown escape", "/a", `a = "\q"`, syntax.Syntax, "1:6: "),
		refuse("two on a line", "/a", "a = "+hidden+" b = 1\n", syntax.Syntax, "1:48: "),
		refuse("a date that is none", "/a", "a = "+hidden+"\nb = 1979-99-99\n", syntax.ParserDiffer, ""),
		refuse("a number that is too large", "/a", "a = "+hidden+"\nb = 99999999999999999999\n", syntax.ParserDiffer, ""),
	})
}

func TestWhatIsThereTwiceIsSeen(t *testing.T) {
	for _, text := range twice() {
		if _, err := tomldoc.Open([]byte(text)); !syntax.Is(err, syntax.Ambiguous) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestNestingIsBounded(t *testing.T) {
	deep := func(n int, open, end string) string {
		return "a = " + strings.Repeat(open, n) + strings.Repeat(end, n) + "\n"
	}
	dotted := func(n int) string { return strings.Repeat("b.", n) + "c = 1\n" }
	for name, text := range map[string]string{
		"brackets": deep(100_000, "[", "]"), "brackets without end": strings.Repeat("[", 100_000), "an array without end": deep(100_000, "[", ""),
		"braces": deep(100_000, "{a=", "}"), "fewer brackets": deep(1001, "[", "]"), "dotted": dotted(100_000), "fewer dots": dotted(1001),
		"a header": "[" + strings.Repeat("b.", 100_000) + "c]\n", "tables": "[[" + strings.Repeat("b.", 100_000) + "c]]\n",
	} {
		_, err := tomldoc.Open([]byte(text))
		want := syntax.Unsupported
		if name == "brackets without end" {
			want = syntax.Syntax
		}
		if !syntax.Is(err, want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, text := range map[string]string{"brackets": deep(900, "[", "]"), "dotted": dotted(900), "braces": strings.Replace(deep(900, "{a=", "}"), "=}", "=1}", 1)} {
		if out, err := syntaxtest.Set(tomldoc.Open, []byte("z = 'x'\n"+text), "/z", "y"); err != nil || string(out) != "z = 'y'\n"+text {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestPathsAreBounded(t *testing.T) {
	_, err := tomldoc.Open([]byte("[" + strings.Repeat("x", 1<<20) + "]\n" + keys(1000) + "z = 'x'\n"))
	if !syntax.Is(err, syntax.Unsupported) {
		t.Errorf("got %v", err)
	}
}
