package envfile_test

import (
	"strings"
	"testing"
	"unicode"

	"github.com/empowersuite/backend-installer/installer/document/envfile"
	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/document/syntax/syntaxtest"
)

func sample(name, at, old, text string) syntaxtest.Sample {
	return syntaxtest.Sample{Name: name, At: at, Text: text, Old: old}
}

// samples are .env files.
func samples() []syntaxtest.Sample {
	return []syntaxtest.Sample{
		sample("first", "A", "old", "A=«old»\nB=x\n"),
		sample("last", "B", "old", "A=x\nB=«old»\n"),
		sample("no final newline", "B", "old", "A=x\nB=«old»"),
		sample("CRLF", "A", "old", "A=«old»\r\nB=x\r\n"),
		sample("CRLF, quoted, no final newline", "B", "old", "A=x\r\nB=«\"old\"»"),
		sample("mixed line ends", "B", "old", "A=x\r\n\nB=«old»\nC=y\r\n"),
		sample("exported", "A", "old", "export A=«old»\nexport B=x\n"),
		sample("indented", "A", "old", "  \tA=«old»\n"),
		sample("empty", "A", "", "A=«»\nB=x\n"),
		sample("empty at the end", "A", "", "B=x\nA=«»"),
		sample("empty before CRLF", "A", "", "A=«»\r\nB=x\r\n"),
		sample("double quotes", "A", "old one", "A=«\"old one\"»\nB=x\n"),
		sample("single quotes", "A", "old one", "A=«'old one'»\nB=x\n"),
		sample("empty quotes", "A", "", "A=«\"\"»\nB=''\n"),
		sample("a comment behind quotes", "A", "a # b", "A=«\"a # b\"» # why\nB=x\n"),
		sample("blanks behind quotes", "A", "old", "A=«'old'» \t\nB=x\n"),
		sample("a dollar in single quotes", "A", "pa$word#1", "A=«'pa$word#1'»\nB=x\n"),
		sample("the other quote within", "A", "it's", "A=«\"it's\"»\nB='\"x\"'\n"),
		sample("not ASCII", "A", "grün", "A=«grün»\n# Grüße\nB=😀\n"),
		sample("decoys in comments", "A", "old", "#A=x\n # A=y\n## don't \"\nA=«old»\n"),
		sample("signs in the value", "A", "b=c:d==", "A=«b=c:d==»\n"),
		sample("a longer name", "A", "old", "AA=x\nA_=y\n_A=z\nA=«old»\nA1=1\nA.B=2\n"),
		sample("another case", "a", "old", "A=x\na=«old»\n"),
		sample("behind a value of several lines", "A", "old", "B=\"x\nA=y\nz\"\nA=«old»\nC='\n#'\n"),
		sample("before a value of several lines", "A", "old", "A=«old»\r\nB='x\r\nA=y\r\n' # z\r\n"),
		sample("behind escaped quotes", "A", "old", "B=\"x \\\"y\\\" \\\\ $z\"\nA=«old»\n"),
		sample("used by another", "A", "old", "A=«old»\nB=${A}x\nC=$A\nD=\"$A\"\n"),
		sample("among odd ones", "A", "old", "B = x\nC= y\nD=z # w\nE=`x`\nF=$(x)\nG=a b\nexport  H=\\x\nA=«old»\n"),
		sample("wildcards", "A", "*?[a-z]{}!^", "A=«*?[a-z]{}!^»\n"),
		sample("blank lines", "A", "old", "\n \t\n\r\nA=«old»\n\n"),
	}
}

// cannot tells what the place of a sample cannot hold.
func cannot(s syntaxtest.Sample, value string) bool {
	if strings.ContainsAny(value, "\\$`") || strings.Contains(value, "{{") || strings.ContainsFunc(value, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return true
	}
	switch {
	case strings.Contains(s.Text, "» #") && value != "" && value[len(value)-1] > '~':
		return true
	case strings.Contains(s.Text, `«"`):
		return strings.Contains(value, `"`)
	case strings.Contains(s.Text, "«'"):
		return strings.Contains(value, "'")
	}
	return strings.ContainsAny(value, ` !"#&'()*;<>?[]^{|}`) || strings.HasPrefix(value, "~") || strings.ContainsFunc(value, func(r rune) bool { return r > '~' })
}

