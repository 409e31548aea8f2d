package envfile_test

import (
	"strings"
	"testing"
	"unicode"

	"github.com/empowersuite/backend-installer/installer/document/envfile"
	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/document/syntax/syntaxtest"
)

// systemdSamples are files of EnvironmentFile=.
func systemdSamples() []syntaxtest.Sample {
	return []syntaxtest.Sample{
		sample("first", "A", "old", "A=«old»\nB=x\n"),
		sample("last", "B", "old", "A=x\nB=«old»\n"),
		sample("no final newline", "B", "old", "A=x\nB=«old»"),
		sample("CRLF", "A", "old", "A=«old»\r\nB=x\r\n"),
		sample("mixed line ends", "B", "old", "A=x\r\n\nB=«old»\nC=y\r\n"),
		sample("indented", "A", "old", "  \tA=«old»\n"),
		sample("blanks around", "A", "old", "A = «old» \t\nB=x\n"),
		sample("empty", "A", "", "A=«»\nB=x\n"),
		sample("empty at the end", "A", "", "B=x\nA=«»"),
		sample("empty, blanks behind", "A", "", "A= «»\r\nB=x\r\n"),
		sample("double quotes", "A", "old one", "A=«\"old one\"»\nB=x\n"),
		sample("single quotes", "A", "old one", "A=«'old one'»\nB=x\n"),
		sample("quotes, blanks around, no final newline", "A", " old ", "A= «' old '» "),
		sample("empty quotes", "A", "", "A=«\"\"»\nB=''\n"),
		sample("several words", "A", "a b  c", "A=«a b  c»\n"),
		sample("quotes within", "A", `it's "x"`, "A=«it's \"x\"»\nB=y\n"),
		sample("escapes", "A", `a "b c\d `, `A=«a\ \"b c\\d\ »`+"\nB=\\x\n"),
		sample("escapes in quotes", "A", "a\"b\\c$d`e", "A=«\"a\\\"b\\\\c\\$d\\`e\"»\nB=\"\\x\"\n"),
		sample("continued", "A", "a bc  d", "A=«a b\\\nc \\\n d»\nB=x\n"),
		sample("continued in quotes", "A", "a  b\n", "A=«\"a \\\n b\n\"»\nB=x\n"),
		sample("continued into an empty line", "A", "a", "A=«a\\\n»\nB=x\n"),
		sample("several lines in quotes", "A", "a\nB=y\n#z", "A=«'a\nB=y\n#z'»\nB=x\n"),
		sample("behind several lines", "A", "old", "B=\"x\nA=y\"\nC=x\\\nA=z\nA=«old»\n"),
		sample("comments", "A", "old", "#A=x\n ;A=y\n; don't \"\\ \nA=«old»\n"),
		sample("signs", "A", "a=b;c$d`e", "A=«a=b;c$d`e»\n"),
		sample("a # that begins nothing", "A", "a#b", "A=«a#b»\n"),
		sample("not ASCII", "A", "grün\u00a0", "A=«grün\u00a0»\nB=😀\n"),
		sample("lines that systemd ignores", "A", "old", "[Service]\nexport B\nexport A=x\nA x\nA=«old»\nA-B=y\nA\n"),
		sample("percent", "A", "50%", "A=«50%»\n"),
		sample("a tab", "A", "a\tb", "A=«a\tb»\n"),
	}
}

func cannotInSystemd(_ syntaxtest.Sample, value string) bool {
	return strings.Contains(value, "{{") || strings.ContainsFunc(value, func(r rune) bool {
		return unicode.IsControl(r) && r != '\t' && r != '\n' || r == '\ufeff'
	})
}

func TestSystemdsEnvFilesKeepTheLaws(t *testing.T) {
	syntaxtest.Run(t, envfile.OpenSystemd, systemdSamples(), cannotInSystemd)
}

func TestACarelessSystemdEncoderIsCaught(t *testing.T) {
	syntaxtest.Mutation(t, envfile.OpenSystemd, systemdSamples(), 500)
}

func FuzzSystemd(f *testing.F) { syntaxtest.Fuzz(f, envfile.OpenSystemd, systemdSamples()) }

