package inifile_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/document/inifile"
	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/document/syntax/syntaxtest"
)

func TestALawfulEditOfINI(t *testing.T) {
	syntaxtest.Run(t, inifile.Open, samples(), refused)
}

func TestACarelessEncoderGetsNothingWrongThrough(t *testing.T) {
	syntaxtest.Mutation(t, inifile.Open, samples(), 1000)
}

// ini.v1 is shown long sections in pieces: what it reads stays the same, wherever a
// piece begins, with keys that are there twice, too.
func TestASectionOfManyKeysIsOneToTheSecondParser(t *testing.T) {
	line := func(i int) string {
		if i%100 == 0 {
			return "twice = " + strconv.Itoa(i) + "\n"
		}
		return "k" + strconv.Itoa(i) + " = x\n"
	}
	var b strings.Builder
	for i := range 1500 {
		b.WriteString(line(i))
		if i == 700 {
			b.WriteString("[s]\n; a comment\n\n")
		}
	}
	src := b.String()
	for _, at := range []string{"/k1", "/k511", "/k512", "/k513", "/k699", "s/k701", "s/k1220", "s/k1499"} {
		section, key, _ := strings.Cut(at, "/")
		out, err := syntaxtest.Set(inifile.Open, []byte(src), at, "new")
		if want := strings.Replace(src, key+" = x\n", key+" = new\n", 1); err != nil || string(out) != want {
			t.Errorf("%s: %v", at, err)
		}
		if _, err := syntaxtest.Add(inifile.Open, []byte(src), section+"/new", "new"); err != nil {
			t.Errorf("%s, added: %v", section, err)
		}
	}
	_, err := syntaxtest.Get(inifile.Open, []byte(src), "/twice")
	if !syntax.Is(err, syntax.Ambiguous) {
		t.Errorf("twice: %v", err)
	}
}

func FuzzINI(f *testing.F) { syntaxtest.Fuzz(f, inifile.Open, samples()) }

// refused tells which values no notation of a sample carries to all readers.
func refused(s syntaxtest.Sample, value string) bool {
	start, end := s.Span()
	src := append(s.Source(), '\n')
	if strings.Contains(value, "=") && strings.Contains(s.Name, "colon") || isFolded(value) ||
		strings.ContainsFunc(value, func(r rune) bool { return r < ' ' || r > '~' || strings.ContainsRune("`#;%$\\", r) }) {
		return true
	}
	if strings.IndexByte(`"'`, src[start]) >= 0 {
		return strings.IndexByte(value, src[start]) >= 0
	}
	return strings.ContainsAny(value, "!\"'&()*<>?[]{}|") || strings.Trim(value, " ") != value || value == "" && (src[end] == ' ' || src[end] == '\t')
}

// isFolded: to some reader the value is an expression or goes on.
func isFolded(value string) bool {
	return strings.Contains(value, "{{") || strings.Contains(value, `"""`)
}