func TestEnvFilesKeepTheLaws(t *testing.T) {
	syntaxtest.Run(t, envfile.Open, samples(), cannot)
}

func TestACarelessEnvEncoderIsCaught(t *testing.T) {
	syntaxtest.Mutation(t, envfile.Open, samples(), 1500)
}

func FuzzDotenv(f *testing.F) { syntaxtest.Fuzz(f, envfile.Open, samples()) }

func TestAVariableIsAddedToAnEnvFile(t *testing.T) {
	add := func(name, text, want string) syntaxtest.Addition {
		return syntaxtest.Addition{Name: name, At: "K", Value: "v", Text: text, Want: want}
	}
	syntaxtest.Additions(t, envfile.Open, []syntaxtest.Addition{
		add("at the end", "A=1\n", "A=1\nK=v\n"),
		add("an empty file", "", "K=v\n"),
		add("no final newline", "A=1\nB=2", "A=1\nB=2\nK=v"),
		add("CRLF", "A=1\r\n", "A=1\r\nK=v\r\n"),
		add("CRLF, no final newline", "A=1\r\nB=", "A=1\r\nB=\r\nK=v"),
		add("all exported", "export A=1\n# x\nexport B=2\n", "export A=1\n# x\nexport B=2\nexport K=v\n"),
		add("some exported", "export A=1\nB=2\n", "export A=1\nB=2\nK=v\n"),
		add("behind a comment", "A=1\n#K=x", "A=1\n#K=x\nK=v"),
		add("behind several lines", "A='1\n2'", "A='1\n2'\nK=v"),
		add("blank lines", "\n\n", "\n\nK=v\n"),
		add("others quoted", "A=\"1\"\n", "A=\"1\"\nK=v\n"),
		{Name: "needs quotes that others have", At: "K", Value: "a b", Text: "A='1'\nB=2\n", Want: "A='1'\nB=2\nK='a b'\n"},
	})
	for text, want := range map[string]syntax.Kind{
		"A=1;K=2\n": syntax.Ambiguous, "A=1\n": "", "A=1\\\n": syntax.ParserDiffer, "A='1\n": syntax.Syntax, "K = 1\n": syntax.Present,
	} {
		if _, err := syntaxtest.Add(envfile.Open, []byte(text), "K", "v"); syntaxtest.KindOf(err) != want {
			t.Errorf("%q: got %v, want %s", text, err, want)
		}
	}
	if _, err := syntaxtest.Add(envfile.Open, []byte("A=1\n"), "K", "a b"); syntaxtest.KindOf(err) != syntax.Unrepresent || !strings.Contains(err.Error(), "systemd-env") {
		t.Errorf("quotes where none are: %v", err)
	}
}

