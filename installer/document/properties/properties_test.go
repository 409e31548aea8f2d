package properties_test

import (
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/document/properties"
	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/document/syntax/syntaxtest"
)

const spring = `# Spring Boot
spring.application.name=backend
spring.datasource.url = jdbc:postgresql://db.example/app
spring.datasource.username = app
! old: spring.datasource.password=decoy
spring.datasource.password = «s3cret=#!:x»

server.port: 8080
`

func samples() []syntaxtest.Sample {
	return []syntaxtest.Sample{
		{Name: "spring", At: "spring.datasource.password", Text: spring, Old: "s3cret=#!:x"},
		{Name: "CRLF", At: "spring.datasource.password", Text: strings.ReplaceAll(spring, "\n", "\r\n"), Old: "s3cret=#!:x"},
		{Name: "CR alone", At: "spring.datasource.password", Text: strings.ReplaceAll(spring, "\n", "\r"), Old: "s3cret=#!:x"},
		{Name: "mixed line ends", At: "b", Text: "a=1\r\nb=«2»\nc=3\rd=4\r\n", Old: "2"},
		{Name: "no final newline", At: "a", Text: "a=«1»", Old: "1"},
		{Name: "colon", At: "a.b", Text: "x : 1\na.b:«two words»\n", Old: "two words"},
		{Name: "blank", At: "a", Text: "a «b c»\n", Old: "b c"},
		{Name: "blank before an escaped sign", At: "a", Text: "a \t«\\=b»\n", Old: "=b"},
		{Name: "blank and nothing", At: "a", Text: "a  «»\nb=1\n", Old: ""},
		{Name: "sign and nothing", At: "a", Text: "a=«»\nb=1\n", Old: ""},
		{Name: "key alone", At: "a", Text: "a«»\nb=1\n", Old: ""},
		{Name: "key alone at the end of the file", At: "a", Text: "b=1\na«»", Old: ""},
		{Name: "second sign is of the value", At: "a", Text: "a = «= : x»\n", Old: "= : x"},
		{Name: "trailing blanks are of the value", At: "a", Text: "a=«x \t »\nb=\n", Old: "x \t "},
		{Name: "indented", At: "a", Text: "  \t\f a\f=\f«x»\n", Old: "x"},
		{Name: "continuation", At: "a", Text: "a=«x, \\\n    y, \\\n\t z»\nb=1\n", Old: "x, y, z"},
		{Name: "continuation CRLF", At: "a", Text: "a=«x\\\r\n   y»\r\nb=1\r\n", Old: "xy"},
		{Name: "value on the next line", At: "a", Text: "a = \\\n    «x\\\n    y»\nb=1\n", Old: "xy"},
		{Name: "continuation into an empty line", At: "a", Text: "a=«x\\\n»\nb=1\n", Old: "x"},
		{Name: "escaped backslash is no continuation", At: "a", Text: "a=«x\\\\»\nb=1\n", Old: `x\`},
		{Name: "comments do not continue", At: "a", Text: "# decoy \\\na=«x»\n", Old: "x"},
		{Name: "hash within a line", At: "a", Text: "a=«x # y»\n", Old: "x # y"},
		{Name: "escapes", At: "a", Text: "a=«\\t\\n\\r\\f\\x\\\"\\u0041\\u00e4\\ud83d\\uDE00»\n", Old: "\t\n\r\fx\"Aä😀"},
		{Name: "escapes in a key", At: "a b:c=d#ä", Text: "a\\ b\\:c\\=d#\\u00e4=«x»\n", Old: "x"},
		{Name: "UTF-8", At: "ключ", Text: "# дом\nключ=«мир 😀»\n", Old: "мир 😀"},
		{Name: "ISO-8859-1", At: "schl\u00fcssel", Text: "# \xe4\nschl\xfcssel=«\xdf»\n", Old: "ß"},
		{Name: "case matters", At: "a", Text: "A=decoy\na=«x»\n", Old: "x"},
		{Name: "a duplicate elsewhere", At: "b", Text: "a=1\na=2\nb=«x»\n", Old: "x"},
		{Name: "comment at the end without newline", At: "a", Text: "a=«x»\n# end", Old: "x"},
	}
}

// expressions are what Spring and Jasypt do not take literally.
func expressions(_ syntaxtest.Sample, value string) bool {
	return strings.Contains(value, "${") || strings.Contains(value, "#{")
}

func TestValuesAreReplacedInPlace(t *testing.T) {
	syntaxtest.Run(t, properties.Open, samples(), expressions)
}

func TestACarelessEncoderIsCaught(t *testing.T) {
	syntaxtest.Mutation(t, properties.Open, samples(), 400)
}

func FuzzLaws(f *testing.F) { syntaxtest.Fuzz(f, properties.Open, samples()) }

func TestLeastIsEscaped(t *testing.T) {
	for value, want := range map[string]string{
		syntaxtest.Entra:    syntaxtest.Entra,
		"=a:b#c!d e":        "=a:b#c!d e",
		" a ":               `\ a\ `,
		" ":                 `\ `,
		"#a":                "#a",
		`C:\x`:              `C:\\x`,
		"a\tb\nc\rd\fe":     `a\tb\nc\rd\fe`,
		"ä€😀\x00\x7f\u2028": `\u00e4\u20ac\ud83d\ude00\u0000\u007f\u2028`,
	} {
		out, err := syntaxtest.Set(properties.Open, []byte("a=x"), "a", value)
		if err != nil || string(out) != "a="+want {
			t.Errorf("%q: got %q, %v, want %q", value, out, err, "a="+want)
		}
	}
	out, err := syntaxtest.Set(properties.Open, []byte("a x"), "a", "=y=")
	if err != nil || string(out) != `a \=y=` {
		t.Errorf("behind a blank: %q, %v", out, err)
	}
}

func TestWhatCannotBeCertainIsRefused(t *testing.T) {
	const secret = syntaxtest.Entra
	syntaxtest.Refusals(t, properties.Open, []syntaxtest.Refusal{
		{Name: "missing", At: "a", Text: "b=" + secret, Want: syntax.NotFound},
		{Name: "commented out", At: "a", Text: "#a=" + secret, Want: syntax.NotFound},
		{Name: "other case", At: "A", Text: "a=" + secret, Want: syntax.NotFound},
		{Name: "no address", At: "", Text: "a=" + secret, Want: syntax.BadPointer},
		{Name: "address is no text", At: "\xff", Text: "a=" + secret, Want: syntax.BadPointer},
		{Name: "duplicate", At: "a", Text: "a=" + secret + "\nb=1\na = " + secret, Want: syntax.Ambiguous, Place: "3:5"},
		{Name: "duplicate in other letters", At: "a", Text: "a=" + secret + "\n\\u0061=2", Want: syntax.Ambiguous, Place: "2:8"},
		{Name: "placeholder", At: "a", Text: "b=1\na = x${" + secret + "}", Want: syntax.Templated, Place: "2:5"},
		{Name: "expression", At: "a", Text: "a=#{" + secret + "}", Want: syntax.Templated, Place: "1:3"},
		{Name: "Jasypt", At: "a", Text: "a=ENC(" + secret + ")", Want: syntax.Encrypted, Place: "1:3"},
		{Name: "Jasypt with blanks", At: "a", Text: "a=ENC(" + secret + ") ", Want: syntax.Encrypted, Place: "1:3"},
		{Name: "Spring Cloud", At: "a", Text: "a={cipher}" + secret, Want: syntax.Encrypted, Place: "1:3"},
		{Name: "half a surrogate pair", At: "a", Text: "a=" + secret + `\ud83d`, Want: syntax.Encoding, Place: "1:3"},
		{Name: "surrogates in the wrong order", At: "a", Text: "a=" + secret + `\ude00\ud83d`, Want: syntax.Encoding, Place: "1:3"},
		{Name: "bad escape", At: "a", Text: "a=" + secret + "\nb=" + secret + `\u12g4`, Want: syntax.Syntax, Place: "2:43"},
		{Name: "short escape", At: "a", Text: "a=" + secret + `\u12`, Want: syntax.Syntax, Place: "1:43"},
		{Name: "backslash at the end of the file", At: "a", Text: "a=" + secret + `\`, Want: syntax.Unsupported, Place: "1:43"},
		{Name: "line without a key", At: "a", Text: "a=1\n  = " + secret, Want: syntax.Unsupported, Place: "2:3"},
		{Name: "line of a backslash", At: "a", Text: "\\\n#a\na=" + secret, Want: syntax.Unsupported, Place: "1:1"},
		{Name: "key on two lines", At: "ab", Text: "a\\\n b=" + secret, Want: syntax.Unsupported, Place: "2:4"},
		{Name: "separator on the second line", At: "a", Text: "a \\\n = " + secret, Want: syntax.Unsupported, Place: "2:4"},
		{Name: "byte order mark", At: "a", Text: "\ufeffa=" + secret, Want: syntax.Encoding, Place: "1:1"},
		{Name: "byte order mark, not UTF-8", At: "a", Text: "\ufeffa=\xff" + secret, Want: syntax.Encoding, Place: "1:1"},
		{Name: "UTF-16", At: "a", Text: string(syntaxtest.Wide("a="+secret, false)), Want: syntax.Encoding, Place: "1:1"},
		{Name: "UTF-16 without byte order mark", At: "a", Text: "a\x00=\x00", Want: syntax.Encoding, Place: "1:2"},
	})
}

func TestWhatSpringWouldEvaluateIsNotWritten(t *testing.T) {
	for _, value := range []string{"${x}", "a${", "#{1}", "ENC(x)", " ENC(x) ", "{cipher}x", "\xff"} {
		_, err := syntaxtest.Set(properties.Open, []byte("a=x\n"), "a", value)
		if got := syntaxtest.KindOf(err); got != syntax.Unrepresent {
			t.Errorf("replaced by %q: %v", value, err)
		}
		_, err = syntaxtest.Add(properties.Open, []byte("a=x\n"), "b", value)
		if got := syntaxtest.KindOf(err); got != syntax.Unrepresent {
			t.Errorf("added %q: %v", value, err)
		}
	}
}