func samples() []syntaxtest.Sample {
	at := func(name, address, text string) syntaxtest.Sample {
		return syntaxtest.Sample{Name: name, At: address, Text: text, Old: "old"}
	}
	all := []syntaxtest.Sample{
		at("a form feed in a comment", "a/k", "; x\f\n[a]\nk=«old»\n"),
		at("short", "a/k", "[a]\nk=«old»\n"),
		at("blanks", "a/k", "[a]\nk = «old»  \n"),
		at("tabs", "a/k", "[a]\t\n\tk\t=\t«old»\t\n"),
		at("a colon", "a/k", "[a]\nk: «old»\n"),
		at("double quotes", "a/k", "[a]\nk = «\"old\"»\n"),
		at("single quotes", "a/k", "[a]\nk = «'old'» \n"),
		at("no quotes, a key behind", "a/k", "[a]\nk=«old»\nj=1\n"),
		at("single quotes, a key behind", "a/k", "[a]\nk=«'old'»\nj=1\n"),
		at("double quotes, a key behind", "a/k", "[a]\nk=«\"old\"»\nj=1\n"),
		at("single quotes and a colon, a key behind", "a/k", "[a]\nk: «'old'»\nj: '1'\n"),
		at("double quotes and a colon", "a/k", "[a]\nk : «\"old\"»\n"),
		at("before any section", "/k", "k = «old»\n[a]\nk = x\n"),
		at("no section at all", "/k", "j = 1\nk = «old»\n"),
		at("CRLF", "a/k", "; x\r\n[a]\r\nk = «old»\r\nj = 1\r\n"),
		at("mixed line ends", "a/k", "; x\r\n[a]\nk = «old»\r\n\nj = 1\n"),
		at("no final newline", "a/k", "[a]\r\nj = 1\r\nk=«old»"),
		at("byte order mark", "a/k", "\xef\xbb\xbf[a]\r\nk = «old»\r\n"),
		at("byte order mark, no section", "/k", "\xef\xbb\xbfk = «old»\r\n"),
		{Name: "empty", At: "a/k", Text: "[a]\nk =«»\nj = 1\n", Old: ""},
		{Name: "empty and tight", At: "a/k", Text: "[a]\nk=«»\nj=1\n", Old: ""},
		{Name: "empty with blanks behind", At: "a/k", Text: "[a]\nk = «»\r\nj = 1\n", Old: ""},
		{Name: "empty at the end", At: "a/k", Text: "[a]\nk =«»", Old: ""},
		{Name: "empty behind a colon", At: "a/k", Text: "[a]\nk:«»\n", Old: ""},
		{Name: "empty quotes", At: "a/k", Text: "[a]\nk = «\"\"»\n", Old: ""},
		{Name: "blanks in quotes", At: "a/k", Text: "[a]\nk = «\" a  b \"»\n", Old: " a  b "},
		{Name: "the other quote", At: "a/k", Text: "[a]\nk = «\"it's\"»\n", Old: "it's"},
		{Name: "signs in the value", At: "a/k", Text: "[a]\nk = «https://x:8080/?a=b&c=(d)»\n", Old: "https://x:8080/?a=b&c=(d)"},
		{Name: "a value that is not ASCII", At: "a/k", Text: "[ä]\nk = ü\n[a]\nk = «Größe 漢字 😀»\n", Old: "Größe 漢字 😀"},
		{Name: "one percent", At: "a/k", Text: "[a]\nk = «a%20b$c»\n", Old: "a%20b$c"},
		at("another section before", "b/k", "[a]\nk = x\n[b]\nj = y\nk = «old»\n[c]\nk = z\n"),
		at("decoys in comments", "a/k", "; [b]\n# k = x\n[a] ; k\n;k = x\n # k = x\nk = «old»\n;[c]\n"),
		at("the section twice", "a/k", "[a]\nj = 1\n[b]\n[a]\nk = «old»\n"),
		at("names of a part", "a/k", "[a]\nkk = x\nk2 = y\nk = «old»\n[aa]\nk = z\n"),
		at("a section and a key with signs", "auth.azure ad/client-secret.x", "[auth.azure ad]\nclient-secret.x = «old»\n"),
		at("a slash and a tilde", "a~1b/c~0~1d", "[a/b]\nc~/d = «old»\n"),
		at("a section with quotes", `remote "origin"/url`, "[remote \"origin\"]\n\turl = «old»\n\tfetch = +refs/heads/*\n"),
		at("a key with blanks", "a/k k", "[a]\nk k = «old»\n"),
		at("keys alone elsewhere", "mysqld/password", "[mysqld]\nskip-name-resolve\n!includedir /etc/mysql\npassword = «old»\nskip\n"),
		at("all that is refused elsewhere", "a/k", "[a]\nb = x ; y\nc = %(x)s\nd = `x`\ne = \"x\nf: g = h\nk = «old»\n[b]\ng = x\\\ny\n"),
		at("as Grafana has it", "auth.azuread/client_secret", "##### Azure AD #####\n[auth.azuread]\nname = Microsoft\n;allow_sign_up = true\nenabled = true\nclient_id = some_id\n"+
			"client_secret = «old»\nscopes = openid email profile\nauth_url = https://login.microsoftonline.com/x/oauth2/v2.0/authorize\n;allowed_domains =\n\n#### x ####\n[auth.basic]\nenabled = true\n"),
		at("as Gitea has it", "oauth2/JWT_SECRET", "APP_NAME = Gitea: Git with a cup of tea\nRUN_MODE = prod\n\n[oauth2]\nENABLED    = true\nJWT_SECRET = «old»\n\n[security]\nINSTALL_LOCK = true\nSECRET_KEY   =\n"),
		at("as .NET has it", "AzureAd/ClientSecret", "\xef\xbb\xbf/ x\r\n[AzureAd]\r\nInstance=https://login.microsoftonline.com/\r\nClientSecret=«\"old\"»\r\n[Logging:LogLevel]\r\nDefault=Information\r\n"),
		at("as PHP has it", "azure/secret", "; php.ini\n[azure]\nids[] = 1\nids[] = 2\nsecret = «\"old\"»\nx = On\n"),
		at("indented like the first", "a/k", "[a]\n    j = 1\n    k = «old»\n  l = 2\n[b]\n"),
	}
	return all
}

