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
		{"spring", "spring.datasource.password", spring, "s3cret=#!:x"},
		{"CRLF", "spring.datasource.password", strings.ReplaceAll(spring, "\n", "\r\n"), "s3cret=#!:x"},
		{"CR alone", "spring.datasource.password", strings.ReplaceAll(spring, "\n", "\r"), "s3cret=#!:x"},
		{"mixed line ends", "b", "a=1\r\nb=«2»\nc=3\rd=4\r\n", "2"},
		{"no final newline", "a", "a=«1»", "1"},
		{"colon", "a.b", "x : 1\na.b:«two words»\n", "two words"},
		{"blank", "a", "a «b c»\n", "b c"},
		{"blank before an escaped sign", "a", "a \t«\\=b»\n", "=b"},
		{"blank and nothing", "a", "a  «»\nb=1\n", ""},
		{"sign and nothing", "a", "a=«»\nb=1\n", ""},
		{"key alone", "a", "a«»\nb=1\n", ""},
		{"key alone at the end of the file", "a", "b=1\na«»", ""},
		{"second sign is of the value", "a", "a = «= : x»\n", "= : x"},
		{"trailing blanks are of the value", "a", "a=«x \t »\nb=\n", "x \t "},
		{"indented", "a", "  \t\f a\f=\f«x»\n", "x"},
		{"continuation", "a", "a=«x, \\\n    y, \\\n\t z»\nb=1\n", "x, y, z"},
		{"continuation CRLF", "a", "a=«x\\\r\n   y»\r\nb=1\r\n", "xy"},
		{"value on the next line", "a", "a = \\\n    «x\\\n    y»\nb=1\n", "xy"},
		{"continuation into an empty line", "a", "a=«x\\\n»\nb=1\n", "x"},
		{"escaped backslash is no continuation", "a", "a=«x\\\\»\nb=1\n", `x\`},
		{"comments do not continue", "a", "# decoy \\\na=«x»\n", "x"},
		{"hash within a line", "a", "a=«x # y»\n", "x # y"},
		{"escapes", "a", "a=«\\t\\n\\r\\f\\x\\\"\\u0041\\u00e4\\ud83d\\uDE00»\n", "\t\n\r\fx\"Aä😀"},
		{"escapes in a key", "a b:c=d#ä", "a\\ b\\:c\\=d#\\u00e4=«x»\n", "x"},
		{"UTF-8", "ключ", "# дом\nключ=«мир 😀»\n", "мир 😀"},
		{"ISO-8859-1", "schl\u00fcssel", "# \xe4\nschl\xfcssel=«\xdf»\n", "ß"},
		{"case matters", "a", "A=decoy\na=«x»\n", "x"},
		{"a duplicate elsewhere", "b", "a=1\na=2\nb=«x»\n", "x"},
		{"comment at the end without newline", "a", "a=«x»\n# end", "x"},
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
		{"missing", "a", "b=" + secret, syntax.NotFound, ""},
		{"commented out", "a", "#a=" + secret, syntax.NotFound, ""},
		{"other case", "A", "a=" + secret, syntax.NotFound, ""},
		{"no address", "", "a=" + secret, syntax.BadPointer, ""},
		{"address is no text", "\xff", "a=" + secret, syntax.BadPointer, ""},
		{"duplicate", "a", "a=" + secret + "\nb=1\na = " + secret, syntax.Ambiguous, "3:5"},
		{"duplicate in other letters", "a", "a=" + secret + "\n\\u0061=2", syntax.Ambiguous, "2:8"},
		{"placeholder", "a", "b=1\na = x${" + secret + "}", syntax.Templated, "2:5"},
		{"expression", "a", "a=#{" + secret + "}", syntax.Templated, "1:3"},
		{"Jasypt", "a", "a=ENC(" + secret + ")", syntax.Encrypted, "1:3"},
		{"Jasypt with blanks", "a", "a=ENC(" + secret + ") ", syntax.Encrypted, "1:3"},
		{"Spring Cloud", "a", "a={cipher}" + secret, syntax.Encrypted, "1:3"},
		{"half a surrogate pair", "a", "a=" + secret + `\ud83d`, syntax.Encoding, "1:3"},
		{"surrogates in the wrong order", "a", "a=" + secret + `\ude00\ud83d`, syntax.Encoding, "1:3"},
		{"bad escape", "a", "a=" + secret + "\nb=" + secret + `\u12g4`, syntax.Syntax, "2:43"},
		{"short escape", "a", "a=" + secret + `\u12`, syntax.Syntax, "1:43"},
		{"backslash at the end of the file", "a", "a=" + secret + `\`, syntax.Unsupported, "1:43"},
		{"line without a key", "a", "a=1\n  = " + secret, syntax.Unsupported, "2:3"},
		{"line of a backslash", "a", "\\\n#a\na=" + secret, syntax.Unsupported, "1:1"},
		{"key on two lines", "ab", "a\\\n b=" + secret, syntax.Unsupported, "1:1"},
		{"separator on the second line", "a", "a \\\n = " + secret, syntax.Unsupported, "1:1"},
		{"byte order mark", "a", "\ufeffa=" + secret, syntax.Encoding, "1:1"},
		{"byte order mark, not UTF-8", "a", "\ufeffa=\xff" + secret, syntax.Encoding, "1:1"},
		{"UTF-16", "a", string(syntaxtest.Wide("a="+secret, false)), syntax.Encoding, "1:1"},
		{"UTF-16 without byte order mark", "a", "a\x00=\x00", syntax.Encoding, "1:2"},
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