func TestQuotesChangeAsLittleAsTheyCan(t *testing.T) {
	for _, c := range [][3]string{
		{"x", "a b", "a b"},
		{"x", " a", "' a'"},
		{"x", "a#b", "'a#b'"},
		{"x", "it's", `"it's"`},
		{"x", `a\b`, `"a\\b"`},
		{"x", "a\nb", "'a\nb'"},
		{"x", "\u00a0", "'\u00a0'"},
		{"'x'", "a", "'a'"},
		{"'x'", "$a`", "'$a`'"},
		{"'x'", "it's $a`", "\"it's \\$a\\`\""},
		{"'x'", `a\`, `"a\\"`},
		{`"x"`, `a"`, `"a\""`},
		{`"x"`, "", `""`},
		{"x", "", ""},
	} {
		out, err := syntaxtest.Set(envfile.OpenSystemd, []byte("A="+c[0]+"\n"), "A", c[1])
		if want := "A=" + c[2] + "\n"; err != nil || string(out) != want {
			t.Errorf("%q for %s: got %q, %v, want %q", c[1], c[0], out, err, want)
		}
	}
}

func TestAVariableIsAddedToSystemdsEnvFile(t *testing.T) {
	add := func(name, text, want string) syntaxtest.Addition {
		return syntaxtest.Addition{Name: name, At: "K", Value: "v", Text: text, Want: want}
	}
	syntaxtest.Additions(t, envfile.OpenSystemd, []syntaxtest.Addition{
		add("at the end", "A=1\n", "A=1\nK=v\n"),
		add("an empty file", "", "K=v\n"),
		add("no final newline", "A=1\nB=2", "A=1\nB=2\nK=v"),
		add("CRLF", "A=1\r\n", "A=1\r\nK=v\r\n"),
		add("behind nothing", "A=", "A=\nK=v"),
		add("behind a comment", "A=1\n;K=x", "A=1\n;K=x\nK=v"),
		add("behind several lines", "A='1\n2'", "A='1\n2'\nK=v"),
		add("behind what systemd ignores", "export K=1", "export K=1\nK=v"),
		{Name: "needs quotes", At: "K", Value: "a'b ", Text: "A=1\n", Want: "A=1\nK=\"a'b \"\n"},
	})
}

func TestWhatIsNotCertainInSystemdsEnvFilesIsRefused(t *testing.T) {
	const e = syntaxtest.Entra
	refuse := func(name, at, text string, want syntax.Kind, place string) syntaxtest.Refusal {
		return syntaxtest.Refusal{Name: name, At: at, Text: text, Want: want, Place: place}
	}
	syntaxtest.Refusals(t, envfile.OpenSystemd, []syntaxtest.Refusal{
		refuse("not there", "A", "B="+e+"\n;A="+e+"\n", syntax.NotFound, ""),
		refuse("exported", "A", "export A="+e+"\n", syntax.NotFound, ""),
		refuse("another case", "A", "a="+e+"\n", syntax.NotFound, ""),
		refuse("no name", "export A", "export A="+e+"\n", syntax.BadPointer, ""),
		refuse("nothing", "", "A="+e+"\n", syntax.BadPointer, ""),
		refuse("twice", "A", "A="+e+"\n A ="+e+"\n", syntax.Ambiguous, "2:5: "),
		refuse("no name before the sign", "A", "A=x\n ="+e+"\n", syntax.Syntax, "2:2: "),
		refuse("what looks like a comment", "A", "A="+e+" # "+e+"\n", syntax.ParserDiffer, "1:3: "),
		refuse("nothing but what looks like a comment", "A", "A=#"+e+"\n", syntax.ParserDiffer, "1:3: "),
		refuse("what looks like a comment behind quotes", "A", "A='x' # "+e+"\n", syntax.Unsupported, "1:7: "),
		refuse("two words in quotes", "A", "A='x' '"+e+"'\n", syntax.Unsupported, "1:7: "),
		refuse("something behind the quotes", "A", "B=\"x\""+e+"\nA=y\n", syntax.Unsupported, "1:6: "),
		refuse("a quote that is open", "A", "A=\""+e+"\n", syntax.Syntax, "1:3: "),
		refuse("an escaped quote that is open", "A", "A=\""+e+"\\\"\n", syntax.Syntax, "1:3: "),
		refuse("another's quote that is open", "A", "A="+e+"\nB='"+e, syntax.Syntax, "2:3: "),
		refuse("a backslash in single quotes", "A", "A='\\"+e+"'\n", syntax.ParserDiffer, "1:3: "),
		refuse("a backslash before the single quote", "A", "A='"+e+"\\'\n", syntax.ParserDiffer, "1:44: "),
		refuse("a backslash that is kept", "A", "A=\"\\n"+e+"\"\n", syntax.ParserDiffer, "1:3: "),
		refuse("a comment that swallows", "A", "# "+e+"\\\nA="+e+"\n", syntax.ParserDiffer, "1:43: "),
		refuse("a comment that ends in two backslashes", "A", " ; "+e+"\\\\\r\nA="+e+"\n", syntax.ParserDiffer, "1:45: "),
		refuse("continued by CRLF", "A", "A="+e+"\\\r\nx\r\n", syntax.ParserDiffer, "1:44: "),
		refuse("continued at the end", "A", "A="+e+"\\\n", syntax.Syntax, "1:44: "),
		refuse("a backslash at the end", "A", "A="+e+"\\", syntax.Syntax, "1:44: "),
		refuse("CR", "A", "A="+e+"\rB=x\n", syntax.ParserDiffer, "1:43: "),
		refuse("a NUL", "A", "A="+e+"\x00\n", syntax.Encoding, "1:43: "),
		refuse("not UTF-8", "A", "A=\xff"+e+"\n", syntax.Encoding, "1:3: "),
		refuse("a character that is reserved", "A", "A="+e+"\ufdd0\n", syntax.Encoding, "1:43: "),
		refuse("a byte order mark", "A", syntax.MarkUTF8+"A="+e+"\n", syntax.Encoding, "1:1: "),
		refuse("UTF-16", "A", string(syntaxtest.Wide("A="+e, true)), syntax.Encoding, "1:1: "),
		refuse("a template", "A", "A={{ "+e+" }}\n", syntax.Templated, "1:3: "),
		refuse("encrypted by sops", "A", "A=ENC[AES256_GCM,data:"+e+"]\n", syntax.Encrypted, "1:3: "),
		refuse("signed by sops", "A", "A="+e+"\nsops_mac=ENC[AES256_GCM,data:"+e+"]\n", syntax.Encrypted, "2:10: "),
	})
}
