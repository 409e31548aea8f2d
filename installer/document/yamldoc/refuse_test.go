package yamldoc_test

import (
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/document/syntax/syntaxtest"
	"github.com/empowersuite/backend-installer/installer/document/yamldoc"
)

func TestYAMLThatIsNotSureIsRefused(t *testing.T) {
	refuse := func(name, at, text string, want syntax.Kind) syntaxtest.Refusal {
		return syntaxtest.Refusal{Name: name, At: at, Text: text, Want: want}
	}
	syntaxtest.Refusals(t, yamldoc.Open, []syntaxtest.Refusal{
		refuse("missing", "/a/b", "a:\n  c: "+secret+"\n", syntax.NotFound),
		refuse("an empty file", "/a", "", syntax.NotFound),
		refuse("only comments", "/a", "# a: "+secret+"\n", syntax.NotFound),
		refuse("through a text", "/a/b", "a: "+secret+"\n", syntax.NotFound),
		refuse("index beyond", "/1", "- "+secret+"\n", syntax.NotFound),
		refuse("index with a zero", "/00", "- "+secret+"\n", syntax.NotFound),
		refuse("another case", "/A", "a: "+secret+"\n", syntax.NotFound),
		refuse("the key twice", "/a", "a: "+secret+"\na: x\n", syntax.Ambiguous),
		refuse("in two documents", "/a", "a: "+secret+"\n---\na: x\n", syntax.Ambiguous),
		refuse("in data and stringData", "/stringData/x", "apiVersion: v1\nkind: Secret\ndata: {x: eA==}\nstringData: {x: "+secret+"}\n", syntax.Ambiguous),
		refuse("data of a Secret", "/data/x", "apiVersion: v1\nkind: Secret\ndata: {x: eA==}\n", syntax.Unsupported),
		refuse("a number", "/a", "a: 1\n", syntax.NotString),
		refuse("a truth value", "/a", "a: true\n", syntax.NotString),
		refuse("null", "/a", "a: null\n", syntax.NotString),
		refuse("a tilde", "/a", "a: ~\n", syntax.NotString),
		refuse("a date", "/a", "a: 2001-01-01\n", syntax.NotString),
		refuse("a map", "/a", "a: {b: "+secret+"}\n", syntax.NotString),
		refuse("a list", "/a", "a: ["+secret+"]\n", syntax.NotString),
		refuse("an alias", "/b", "a: &x "+secret+"\nb: *x\n", syntax.Shared),
		refuse("an anchor in use", "/a", "a: &x "+secret+"\nb: *x\n", syntax.Shared),
		refuse("below an anchor in use", "/a/c", "a: &x {c: "+secret+"}\nb: *x\n", syntax.Shared),
		refuse("below an alias", "/b/c", "a: &x {c: "+secret+"}\nb: *x\n", syntax.Shared),
		refuse("by a merge", "/b/c", "a: &x {c: "+secret+"}\nb:\n  <<: *x\n", syntax.Shared),
		refuse("by a merge of several", "/b/c", "a: &x {c: "+secret+"}\nb:\n  <<: [{d: 1}, *x]\n", syntax.Shared),
		refuse("an alias as key", "/x", "a: &k x\n*k : "+secret+"\n", syntax.Shared),
		refuse("a tag", "/a", "a: !vault "+secret+"\n", syntax.Tagged),
		refuse("a tag of bytes", "/a", "a: !!binary eA==\n", syntax.Tagged),
		refuse("a bare tag", "/a", "a: ! "+secret+"\n", syntax.Tagged),
		refuse("a bare tag, in full and anchored", "/a", "a: &x !<!> '"+secret+"'\n", syntax.Tagged),
		refuse("below a tag", "/a/b", "a: !include {b: "+secret+"}\n", syntax.Tagged),
		refuse("ansible", "/a", "a: |\n  $ANSIBLE_VAULT;1.1;AES256\n  00\n", syntax.Encrypted),
		refuse("sops, elsewhere", "/a", "a: x\nb: ENC[AES256_GCM,data:x]\n", syntax.Encrypted),
		refuse("sops, signed", "/a", "a: "+secret+"\nsops:\n  mac: x\n", syntax.Encrypted),
		refuse("sealed", "/spec/a", "kind: SealedSecret\nspec: {a: "+secret+"}\n", syntax.Encrypted),
		refuse("external", "/spec/a", "kind: ExternalSecret\nspec: {a: "+secret+"}\n", syntax.Encrypted),
		refuse("a template's expression", "/a", "a: \"{{ .Values.x }}\"\n", syntax.Templated),
		refuse("a mark within", "/a", "b: \ufeffx\na: "+secret+"\n", syntax.Encoding),
		refuse("UTF-16", "/a", string(syntaxtest.Wide("a: x\n", false)), syntax.Encoding),
		refuse("NEL", "/a", "# \u0085\na: "+secret+"\n", syntax.ParserDiffer),
		refuse("LS", "/a", "# \u2028\na: "+secret+"\n", syntax.ParserDiffer),
		refuse("PS", "/a", "# \u2029\na: "+secret+"\n", syntax.ParserDiffer),
		refuse("a carriage return", "/a", "# x\ra: "+secret+"\n", syntax.ParserDiffer),
		refuse("a carriage return at the end", "/a", "a: "+secret+"\r", syntax.ParserDiffer),
		refuse("two carriage returns", "/a", "b: x\r\na: "+secret+"\r\r\n", syntax.ParserDiffer),
		refuse("no YAML", "/a", "a: ["+secret+"\n", syntax.Syntax),
		refuse("no YAML behind it", "/a", "a: "+secret+"\nb: {\n", syntax.Syntax),
		refuse("a tab as indentation", "/a/b", "a:\n\tb: "+secret+"\n", syntax.Syntax),
		refuse("nothing, with an anchor", "/a", "a: &x\nb: x\n", syntax.Unsupported),
		refuse("nothing, with a tag", "/a", "a: !!str\nb: x\n", syntax.Unsupported),
		refuse("an escape that yaml.v3 does not read", "/a", "a: \""+secret+"\\/\"\n", syntax.Unsupported),
		refuse("by a merge of a merge", "/b/c", "a: &x {<<: {c: "+secret+"}}\nb:\n  <<: *x\n", syntax.Shared),
		refuse("by a merge that is written there", "/b/c", "b:\n  <<: {c: "+secret+"}\n", syntax.Shared),
		refuse("an infinity", "/a", "a: .inf\n", syntax.NotString),
		refuse("an octal number", "/a", "a: 0o14\n", syntax.NotString),
		refuse("a key with a question mark before it", "/?a", "{?a: "+secret+"}\n", syntax.ParserDiffer),
		refuse("an anchor with a colon", "/a", "a: &x:y "+secret+"\n", syntax.ParserDiffer),
		refuse("what one parser takes for a mapping", "/a", "{?a: "+secret+"}\n", syntax.ParserDiffer),
		refuse("more tags than are read", "/a", strings.Repeat("%TAG !a! x\n", 102)+"---\na: "+secret+"\n", syntax.Unsupported),
		refuse("a directive of YAML 1.3", "/a", "%YAML 1.3\n---\na: "+secret+"\n", syntax.Syntax),
		refuse("a directive of YAML 1.23", "/a", "%YAML 1.23\n---\na: "+secret+"\n", syntax.Syntax),
		refuse("a directive in the middle", "/a", "b: x\n%YAML 1.2\n---\na: "+secret+"\n", syntax.Syntax),
		refuse("a list that ends too early", "/a", "a: ["+secret+"]]\n", syntax.Syntax),
		refuse("a literal that starts with a tab", "/a", "a: |\n  \t"+secret+"\n", syntax.Unsupported),
		refuse("a literal without indentation", "", "--- |\n"+secret+"\n", syntax.Unsupported),
		refuse("an empty block", "/a", "a: |\nb: "+secret+"\n", syntax.ParserDiffer),
		refuse("nested too deep", "/a", "a: "+strings.Repeat("[", 10_001)+strings.Repeat("]", 10_001)+"\n", syntax.Unsupported),
		refuse("no pointer", "a", "a: "+secret+"\n", syntax.BadPointer),
	})
}