func TestINIInUTF16KeepsItsEncoding(t *testing.T) {
	const text = "; ü\r\n[a]\r\nk = %\r\nj = 😀\r\n"
	for _, bigEndian := range []bool{false, true} {
		src := syntaxtest.Wide(strings.Replace(text, "%", "old", 1), bigEndian)
		want := syntaxtest.Wide(strings.Replace(text, "%", syntaxtest.Entra, 1), bigEndian)
		out, err := syntaxtest.Set(inifile.Open, src, "a/k", syntaxtest.Entra)
		if err != nil || string(out) != string(want) {
			t.Errorf("got %q, %v", out, err)
		}
		want = syntaxtest.Wide(strings.Replace(text, "%", "old", 1)+"l = new\r\n", bigEndian)
		if out, err := syntaxtest.Add(inifile.Open, src, "a/l", "new"); err != nil || string(out) != string(want) {
			t.Errorf("added: got %q, %v", out, err)
		}
	}
}

func TestINIThatReadersReadDifferentlyIsRefused(t *testing.T) {
	const e = syntaxtest.Entra
	in := func(name, text string, want syntax.Kind, place string) syntaxtest.Refusal {
		return syntaxtest.Refusal{Name: name, At: "a/k", Text: text, Want: want, Place: place}
	}
	syntaxtest.Refusals(t, inifile.Open, []syntaxtest.Refusal{
		in("missing", "[a]\nkk = "+e+"\n", syntax.NotFound, "2:6: no a/k"),
		in("in another section", "[b]\nk = "+e+"\n", syntax.NotFound, ""),
		in("before any section", "k = "+e+"\n[a]\n", syntax.NotFound, ""),
		in("in a comment", "[a]\n;k = "+e+"\n#k = x\n", syntax.NotFound, ""),
		in("in another case", "[a]\nK = "+e+"\n[A]\nk = x\n", syntax.NotFound, ""),
		in("twice", "[a]\nk = x\nk = "+e+"\n", syntax.Ambiguous, "3:5: "),
		in("twice in two parts", "[a]\nk = x\n[b]\n[a]\nk = "+e+"\n", syntax.Ambiguous, "5:5: "),
		in("twice in another case", "[a]\nk = "+e+"\nK = x\n", syntax.Ambiguous, "2:5: "),
		in("twice in a section in another case", "[a]\nk = "+e+"\n[A]\nk = x\n", syntax.Ambiguous, "2:5: "),
		in("a key alone", "[a]\nk\nj = "+e+"\n", syntax.Unsupported, "2:1: "),
		in("a comment behind", "[a]\nk = "+e+" ; x\n", syntax.ParserDiffer, "2:5: "),
		in("a number sign behind", "[a]\nk = "+e+"#x\n", syntax.ParserDiffer, "2:5: "),
		in("a comment in quotes", "[a]\nk = \""+e+" ; x\"\n", syntax.ParserDiffer, "2:5: "),
		in("a backslash at the end", "[a]\nk = "+e+"\\\nj = 1\n", syntax.Unsupported, "2:5: "),
		in("behind a backslash", "[a]\nj = x\\\nk = "+e+"\n", syntax.ParserDiffer, "3:5: "),
		in("a deeper line behind", "[a]\nk = "+e+"\n  j = 1\n", syntax.ParserDiffer, "2:5: "),
		in("a deeper line behind a comment", "[a]\nk = "+e+"\n\n# x\n  y\n", syntax.ParserDiffer, "2:5: "),
		in("a deeper line", "[a]\nj = 1\n  k = "+e+"\n", syntax.ParserDiffer, "3:7: "),
		in("a deeper section", "[b]\nj = 1\n  [a]\nk = "+e+"\n", syntax.ParserDiffer, "4:5: "),
		in("an open quote", "[a]\nk = \""+e+"\n", syntax.Unsupported, "2:5: "),
		in("quotes within", "[a]\nk = \"x\" \""+e+"\"\n", syntax.Unsupported, "2:5: "),
		in("three quotes", "[a]\nk = \"\"\""+e+"\"\"\"\n", syntax.Unsupported, "2:5: "),
		in("in three quotes", "[a]\nj = \"\"\"\nk = "+e+"\n\"\"\"\n", syntax.ParserDiffer, "3:5: "),
		in("back quotes", "[a]\nk = `"+e+"`\n", syntax.Unsupported, "2:5: "),
		in("in back quotes", "[a]\nj = `\nk = "+e+"\n`\n", syntax.ParserDiffer, "3:5: "),
		in("a reference", "[a]\nk = %(x)s"+e+"\n", syntax.Templated, "2:5: "),
		in("a variable", "[a]\nk = ${X}"+e+"\n", syntax.Templated, "2:5: "),
		in("a file of Grafana's", "[a]\nk = $__file{/run/secrets/x}"+e+"\n", syntax.Templated, "2:5: "),
		in("a variable of Grafana's", "[a]\nk = \"$__env{X}\"\n", syntax.Templated, "2:5: "),
		in("a template", "[a]\nk = {{ x }}\n", syntax.Templated, "2:5: "),
		in("sops", "[a]\nk = ENC[AES256_GCM,data:x,tag:y,type:str]\n", syntax.Encrypted, "2:5: "),
		in("two percent signs", "[a]\nk = "+e+"%%\n", syntax.ParserDiffer, "2:5: "),
		in("a control character", "[a]\nk = "+e+"\x01\n", syntax.ParserDiffer, "2:45: "),
		in("a control character before a section", "\f[a]\nk = "+e+"\n", syntax.ParserDiffer, "1:1: "),
		in("a blank that is none to some", "[a]\nk = "+e+"\u00a0\n", syntax.ParserDiffer, "2:5: "),
		in("a bare carriage return", "[a]\nj = 1\rk = 2\nk = "+e+"\n", syntax.ParserDiffer, "2:6: "),
		in("blanks around the section", "[ a ]\nk = "+e+"\n", syntax.ParserDiffer, "2:5: "),
		in("a section without an end", "[a\nk = "+e+"\n", syntax.ParserDiffer, "2:5: "),
		in("something behind the section", "[a] x\nk = "+e+"\n", syntax.ParserDiffer, "2:5: "),
		in("a second end behind the section", "[a] ; ]\nk = "+e+"\n", syntax.ParserDiffer, "2:5: "),
		in("no key elsewhere", "[a]\nk = "+e+"\n= x\n", syntax.ParserDiffer, "3:1: "),
		in("an empty section elsewhere", "[a]\nk = "+e+"\n[]\n", syntax.ParserDiffer, "2:5: "),
		in("no UTF-8", "[a]\nk = "+e+"\xff\n", syntax.Encoding, "2:45: "),
		{Name: "a colon before the sign", At: "a/k", Text: "[a]\nk:x = " + e + "\n", Want: syntax.ParserDiffer, Place: "2:3: "},
		{Name: "a slash before the key", At: "a/~1k", Text: "[a]\n/k = " + e + "\n", Want: syntax.ParserDiffer, Place: "2:6: "},
		{Name: "a key in quotes", At: `a/"k"`, Text: "[a]\n\"k\" = " + e + "\n", Want: syntax.ParserDiffer, Place: "2:7: "},
		{Name: "a key that counts", At: "a/-", Text: "[a]\n- = " + e + "\n", Want: syntax.ParserDiffer, Place: "2:5: "},
		{Name: "a default section", At: "/k", Text: "k = " + e + "\n[DEFAULT]\nj = x\n", Want: syntax.ParserDiffer, Place: "1:5: "},
		{Name: "a long section", At: "/k", Text: "k = " + e + "\n[" + strings.Repeat("x", 257) + "]\n", Want: syntax.Unsupported, Place: "2:1: "},
		{Name: "one part", At: "k", Text: "k = " + e + "\n", Want: syntax.BadPointer},
		{Name: "three parts", At: "a/k/x", Text: "[a]\nk = " + e + "\n", Want: syntax.BadPointer},
		{Name: "no name", At: "a/", Text: "[a]\nk = " + e + "\n", Want: syntax.BadPointer},
		{Name: "a tilde", At: "a/~2", Text: "[a]\nk = " + e + "\n", Want: syntax.BadPointer},
		{Name: "nothing", At: "", Text: "[a]\nk = " + e + "\n", Want: syntax.BadPointer},
	})
}