func TestWhatReadersOfEnvFilesDifferOnIsRefused(t *testing.T) {
	const e = syntaxtest.Entra
	refuse := func(name, at, text string, want syntax.Kind, place string) syntaxtest.Refusal {
		return syntaxtest.Refusal{Name: name, At: at, Text: text, Want: want, Place: place}
	}
	syntaxtest.Refusals(t, envfile.Open, []syntaxtest.Refusal{
		refuse("not there", "A", "B="+e+"\n#A="+e+"\n", syntax.NotFound, ""),
		refuse("another case", "A", "a="+e+"\n", syntax.NotFound, ""),
		refuse("no name", "A-B", "A="+e+"\n", syntax.BadPointer, ""),
		refuse("nothing", "", "A="+e+"\n", syntax.BadPointer, ""),
		refuse("begins with a digit", "1A", "A="+e+"\n", syntax.BadPointer, ""),
		refuse("with a sign", "A=", "A="+e+"\n", syntax.BadPointer, ""),
		refuse("twice", "A", "A="+e+"\nexport A="+e+"\n", syntax.Ambiguous, "2:10: "),
		refuse("a comment behind", "A", "A="+e+" # "+e+"\n", syntax.ParserDiffer, "1:3: "),
		refuse("a # in the value", "A", "A=a#"+e+"\n", syntax.ParserDiffer, "1:3: "),
		refuse("nothing but a comment", "A", "A=#"+e+"\n", syntax.ParserDiffer, "1:3: "),
		refuse("blanks before the sign", "A", "A ="+e+"\n", syntax.ParserDiffer, "1:4: "),
		refuse("blanks behind the sign", "A", "A= "+e+"\n", syntax.ParserDiffer, "1:4: "),
		refuse("blanks behind the value", "A", "A="+e+" \n", syntax.ParserDiffer, "1:3: "),
		refuse("blanks within", "A", "A=b "+e+"\n", syntax.ParserDiffer, "1:3: "),
		refuse("a tab within", "A", "A=\"b\t"+e+"\"\n", syntax.ParserDiffer, "1:3: "),
		refuse("two blanks behind export", "A", "export  A="+e+"\n", syntax.ParserDiffer, "1:11: "),
		refuse("a tab behind export", "A", "export\tA="+e+"\n", syntax.ParserDiffer, "1:10: "),
		refuse("back quotes", "A", "A=`"+e+"`\n", syntax.Unsupported, "1:3: "),
		refuse("one back quote", "A", "B=`"+e+"\nA="+e+"\n", syntax.ParserDiffer, "1:3: "),
		refuse("an expansion", "A", "A=${B}"+e+"\n", syntax.Templated, "1:3: "),
		refuse("an expansion in quotes", "A", "A=\"$B"+e+"\"\n", syntax.Templated, "1:3: "),
		refuse("an expansion of python-dotenv", "A", "A='${B}"+e+"'\n", syntax.Templated, "1:3: "),
		refuse("a template", "A", "A={{"+e+"}}\n", syntax.Templated, "1:3: "),
		refuse("encrypted by sops", "A", "A=ENC[AES256_GCM,data:"+e+"]\n", syntax.Encrypted, "1:3: "),
		refuse("signed by sops", "A", "A="+e+"\nsops_mac=ENC[AES256_GCM,data:"+e+"]\n", syntax.Encrypted, "2:10: "),
		refuse("continued", "A", "A="+e+"\\\nx\n", syntax.ParserDiffer, "1:3: "),
		refuse("a backslash", "A", "A=\\n"+e+"\n", syntax.ParserDiffer, "1:3: "),
		refuse("escapes in quotes", "A", "A=\"\\n"+e+"\"\n", syntax.ParserDiffer, "1:3: "),
		refuse("a quote that is open", "A", "A=\""+e+"\n", syntax.Syntax, "1:3: "),
		refuse("another's quote that is open", "A", "A="+e+"\nB='"+e+"\n", syntax.Syntax, "2:3: "),
		refuse("a quote within", "A", "A="+e+"\nB=don't"+e+"\n", syntax.ParserDiffer, "2:3: "),
		refuse("something behind the quotes", "A", "A='x'"+e+"\n", syntax.ParserDiffer, "1:6: "),
		refuse("a comment that sticks to the quotes", "A", "A='x'#"+e+"\n", syntax.ParserDiffer, "1:6: "),
		refuse("quotes in the comment behind", "A", "A='x' # '"+e+"'\n", syntax.ParserDiffer, "1:6: "),
		refuse("not ASCII before a comment", "A", "A='"+e+"ü' # x\n", syntax.ParserDiffer, "1:3: "),
		refuse("a backslash before the quote", "A", "A='"+e+"\\'\n", syntax.ParserDiffer, "1:45: "),
		refuse("two backslashes before the quote", "A", "B=\""+e+"\\\\\"\nA="+e+"\n", syntax.ParserDiffer, "1:46: "),
		refuse("several lines", "A", "A=\""+e+"\nx\"\n", syntax.Unsupported, "1:3: "),
		refuse("a comment that swallows", "A", "# "+e+"\\\nA="+e+"\n", syntax.ParserDiffer, "1:43: "),
		refuse("a comment behind that swallows", "A", "B='x' # "+e+"\\\r\nA="+e+"\r\n", syntax.ParserDiffer, "1:49: "),
		refuse("a comment behind without quotes that swallows", "A", "B=x # "+e+"\\\nA="+e+"\n", syntax.ParserDiffer, "1:47: "),
		refuse("a command", "A", "A=x;"+e+"\n", syntax.ParserDiffer, "1:3: "),
		refuse("set within another", "A", "A="+e+"\nB=x;A=y\n", syntax.Ambiguous, "1:3: "),
		refuse("a text of several lines", "A", "B=$(cat<<X)\nA="+e+"\n", syntax.ParserDiffer, "1:3: "),
		refuse("an open bracket", "A", "B=$(cat\nA="+e+"\n", syntax.ParserDiffer, "1:3: "),
		refuse("a home folder", "A", "A=~/"+e+"\n", syntax.ParserDiffer, "1:3: "),
		refuse("a home folder within", "A", "A=/x:~/"+e+"\n", syntax.ParserDiffer, "1:3: "),
		refuse("a colon for a sign", "A", "A: "+e+"\n", syntax.Syntax, "1:1: "),
		refuse("no sign", "A", "A="+e+"\n"+e+"\n", syntax.Syntax, "2:1: "),
		refuse("a name with a dash", "A", "A="+e+"\nB-C="+e+"\n", syntax.Syntax, "2:1: "),
		refuse("CR", "A", "A="+e+"\rB=x\n", syntax.ParserDiffer, "1:43: "),
		refuse("a line separator", "A", "# x\u2028A="+e+"\n", syntax.ParserDiffer, "1:4: "),
		refuse("a control character", "A", "A="+e+"\v\n", syntax.ParserDiffer, "1:43: "),
		refuse("a NUL", "A", "A="+e+"\x00\n", syntax.Encoding, "1:43: "),
		refuse("not UTF-8", "A", "A=\xff"+e+"\n", syntax.Encoding, "1:3: "),
		refuse("a byte order mark", "A", syntax.MarkUTF8+"A="+e+"\n", syntax.Encoding, "1:1: "),
		refuse("UTF-16", "A", string(syntaxtest.Wide("A="+e, false)), syntax.Encoding, "1:1: "),
		refuse("invisible", "A", "A="+e+"\u00a0\n", syntax.ParserDiffer, "1:3: "),
		refuse("the stand-in of the second parser", "A", "A="+e+"\n#\U0010fffd\n", syntax.ParserDiffer, ""),
		refuse("too many comments", "A", strings.Repeat("#\n", 100_001)+"A="+e+"\n", syntax.Unsupported, ""),
	})
}