func TestARefusalNamesThePlaceAndTheReason(t *testing.T) {
	for _, c := range []struct{ at, text, want string }{
		{"/b", "a: &x y\nb: *x\n", "2:4: an alias: the value belongs to the anchor in line 1"},
		{"/a", "ü: 漢\n\n{a: x, a: y}: z\na: 5\n", "4:4: /a is no string: YAML reads it as int"},
		{"/a/b", "a: {c: d}\n", "1:4: no /a/b: /a is here, but not that in it"},
		{"/b", "a: {c: d}\n", "1:1: no /b: the file is here, but not that in it"},
		{"", "a: b\n", "1:1: the file is no string"},
		{"", "", "1:1: the file holds no value"},
		{"/a", "# x\n", "2:1: no /a: the file holds no value"},
		{"/a", "a: x\n---\na: y\n", "3:4: /a is in several documents, also in that of line 1"},
		{"/a", "a: x\na: y\n", "2:1: the key is there twice, also in line 1"},
		{"/a", "b: \"\\/\"\na: x\n", `1: YAML 1.2 allows the escape \/, and this program's parser does not read it: write / instead`},
	} {
		_, err := syntaxtest.Get(yamldoc.Open, []byte(c.text), c.at)
		if err == nil || err.Error() != c.want {
			t.Errorf("%s in %q: got %v, want %s", c.at, c.text, err, c.want)
		}
	}
}

func TestNoYAMLIsRefusedWithItsPlace(t *testing.T) {
	for text, want := range map[string]string{
		"a: 1\nk: 'o'ld\n": "2:7: ", "a: 1\n- b\n": "2:1: ", "a: [1\nk: old\n": "2:2: ", "k: 'o'ld\n": "1:7: ", "a: b: c\nk: old\n": "1:5: ",
		"\ta: 1\n": "1:1: ", "a: @x\n": "1:4: ", "a: 1\nj: *x\nk: old": "2:4: ", "%YAML 1.3\n---\nk: old\n": "1:1: ", "ü: [ü, @x]\n": "1:8: ",
		"a: 1\nü: \x01\n": "2:4: ", strings.Repeat("[", 100_000): "1:10001: ", "a: 1\n" + strings.Repeat("- ", 100_000): "2:20001: ",
	} {
		_, err := yamldoc.Open([]byte(text))
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%.20q: got %v, want it at %s", text, err, want)
		}
	}
}