func TestSeveralVariablesAreEditedAtOnce(t *testing.T) {
	for want, open := range map[string]syntaxtest.Open{
		"A=1\nB=\"2 3\"\nC=\nD=x\nE=4\n": envfile.Open, "A=1\nB=\"2 3\"\nC=\nD=x\n\nE=4\n": envfile.OpenSystemd,
	} {
		src := strings.NewReplacer("A=1", "A=x", "2 3", "y", "E=4\n", "").Replace(want)
		f, err := open([]byte(src))
		if err != nil {
			t.Fatal(err)
		}
		var edits []syntax.Edit
		for at, text := range map[string]string{"A": "1", "B": "2 3"} {
			v, err := f.Find(at)
			if err != nil {
				t.Fatal(err)
			}
			e, err := f.Replace(v, text)
			if err != nil {
				t.Fatal(err)
			}
			if edits = append(edits, e); len(edits) == 2 && edits[0].Start() > edits[1].Start() {
				edits[0], edits[1] = edits[1], edits[0]
			}
		}
		e, err := f.Add("E", "4")
		if err != nil {
			t.Fatal(err)
		}
		edits = append(edits, e)
		out := syntax.Applied([]byte(src), edits)
		if err := f.Verify(out, edits); err != nil || string(out) != want {
			t.Errorf("got %q, %v, want %q", out, err, want)
		}
		if err := f.Verify(out, edits[1:]); syntaxtest.KindOf(err) != syntax.Verify {
			t.Errorf("one edit more than asked for: %v", err)
		}
	}
}

// TestWhatAnotherVariableIsMadeOfCanChange: godotenv would replace ${A} in B, and
// see two values change.
func TestWhatAnotherVariableIsMadeOfCanChange(t *testing.T) {
	const src, want = "A=x\nB=${A}y\nC=\"$A\"\nD='$A'\n", "A=z\nB=${A}y\nC=\"$A\"\nD='$A'\n"
	if out, err := syntaxtest.Set(envfile.Open, []byte(src), "A", "z"); err != nil || string(out) != want {
		t.Errorf("got %q, %v, want %q", out, err, want)
	}
}
